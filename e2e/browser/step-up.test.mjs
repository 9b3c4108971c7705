// When a session is not enough: what an application or the policy asks for is said in words, asked for once, and told to the application;
// and who is to sign in can be chosen anew.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { Request, claims, listening } from "../lib/application.mjs";
import { account, button, clean, enrol, forgive, heading, launch, open, plugIn, said, signInThere, signOut } from "../lib/browser.mjs";
import { totp } from "../lib/codes.mjs";
import { PASSWORD, WITH_SECOND_FACTOR, equip, typeCode, typePassword } from "../lib/fallbacks.mjs";
import { Lockgate } from "../lib/server.mjs";

const POLICY = `${WITH_SECOND_FACTOR}

[policy.rules.vault-keys]
tiers = ["critical"]
device_bound_only = true
reason = "What the vault does can't be undone."`;

let lock, browser, page, authenticator, application;
let next = 0;

before(async () => {
  application = await listening();
  const redirectUris = [application.redirectUri];
  lock = await Lockgate.make({
    people: Array.from({ length: 14 }, (_, index) => ({ name: `person${index}`, display: `Person ${index}` })), settings: POLICY,
    clients: [
      { id: "notes", name: "Harbour Notes", redirectUris, trusted: true },
      { id: "payroll", name: "Payroll", redirectUris, trusted: true, tier: "sensitive" },
      { id: "vault", name: "Vault", redirectUris, trusted: true, tier: "critical" },
    ],
  });
  await lock.movableClock().start();
  browser = await launch();
});
after(async () => { await browser?.close(); await lock?.close(); await application?.close(); });

beforeEach(async () => {
  page = await open(browser);
  Object.assign(page, { person: `person${next}`, display: `Person ${next}` });
  next += 1;
  application.arrived.length = 0;
});
afterEach(() => page.context().close());

const request = (id, more) => new Request(lock, id, application.redirectUri, more);
const atApplication = () => heading(page, "Arrived").waitFor();
/** The claims of the ID token that an answer leads to. */
async function told(asked, arrived = application.arrived.at(-1)) {
  const tokens = await asked.redeem(arrived);
  assert.equal(tokens.status, 200, tokens.text);
  return claims(tokens.json.id_token);
}

/** The person enrols, stays signed in, and keeps their finger from the device. */
async function withPasskey(options) {
  authenticator = await plugIn(page, options);
  await enrol(page, lock.links[page.person]);
  await authenticator.present(false);
}

/** The person is signed in with a password and a code, and their passkey is at hand, if nobody's finger yet. */
async function withPassword() {
  const { key, passkey } = await equip(lock, lock.links[page.person]);
  await page.goto(`${lock.issuer}/account`);
  await typePassword(page, page.person, PASSWORD);
  await typeCode(page, totp(key, lock.seconds));
  await account(page, page.display);
  authenticator = await plugIn(page, { present: false });
  await authenticator.insert({
    credentialId: passkey.id.toString("base64"), isResidentCredential: true, rpId: "localhost", userHandle: passkey.userHandle.toString("base64"),
    privateKey: passkey.pair.privateKey.export({ format: "der", type: "pkcs8" }).toString("base64"), signCount: 0, backupEligibility: true, backupState: true,
  });
}

test("a sensitive application asks for more than a password once, in words, and then the person arrives", async () => {
  await withPassword();
  const asked = request("payroll");
  await page.goto(asked.url);
  await heading(page, "One step more").waitFor();
  await page.getByText("asks for a stronger sign-in").waitFor();
  assert.equal(await button(page, "Use a password instead").count(), 0);
  assert.equal(application.arrived.length, 0, "the application got an answer before the step");
  await authenticator.present(true);
  await signInThere(page, atApplication);
  assert.equal((await told(asked)).acr, "phr");
  // The session is stronger from now on: no second question.
  const second = request("payroll");
  await page.goto(second.url);
  await atApplication();
  assert.equal(application.arrived.length, 2);
  clean(page);
});

test("the same session serves an ordinary application without a word, and says how it was opened", async () => {
  await withPassword();
  const asked = request("notes");
  await page.goto(asked.url);
  await atApplication();
  const { acr, amr } = await told(asked);
  assert.notEqual(acr, "phr");
  assert.ok(amr.includes("pwd") && amr.includes("otp"), amr);
  clean(page);
});

test("an application asks for a passkey by itself (acr_values=phr), and is told that it was one", async () => {
  await withPassword();
  const asked = request("notes", { acr_values: "phr" });
  await page.goto(asked.url);
  await heading(page, "One step more").waitFor();
  await page.getByText("Harbour Notes").first().waitFor();
  await authenticator.present(true);
  await signInThere(page, atApplication);
  assert.equal((await told(asked)).acr, "phr");
  clean(page);
});

test("a step that is not taken leaves the person where they were", async () => {
  await withPassword();
  await page.goto(request("payroll").url);
  await heading(page, "One step more").waitFor();
  await page.goto(`${lock.issuer}/account`);
  await account(page, page.display);
  assert.equal(application.arrived.length, 0);
  clean(page);
});

test("a passkey that the policy does not take for this is refused with the reason, and one that it takes opens", async () => {
  await withPasskey();
  const asked = request("vault");
  await page.goto(asked.url);
  await heading(page, "One step more").waitFor();
  await page.getByText("What the vault does can't be undone.").waitFor();
  await authenticator.present(true);
  await button(page, "Sign in with a passkey").click().catch(() => {});
  await said(page).getByText("This application asks for a stronger sign-in").waitFor();
  assert.equal(application.arrived.length, 0);
  clean(page, 403);

  // A key that stays where it is, made after a proof of the one they have.
  await page.goto(`${lock.issuer}/enrol`);
  await button(page, "Create a passkey").waitFor();
  await authenticator.unplug();
  authenticator = await plugIn(page, { synced: false, transport: "usb" });
  await button(page, "Create a passkey").click();
  await heading(page, "You're set").waitFor();
  await button(page, "Continue").click();
  await account(page, page.display);
  await page.goto(asked.url);
  await signInThere(page, atApplication);
  assert.equal((await told(asked)).acr, "phr");
  forgive(page, 403);
  clean(page);
});

test("max_age and prompt=login ask for a proof of this moment", async () => {
  await withPasskey();
  lock.later(10 * 60);
  const young = request("notes", { max_age: 3_600 });
  await page.goto(young.url);
  await atApplication();
  const before = (await told(young)).auth_time;
  for (const more of [{ max_age: 300 }, { prompt: "login" }]) {
    const asked = request("notes", more);
    await page.goto(asked.url);
    await button(page, "Sign in with a passkey").waitFor();
    await authenticator.present(true);
    await signInThere(page, atApplication);
    await authenticator.present(false);
    const { auth_time: at } = await told(asked);
    assert.ok(at >= before + 600 && Math.abs(at - lock.seconds) < 30, `${JSON.stringify(more)}: auth_time ${at}, before ${before}`);
    lock.later(10 * 60);
  }
  clean(page);
});

test("prompt=none never shows a page: it tells what is missing", async () => {
  await withPassword();
  for (const [id, error] of [["payroll", "interaction_required|login_required|unmet_authentication_requirements"], ["notes", null]]) {
    await page.goto(request(id, { prompt: "none" }).url);
    await atApplication();
    const answer = application.arrived.at(-1).searchParams;
    if (error) assert.match(answer.get("error") ?? "", new RegExp(`^(${error})$`));
    else assert.ok(answer.get("code"), answer);
  }
  clean(page);
});

test("the chooser goes on as the same person, after a proof", async () => {
  await withPasskey();
  const asked = request("notes", { prompt: "select_account" });
  await page.goto(asked.url);
  await heading(page, "Choose an account").waitFor();
  await page.getByRole("button", { name: page.display }).click();
  await button(page, "Sign in with a passkey").waitFor();
  assert.equal(await page.getByLabel("Sign-in name").inputValue(), page.person);
  assert.equal(application.arrived.length, 0, "a choice alone opened the application");
  await authenticator.present(true);
  await signInThere(page, atApplication);
  clean(page);
});

test("the chooser lets another person in, and the application gets that one", async () => {
  await withPasskey();
  const first = request("notes");
  await page.goto(first.url);
  await atApplication();
  const mine = (await told(first)).sub;

  const guest = await open(browser);
  const theirs = await plugIn(guest);
  await enrol(guest, lock.links[`person${next}`]);
  const name = `Person ${next}`;
  next += 1;
  const [passkey] = await theirs.passkeys();
  await guest.context().close();

  const asked = request("notes", { prompt: "select_account", login_hint: page.person });
  await page.goto(asked.url);
  await heading(page, "Choose an account").waitFor();
  await page.getByRole("button", { name: "Use another account" }).click();
  await button(page, "Sign in with a passkey").waitFor();
  assert.equal(await page.getByLabel("Sign-in name").inputValue(), "", "the first person's name stands in the other's way");
  await authenticator.unplug();
  authenticator = await plugIn(page);
  await authenticator.insert(passkey);
  await signInThere(page, atApplication);
  assert.notEqual((await told(asked)).sub, mine);
  await page.goto(`${lock.issuer}/account`);
  await account(page, name);
  clean(page);
});

test("keys alone are enough to choose", async () => {
  await withPasskey();
  await page.goto(request("notes", { prompt: "select_account" }).url);
  await heading(page, "Choose an account").waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.value), "same");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.value), "other");
  await page.keyboard.press("Enter");
  await button(page, "Sign in with a passkey").waitFor();
  clean(page);
});
