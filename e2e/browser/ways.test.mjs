// Setting up, changing and removing what signs in without a passkey, in My account: each change proved, each thing shown once, and nobody
// locked out by a slip.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { account, button, clean, enrol, heading, launch, open, plugIn, said, signInThere, signOut } from "../lib/browser.mjs";
import { totp, wrongTotp } from "../lib/codes.mjs";
import { PASSWORD, WITH_SECOND_FACTOR, typeCode, typePassword } from "../lib/fallbacks.mjs";
import { Lockgate } from "../lib/server.mjs";

const WAYS = "/account/ways-to-sign-in";
// A proof is fresh for five minutes.
const STALE_SECONDS = 6 * 60;

let lock, browser, page, authenticator;
let next = 0;

before(async () => {
  lock = await Lockgate.make({
    people: Array.from({ length: 12 }, (_, index) => ({ name: `person${index}`, display: `Person ${index}` })), settings: WITH_SECOND_FACTOR,
  });
  await lock.movableClock().start();
  browser = await launch();
});
after(async () => { await browser?.close(); await lock?.close(); });

// Each test begins signed in with a fresh passkey, on the page of ways to sign in.
beforeEach(async () => {
  page = await open(browser);
  Object.assign(page, { display: `Person ${next}`, person: `person${next}` });
  authenticator = await plugIn(page);
  await enrol(page, lock.links[page.person]);
  next += 1;
  await page.goto(`${lock.issuer}${WAYS}`);
  await heading(page, "Ways to sign in").waitFor();
});
afterEach(() => page.context().close());

const field = () => page.getByLabel("New password");

async function setPassword(password = PASSWORD) {
  await page.goto(`${lock.issuer}/account/password`);
  await field().fill(password);
  await page.locator("main button.primary").click();
}

/** Adds an app, and resolves with its key. */
async function addApp() {
  await page.goto(`${lock.issuer}/account/authenticator-app`);
  await heading(page, "Add an authenticator app").waitFor();
  const key = await page.locator("#key").innerText();
  await page.getByLabel("Six-digit code").fill(totp(key, lock.seconds));
  await button(page, "Add the app").click();
  await page.getByText("Your authenticator app is added.").waitFor();
  lock.later(31);
  return key;
}

test("a password is set, an app is added with the key that was shown, and the two sign in", async () => {
  await page.getByRole("link", { name: "Set a password" }).click();
  await heading(page, "Set a password").waitFor();
  assert.equal(await field().getAttribute("autocomplete"), "new-password");
  await field().fill(PASSWORD);
  await button(page, "Set it").click();
  await page.getByText("Your password is set.").waitFor();
  await page.getByRole("link", { name: "Add an app" }).click();
  await page.getByRole("img", { name: /QR code/ }).waitFor();
  const key = await page.locator("#key").innerText();
  await page.getByLabel("Six-digit code").fill(totp(key, lock.seconds));
  await button(page, "Add the app").click();
  await page.getByText("Your authenticator app is added.").waitFor();
  assert.equal(await page.getByText(key.replaceAll(" ", "")).count() + await page.getByText(key).count(), 0, "the key is shown again");

  lock.later(31);
  await authenticator.present(false);
  await signOut(page);
  await page.goto(`${lock.issuer}/account`);
  await typePassword(page, page.person, PASSWORD);
  await typeCode(page, totp(key, lock.seconds));
  await account(page, page.display);
  await page.getByText("Mostly.").waitFor();
  clean(page);
});

test("a weak password is refused with the reason, and what stands against it is said in words", async () => {
  for (const [password, words] of [["short", "characters"], ["password1234", /guess|common|known/i], [`${page.person}${page.person}`, /name/i]]) {
    await page.goto(`${lock.issuer}/account/password`);
    await page.evaluate(() => document.querySelector("form[action='/account/password']").setAttribute("novalidate", ""));
    await field().fill(password);
    await button(page, "Set it").click();
    await page.locator("#password-problem").getByText(words).first().waitFor();
    assert.notEqual(await field().getAttribute("aria-invalid"), null);
    assert.equal(await field().inputValue(), "", "a password comes back in the page");
  }
  await page.goto(`${lock.issuer}${WAYS}`);
  await page.getByRole("link", { name: "Set a password" }).waitFor();
  clean(page, 400, 422);
});

test("a password can be shown while it is typed, and leaves as a password", async () => {
  await page.goto(`${lock.issuer}/account/password`);
  await field().fill(PASSWORD);
  await button(page, "Show the password").click();
  assert.equal(await field().getAttribute("type"), "text");
  await field().press("Enter");
  await page.getByText("Your password is set.").waitFor();
  await page.getByRole("link", { name: "Change the password" }).click();
  await heading(page, "Change your password").waitFor();
  await field().fill(`${PASSWORD} two`);
  await button(page, "Change it").click();
  await page.getByText("Your password is changed.").waitFor();
  clean(page);
});

test("a wrong code adds no app, and the same key is shown for the next try", async () => {
  await setPassword();
  await page.goto(`${lock.issuer}/account/authenticator-app`);
  const key = await page.locator("#key").innerText();
  await page.getByLabel("Six-digit code").fill(wrongTotp(key, lock.seconds));
  await button(page, "Add the app").click();
  await page.getByText("This code doesn't fit.").waitFor();
  assert.equal(await page.locator("#key").innerText(), key);
  await page.getByLabel("Six-digit code").fill(totp(key, lock.seconds));
  await button(page, "Add the app").click();
  await page.getByText("Your authenticator app is added.").waitFor();
  clean(page, 400, 422);
});

test("recovery codes are shown once, and new ones end the old ones", async () => {
  await setPassword();
  await addApp();
  await button(page, "Make codes").click();
  await heading(page, "Your recovery codes").waitFor();
  const first = await page.locator("#codes code").allInnerTexts();
  assert.equal(new Set(first).size, 10);
  await page.getByRole("link", { name: "I've kept them" }).click();
  await page.getByText("10 left", { exact: true }).waitFor();
  assert.equal(await page.getByText(first[0]).count(), 0);
  await page.getByText("Make new codes, or remove them").click();
  await button(page, "Make ten new codes").click();
  await heading(page, "Your recovery codes").waitFor();
  const second = await page.locator("#codes code").allInnerTexts();
  assert.deepEqual(second.filter((code) => first.includes(code)), []);

  await authenticator.present(false);
  await signOut(page);
  for (const [code, works] of [[first[0], false], [second[0], true]]) {
    await page.goto(`${lock.issuer}/account`);
    await typePassword(page, page.person, PASSWORD);
    await page.getByRole("link", { name: "Use a recovery code" }).click();
    await page.getByLabel("Recovery code").fill(code);
    await button(page, "Continue").click();
    if (works) await account(page, page.display);
    else await page.getByText("That didn't match.").waitFor();
  }
  clean(page, 400, 401, 403);
});

test("each change asks for a fresh proof when the last one is old, and leads back", async () => {
  await setPassword();
  await authenticator.present(false);
  for (const [path, there] of [["/account/password", "Change your password"], ["/account/authenticator-app", "Add an authenticator app"]]) {
    lock.later(STALE_SECONDS);
    await page.goto(`${lock.issuer}${path}`);
    await heading(page, "Confirm it's you").waitFor();
    await authenticator.present(true);
    await signInThere(page, () => heading(page, there).waitFor());
    await authenticator.present(false);
  }
  lock.later(STALE_SECONDS);
  await page.goto(`${lock.issuer}${WAYS}`);
  await page.getByText("Remove the password", { exact: true }).first().click();
  await button(page, "Remove the password").click();
  await heading(page, "Confirm it's you").waitFor();
  await authenticator.present(true);
  await signInThere(page, () => heading(page, "Ways to sign in").waitFor());
  assert.equal(await page.getByRole("link", { name: "Change the password" }).count(), 1, "removed before the proof");
  await page.getByText("Remove the password", { exact: true }).first().click();
  await button(page, "Remove the password").click();
  await page.getByText("Your password is removed.").waitFor();
  clean(page);
});

test("a change may not be proved with less than the strongest that one has", async () => {
  await setPassword();
  const key = await addApp();
  await authenticator.present(false);
  await signOut(page);
  await page.goto(`${lock.issuer}/account`);
  await typePassword(page, page.person, PASSWORD);
  await typeCode(page, totp(key, lock.seconds));
  await account(page, page.display);
  await page.goto(`${lock.issuer}/account/password`);
  await heading(page, "One step more").waitFor();
  assert.equal(await button(page, "Use a password instead").count(), 0, "a password may change itself");
  await authenticator.present(true);
  await signInThere(page, () => heading(page, "Change your password").waitFor());
  clean(page);
});

test("the last way in is not removed by a slip", async () => {
  await setPassword();
  await addApp();
  // The passkey goes first: the password remains.
  await page.goto(`${lock.issuer}${WAYS}`);
  await page.getByRole("button", { name: /^Remove Linux/ }).click();
  await page.getByText("Without it you're back to your password, which can be phished.").waitFor();
  await button(page, "Keep it").click();
  await page.getByText("Remove the authenticator app", { exact: true }).first().click();
  await button(page, "Remove the authenticator app").click();
  await page.getByText("Your authenticator app is removed.").waitFor();
  await page.getByText("Remove the password", { exact: true }).first().click();
  await button(page, "Remove the password").click();
  await page.getByText("Your password is removed.").waitFor();
  await page.getByRole("button", { name: /^Remove Linux/ }).click();
  await page.getByText("This is your only passkey.").waitFor();
  assert.equal(await said(page).innerText(), "");
  clean(page);
});

test("the keyboard alone sets a password", async () => {
  await page.goto(`${lock.issuer}/account/password`);
  await heading(page, "Set a password").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "password");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByText("Your password is set.").waitFor();
  clean(page);
});
