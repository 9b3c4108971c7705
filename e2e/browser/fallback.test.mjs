// Passwords, codes of an app and recovery codes in a real browser, where the policy allows them: each opens what it may and nothing else, wrong
// ones are all answered alike, and whoever has a passkey is never kept waiting for those who guess.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { account, button, clean, heading, launch, launchWithoutScripts, open, plugIn, shown, signInThere, signOut } from "../lib/browser.mjs";
import { totp, wrongTotp } from "../lib/codes.mjs";
import { PASSWORD, WITH_SECOND_FACTOR, equip, guess, typeCode, typePassword } from "../lib/fallbacks.mjs";
import { Visitor } from "../lib/http.mjs";
import { Lockgate, until } from "../lib/server.mjs";

const ELSEWHERE = "https://vault.example.org/callback";

let lock, browser, page, mine;
let next = 0;

before(async () => {
  lock = await Lockgate.make({
    people: Array.from({ length: 10 }, (_, index) => ({ name: `person${index}`, display: `Person ${index}` })), settings: WITH_SECOND_FACTOR,
    clients: [{ id: "vault", name: "Vault", redirectUris: [ELSEWHERE], trusted: true, tier: "sensitive" }],
  });
  await lock.movableClock().start();
  browser = await launch();
});
after(async () => { await browser?.close(); await lock?.close(); });

// Each test begins on the sign-in page, with a person who has a passkey elsewhere, a password, an app and ten recovery codes.
beforeEach(async () => {
  const name = `person${next}`;
  mine = { name, display: `Person ${next}`, ...await equip(lock, lock.links[name]) };
  next += 1;
  page = await open(browser);
  await page.goto(`${lock.issuer}/account`);
  await heading(page, "Sign in").waitFor();
});
afterEach(() => page.context().close());

const code = () => totp(mine.key, lock.seconds);
const notMatching = () => page.getByText("That didn't match.").waitFor();

/** On the sign-in page again after a refusal. */
async function again() {
  await page.goto(`${lock.issuer}/account`);
  await heading(page, "Sign in").waitFor();
}

test("a password and the app's code sign in, and My account says so", async () => {
  await typePassword(page, mine.name, PASSWORD);
  await heading(page, "Enter your code").waitFor();
  await typeCode(page, code());
  await account(page, mine.display);
  await page.goto(`${lock.issuer}/account/sessions`);
  await page.getByText("With Password and authenticator app").waitFor();
  assert.equal(await page.getByRole("heading", { name: "This browser" }).count(), 1);
  clean(page);
});

test("a password alone opens nothing", async () => {
  await typePassword(page, mine.name, PASSWORD);
  await heading(page, "Enter your code").waitFor();
  await page.goto(`${lock.issuer}/account`);
  await heading(page, "Sign in").waitFor();
  clean(page);
});

test("a wrong password, a wrong code and a name that nobody has are answered word for word alike", async () => {
  const texts = [];
  const tries = [[mine.name, "a wrong password for them", code()], [mine.name, PASSWORD, wrongTotp(mine.key, lock.seconds)], ["nobody-has-this", PASSWORD, code()]];
  for (const [name, password, typed] of tries) {
    await typePassword(page, name, password);
    const asked = await page.locator("main").innerText();
    await typeCode(page, typed);
    await notMatching();
    texts.push([asked, (await page.locator("main").innerText())]);
    await again();
  }
  assert.deepEqual(texts[1], texts[0], "the right password is told from a wrong one");
  assert.deepEqual(texts[2], texts[0], "a name is told from nobody's");
  // And the nearest that is right is let in.
  lock.later(31);
  await typePassword(page, mine.name, PASSWORD);
  await typeCode(page, code());
  await account(page, mine.display);
  clean(page, 400, 401, 403);
});

test("the app's code counts once", async () => {
  const used = code();
  await typePassword(page, mine.name, PASSWORD);
  await typeCode(page, used);
  await account(page, mine.display);
  await signOut(page);
  await again();
  await typePassword(page, mine.name, PASSWORD);
  await typeCode(page, used);
  await notMatching();
  lock.later(31);
  await again();
  await typePassword(page, mine.name, PASSWORD);
  await typeCode(page, code());
  await account(page, mine.display);
  clean(page, 400, 401, 403);
});

test("a recovery code stands in for the app, once", async () => {
  const useCode = async (typed) => {
    await typePassword(page, mine.name, PASSWORD);
    await page.getByRole("link", { name: "Use a recovery code" }).click();
    await heading(page, "Use a recovery code").waitFor();
    await page.getByLabel("Recovery code").fill(typed);
    await button(page, "Continue").click();
  };
  await useCode(mine.codes[3]);
  await account(page, mine.display);
  await page.goto(`${lock.issuer}/account/ways-to-sign-in`);
  await page.getByText("9 left", { exact: true }).waitFor();
  await page.goto(`${lock.issuer}/account/sessions`);
  await page.getByText("With Password and recovery code").waitFor();
  await signOut(page);
  await again();
  await useCode(mine.codes[3]);
  await notMatching();
  await again();
  // As somebody copies it from paper.
  await useCode(mine.codes[4].toLowerCase().replaceAll("-", " "));
  await account(page, mine.display);
  clean(page, 400, 401, 403);
});

test("after too many tries by a stranger waiting is asked for, and the passkey works at once", async () => {
  // Each refused try makes the next wait longer; the stranger waits as told.
  let seconds = 0;
  for (let tries = 0; seconds < 60; tries += 1) {
    assert.ok(tries < 40, "guesses are not slowed down");
    const answer = await guess(lock, mine.name, `guess ${tries} of many`);
    if (answer.status !== 429) continue;
    seconds = Number(answer.headers["retry-after"]);
    assert.ok(seconds >= 1 && seconds <= 900, `Retry-After: ${seconds}`);
    if (seconds < 60) lock.later(seconds + 1);
  }
  await again();
  await typePassword(page, mine.name, PASSWORD);
  await heading(page, "Too many tries").waitFor();
  await page.getByText("Your passkey still works.").waitFor();
  assert.match(await page.locator("[data-countdown]").innerText(), /^\d+:\d\d$/);
  clean(page, 429);

  const authenticator = await plugIn(page);
  const { id, pair, userHandle } = mine.passkey;
  await authenticator.insert({
    credentialId: id.toString("base64"), isResidentCredential: true, rpId: "localhost", userHandle: userHandle.toString("base64"), signCount: 0,
    privateKey: pair.privateKey.export({ format: "der", type: "pkcs8" }).toString("base64"), backupEligibility: true, backupState: true,
  });
  await page.getByRole("link", { name: "Sign in with a passkey" }).click();
  await signInThere(page, () => account(page, mine.display));
  clean(page);
});

test("the wait ends, and the right password opens again", async () => {
  let wait;
  for (let tries = 0; !wait; tries += 1) {
    assert.ok(tries < 20, "guesses are not slowed down");
    const answer = await guess(lock, mine.name, `guess ${tries} of many`);
    if (answer.status === 429) wait = Number(answer.headers["retry-after"]);
  }
  lock.later(wait + 31);
  await again();
  await typePassword(page, mine.name, PASSWORD);
  await typeCode(page, code());
  await account(page, mine.display);
  clean(page);
});

test("a sensitive application offers no password, and takes none that is sent all the same", async () => {
  const vault = new URLSearchParams({
    response_type: "code", client_id: "vault", redirect_uri: ELSEWHERE, scope: "openid", state: "s", code_challenge: "A".repeat(43), code_challenge_method: "S256",
  });
  await page.goto(`${lock.issuer}/authorize?${vault}`);
  await heading(page, "Sign in").waitFor();
  await page.getByText("Vault").first().waitFor();
  assert.equal(await button(page, "Use a password instead").count(), 0);
  clean(page);

  const visitor = new Visitor(lock.port);
  const begun = await visitor.get(`/authorize?${vault}`);
  const journey = /^\/sign-in\?j=([^&]+)$/.exec(begun.location)[1];
  const named = await visitor.form("/sign-in/name", { journey, name: mine.name });
  assert.ok(named.status >= 400, `${named.status} ${named.location}`);
  const typed = await visitor.form("/sign-in/password", { journey, password: PASSWORD });
  assert.ok(typed.status >= 400 && !visitor.cookies.has("lockgate"), `${typed.status} ${typed.location}`);
  visitor.close();
});

test("keys alone are enough, with a password manager's shortcuts in place", async () => {
  await page.keyboard.type(mine.name);
  await page.keyboard.press("Tab"); // the passkey's button
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "password");
  await page.keyboard.press("Enter");
  await heading(page, "Enter your password").waitFor();
  assert.equal(await page.getByLabel("Sign-in name").getAttribute("autocomplete"), "username");
  assert.equal(await page.getByLabel("Sign-in name").inputValue(), mine.name);
  assert.equal(await page.getByLabel("Password", { exact: true }).getAttribute("autocomplete"), "current-password");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await heading(page, "Enter your code").waitFor();
  assert.equal(await page.getByLabel("Code from your authenticator app").getAttribute("autocomplete"), "one-time-code");
  await page.keyboard.type(code());
  await page.keyboard.press("Enter");
  await account(page, mine.display);
  clean(page);
});

test("without JavaScript a password and a code sign in", async () => {
  const plain = await launchWithoutScripts();
  try {
    const context = await plain.newContext();
    const scriptless = await context.newPage();
    const reads = (text) => until(`a page with ${text}`, async () => (await shown(scriptless)).includes(text));
    await scriptless.goto(`${lock.issuer}/account`);
    await reads("heading: Sign in");
    await reads("JavaScript is off.");
    await scriptless.keyboard.type(mine.name);
    await scriptless.keyboard.press("Tab"); // past the passkey's button, which is disabled
    await scriptless.keyboard.press("Enter");
    await reads("heading: Enter your password");
    await scriptless.keyboard.type(PASSWORD);
    await scriptless.keyboard.press("Enter");
    await reads("heading: Enter your code");
    await scriptless.keyboard.type(code());
    await scriptless.keyboard.press("Enter");
    await reads("heading: My account");
    await reads(mine.display);
  } finally {
    await plain.close();
  }
});
