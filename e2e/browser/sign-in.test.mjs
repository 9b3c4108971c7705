// The sign-in page in a real browser: autofill, the button, what goes wrong and how one goes on.

import assert from "node:assert/strict";
import { after, before, beforeEach, afterEach, test } from "node:test";
import { account, button, enrol, forgive, launch, open, plugIn, said, signInThere, signOut, tab, useAPasskey, waitsInAutofill } from "../lib/browser.mjs";
import { Lockgate } from "../lib/server.mjs";

let lock, browser, page, authenticator;
let next = 0;

before(async () => {
  const people = Array.from({ length: 16 }, (_, index) => ({ name: `person${index}`, display: `Person ${index}` }));
  lock = await Lockgate.make({ people });
  await lock.movableClock().start();
  browser = await launch();
});
after(async () => { await browser?.close(); await lock?.close(); });

// Each test begins signed out, with one passkey of its own person. A request that begins while nobody is present stays open; one that
// begins while somebody is present is answered at once.
beforeEach(async () => {
  page = await open(browser);
  page.person = `person${next}`;
  page.display = `Person ${next}`;
  next += 1;
  authenticator = await plugIn(page);
  await enrol(page, lock.links[page.person]);
  await signOut(page);
  await authenticator.present(false);
});
afterEach(() => page.context().close());

const signedIn = () => account(page, page.display);

/** Opens the sign-in page and waits until a passkey can be chosen in autofill. */
async function openSignIn(on = page) {
  await on.goto(`${lock.issuer}/account`);
  await waitsInAutofill(on);
}

test("a passkey that is chosen in autofill signs in, without the button", async () => {
  await openSignIn();
  assert.equal(await page.getByLabel("Sign-in name").getAttribute("autocomplete"), "username webauthn");
  const result = page.waitForRequest((request) => request.url().endsWith("/sign-in/result"));
  await authenticator.present(true);
  await page.reload();
  assert.equal(JSON.parse((await result).postData()).mediation, "conditional");
  await signedIn();
  assert.deepEqual(page.complaints, []);
});

test("the button announces the prompt", async () => {
  await openSignIn();
  await useAPasskey(page);
  await said(page).getByText("Your browser is asking for your passkey.").waitFor();
  assert.equal(await said(page).getAttribute("role"), "status");
  assert.deepEqual(page.complaints, []);
});

test("the button signs in, while autofill waits", async () => {
  await openSignIn();
  const result = page.waitForRequest((request) => request.url().endsWith("/sign-in/result"));
  await authenticator.present(true);
  await useAPasskey(page);
  assert.equal(JSON.parse((await result).postData()).mediation, "modal");
  await signedIn();
  assert.deepEqual(page.complaints, []);
});

test("the page asks for any passkey of ours, naming none", async () => {
  const options = page.waitForResponse((response) => response.url().endsWith("/sign-in/options"));
  await page.goto(`${lock.issuer}/account`);
  const { publicKey } = await (await options).json();
  assert.deepEqual(publicKey.allowCredentials, []);
  assert.equal(publicKey.userVerification, "required");
  assert.equal(publicKey.rpId, "localhost");
  assert.ok(Buffer.from(publicKey.challenge, "base64url").length >= 32);
});

test("one's own name beside the passkey is fine, and somebody else's is not", async () => {
  await openSignIn();
  await page.getByLabel("Sign-in name").fill("admin");
  await authenticator.present(true);
  await useAPasskey(page);
  await page.getByText("The name and the passkey don't belong together.").waitFor();
  await authenticator.present(false);
  assert.equal(await page.getByLabel("Sign-in name").inputValue(), "admin", "what was typed is gone");
  assert.equal(await page.getByLabel("Sign-in name").getAttribute("aria-invalid"), "");
  await page.getByLabel("Sign-in name").fill(page.person);
  await authenticator.present(true);
  await signInThere(page, signedIn);
});

test("a name that nobody has is answered like somebody else's", async () => {
  await openSignIn();
  await page.getByLabel("Sign-in name").fill("nobody-has-this");
  await authenticator.present(true);
  await useAPasskey(page);
  await page.getByText("The name and the passkey don't belong together.").waitFor();
});

test("a prompt that is cancelled is explained, and the next try works", async () => {
  await openSignIn();
  const told = page.waitForRequest((request) => request.url().endsWith("/sign-in/cancelled"));
  const [passkey] = await authenticator.passkeys();
  await authenticator.forget(passkey.credentialId); // without a passkey the browser's prompt ends as if it were cancelled
  await authenticator.present(true);
  await page.getByLabel("Sign-in name").fill(page.person);
  await useAPasskey(page);
  await said(page).getByText("No passkey was used.").waitFor();
  assert.equal(JSON.parse((await told).postData()).error, "NotAllowedError");
  assert.equal(await page.getByLabel("Sign-in name").inputValue(), page.person);
  await authenticator.insert(passkey);
  await signInThere(page, signedIn);
});

test("a device that fails to verify the person opens nothing, and the next try works", async () => {
  await openSignIn();
  await authenticator.verifies(false);
  await authenticator.present(true);
  await useAPasskey(page);
  await said(page).getByText("No passkey was used.").waitFor();
  await authenticator.verifies(true);
  await signInThere(page, signedIn);
});

test("a passkey that was removed here is refused, and the browser is told to forget it", async () => {
  const [passkey] = await authenticator.passkeys();
  await authenticator.present(true);
  await page.goto(`${lock.issuer}/account`);
  await signedIn();
  await page.goto(`${lock.issuer}/account/ways-to-sign-in`);
  await page.getByRole("button", { name: /^Remove / }).click();
  await button(page, "Remove my only passkey").click();
  await button(page, "Sign in with a passkey").waitFor();
  // The browser took the hint by itself; a device that was offline then would still hold it.
  assert.deepEqual(await authenticator.passkeys(), [], "the browser was not told that the passkey is gone");
  await authenticator.present(false);
  await authenticator.insert(passkey);
  await openSignIn();
  await authenticator.present(true);
  await useAPasskey(page);
  await said(page).getByText("This passkey isn't known here.").waitFor();
  for (let tries = 0; (await authenticator.passkeys()).length > 0; tries += 1) {
    assert.ok(tries < 500, "the browser was not told that the passkey is unknown");
  }
});

test("two tabs wait side by side, and each signs in", async () => {
  await openSignIn();
  const second = await tab(page.context());
  const other = await plugIn(second, { present: false });
  for (const passkey of await authenticator.passkeys()) await other.insert(passkey);
  await openSignIn(second);
  await other.present(true);
  await signInThere(second, () => account(second, page.display));
  await page.bringToFront();
  await authenticator.present(true);
  await signInThere(page, signedIn);
});

test("two tabs of one journey: the one that comes too late can go on", async () => {
  await openSignIn();
  const second = await tab(page.context());
  const other = await plugIn(second, { present: false });
  for (const passkey of await authenticator.passkeys()) await other.insert(passkey);
  await other.present(true);
  await second.goto(page.url());
  await account(second, page.display);

  await page.bringToFront();
  await authenticator.present(true);
  await useAPasskey(page);
  await said(page).getByText("This sign-in is already done.").waitFor();
  await button(page, "Start again").click();
  await signedIn();
});

test("the back button after signing in shows no finished sign-in", async () => {
  await authenticator.present(true);
  await page.goto(`${lock.issuer}/sign-in`);
  await signedIn();
  await page.goBack();
  await page.goto(`${lock.issuer}/sign-in`);
  await signedIn();
  assert.equal(new URL(page.url()).pathname, "/account");
});

test("the back button after signing out shows nothing of the account", async () => {
  await authenticator.present(true);
  await page.goto(`${lock.issuer}/account`);
  await signedIn();
  await authenticator.present(false);
  await signOut(page);
  await page.goBack();
  await button(page, "Sign in with a passkey").waitFor();
  assert.equal(await page.getByText(page.display).count(), 0);
});

test("keys alone are enough to sign in", async () => {
  await openSignIn();
  assert.equal(await page.evaluate(() => document.activeElement.id), "name", "the field has no focus");
  await page.keyboard.type(page.person);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "use");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(outline, "none", "the focus can't be seen");
  await authenticator.present(true);
  await page.keyboard.press("Enter");
  await signedIn();
});

test("a sign-in that took too long says so, and starts again", async () => {
  await openSignIn();
  lock.later(11 * 60);
  await authenticator.present(true);
  await useAPasskey(page);
  await said(page).getByText("This sign-in took too long.").waitFor();
  forgive(page, 400, 409, 410);
  assert.deepEqual(page.complaints, []);
  await button(page, "Start again").click();
  await signedIn();
});
