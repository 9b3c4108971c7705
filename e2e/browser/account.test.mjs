// My account in a real browser: a second passkey, other names, removal with its consequences, and the proof that such changes ask for.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { account, button, enrol, forgive, heading, launch, open, plugIn, said, signOut, tab } from "../lib/browser.mjs";
import { Lockgate } from "../lib/server.mjs";

// A proof is fresh for five minutes.
const STALE_SECONDS = 6 * 60;

let lock, browser, page, authenticator;
let next = 0;

before(async () => {
  const people = Array.from({ length: 12 }, (_, index) => ({ name: `person${index}`, display: `Person ${index}` }));
  lock = await Lockgate.make({ people });
  await lock.movableClock().start();
  browser = await launch();
});
after(async () => { await browser?.close(); await lock?.close(); });

/** The page of My account with the passkeys. */
async function ways(on = page) {
  await on.goto(`${lock.issuer}/account/ways-to-sign-in`);
  await heading(on, "Ways to sign in").waitFor();
}

// Each test begins signed in, on the page of ways to sign in, with one synced passkey called "First".
beforeEach(async () => {
  page = await open(browser);
  page.display = `Person ${next}`;
  authenticator = await plugIn(page);
  await enrol(page, lock.links[`person${next}`], { label: "First" });
  await ways();
  next += 1;
});
afterEach(() => page.context().close());

const row = (label, on = page) => on.locator("[data-passkey]").filter({ has: on.getByRole("heading", { name: label }) });
const labels = (on = page) => on.locator("[data-passkey] h3 [data-slot=label]").allInnerTexts();
const act = (label, name) => row(label).getByRole("button", { name: `${name} ${label}` }).click();

/** Swaps the authenticator for a new one; the browser refuses to make a second passkey of one person on the first. */
async function anotherDevice() {
  await authenticator.unplug();
  return plugIn(page, { synced: false, transport: "usb" });
}

async function addSecond() {
  authenticator = await anotherDevice();
  await page.getByRole("link", { name: "Add a passkey" }).click();
  await button(page, "Create a passkey").click();
  await heading(page, "You're set").waitFor();
  await page.getByLabel("Name this passkey").fill("Second");
  await button(page, "Continue").click();
  await account(page, page.display);
  await ways();
}

test("a second passkey is added right after signing in, and both are listed", async () => {
  await addSecond();
  assert.deepEqual((await labels()).sort(), ["First", "Second"]);
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByText("You sign in with 2 passkeys.").waitFor();
  assert.deepEqual(page.complaints, []);
});

test("the same device is told that it holds a passkey already", async () => {
  await page.getByRole("link", { name: "Add a passkey" }).click();
  await button(page, "Create a passkey").click();
  await said(page).getByText("You already have a passkey here.").waitFor();
  assert.equal((await authenticator.passkeys()).length, 1);
});

test("a second passkey asks for a fresh proof when the last one is old", async () => {
  lock.later(STALE_SECONDS);
  const first = await authenticator.passkeys();
  await page.getByRole("link", { name: "Add a passkey" }).click();
  await heading(page, "First, confirm it's you").waitFor();
  // Whoever fails to prove gets no further.
  await authenticator.verifies(false);
  await button(page, "Confirm with a passkey").click();
  await said(page).getByText("No passkey was used.").waitFor();
  assert.equal(await button(page, "Create a passkey").isVisible(), false);
  await authenticator.verifies(true);
  await button(page, "Confirm with a passkey").click();
  await heading(page, "Create a passkey").waitFor();
  authenticator = await anotherDevice();
  await button(page, "Create a passkey").click();
  await heading(page, "You're set").waitFor();
  assert.notEqual((await authenticator.passkeys())[0].credentialId, first[0].credentialId);
  await button(page, "Continue").click();
  await account(page, page.display);
  await ways();
  assert.equal((await labels()).length, 2);
});

test("a fresh proof with somebody else's passkey is none", async () => {
  const other = await open(browser);
  const theirs = await plugIn(other);
  await enrol(other, lock.links[`person${next}`]);
  next += 1;
  const [stolen] = await theirs.passkeys();
  await other.context().close();

  lock.later(STALE_SECONDS);
  await authenticator.unplug();
  authenticator = await plugIn(page);
  await authenticator.insert(stolen);
  await page.getByRole("link", { name: "Add a passkey" }).click();
  await button(page, "Confirm with a passkey").click();
  await said(page).getByText(/This passkey could not be checked|don't belong together|isn't among your passkeys/).waitFor();
  assert.equal(await button(page, "Create a passkey").isVisible(), false);
});

test("a passkey gets another name, and keeps the old one when the new one won't do", async () => {
  await act("First", "Rename");
  const field = row("First").getByLabel("New name");
  assert.equal(await field.inputValue(), "First");
  await field.fill("   ");
  await row("First").getByRole("button", { name: "Save" }).click();
  await page.getByText("This name can't be used.").waitFor();
  assert.deepEqual(await labels(), ["First"]);
  await field.fill("Béla's <b>key</b> 🔑");
  await row("First").getByRole("button", { name: "Save" }).click();
  await said(page).getByText("Renamed.").waitFor();
  assert.deepEqual(await labels(), ["Béla's <b>key</b> 🔑"]);
  await page.reload();
  assert.deepEqual(await labels(), ["Béla's <b>key</b> 🔑"]);
  forgive(page, 400, 422);
  assert.deepEqual(page.complaints, []);
});

test("Escape and Cancel close the panel and give the focus back", async () => {
  for (const leave of [() => page.keyboard.press("Escape"), () => row("First").locator('[data-panel="rename"] [data-act=close]').click()]) {
    await act("First", "Rename");
    assert.equal(await row("First").getByLabel("New name").isVisible(), true);
    await leave();
    assert.equal(await row("First").getByLabel("New name").isVisible(), false);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.act), "rename");
  }
});

test("removing one of two says what follows, and the other one stays", async () => {
  await addSecond();
  await act("Second", "Remove");
  await row("Second").getByText(/You will have (1|one)\b.* left/).waitFor();
  await row("Second").getByRole("button", { name: "Keep it" }).click();
  assert.equal((await labels()).length, 2);
  await act("Second", "Remove");
  await row("Second").getByRole("button", { name: "Remove this passkey" }).click();
  await said(page).getByText("Removed.").waitFor();
  assert.deepEqual(await labels(), ["First"]);
  assert.deepEqual(await authenticator.passkeys(), [], "the browser was not told that the passkey is gone");
  assert.deepEqual(page.complaints, []);
});

test("removal asks for a fresh proof when the last one is old", async () => {
  await addSecond();
  lock.later(STALE_SECONDS);
  await page.reload();
  await authenticator.verifies(false);
  await act("Second", "Remove");
  await row("Second").getByRole("button", { name: "Remove this passkey" }).click();
  await said(page).getByText("No passkey was used.").waitFor();
  assert.equal((await labels()).length, 2);
  await authenticator.verifies(true);
  await row("Second").getByRole("button", { name: "Remove this passkey" }).click();
  // The proof was given with "Second" itself, so its removal ends this session as well.
  await heading(page, "Sign in").waitFor();
});

test("the last passkey warns, needs a clear yes, and its removal signs out", async () => {
  await act("First", "Remove");
  await row("First").getByText("This is your only passkey.").waitFor();
  await row("First").getByText(/this is one of them/).waitFor();
  await row("First").getByRole("button", { name: "Remove my only passkey" }).click();
  await heading(page, "Sign in").waitFor();
  await page.goto(`${lock.issuer}/account`);
  await heading(page, "Sign in").waitFor();
});

test("signing out ends the session in every tab of this browser, and for whoever kept its cookie", async () => {
  const cookies = await page.context().cookies();
  const second = await tab(page.context());
  await second.goto(`${lock.issuer}/account`);
  await account(second, page.display);
  await authenticator.present(false);
  await signOut(page);
  await second.reload();
  await heading(second, "Sign in").waitFor();
  await page.context().addCookies(cookies);
  await page.goto(`${lock.issuer}/account`);
  await heading(page, "Sign in").waitFor();
});

test("a change in a tab whose session has ended says so", async () => {
  const second = await tab(page.context());
  await second.goto(`${lock.issuer}/account`);
  await authenticator.present(false);
  await signOut(second);
  await page.bringToFront();
  await act("First", "Rename");
  await row("First").getByLabel("New name").fill("Too late");
  await row("First").getByRole("button", { name: "Save" }).click();
  await said(page).getByText("You're signed out.").waitFor();
});
