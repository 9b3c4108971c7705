// A computer that several people share, marked by an operator's link: no name stays, no password is taken, and whoever walks away is signed out.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { account, button, clean, enrol, heading, launch, open, plugIn, said, signInThere } from "../lib/browser.mjs";
import { WITH_SECOND_FACTOR } from "../lib/fallbacks.mjs";
import { Lockgate } from "../lib/server.mjs";

// A key that people carry: what is synced between devices would have to be unlocked on a device of their own.
const CARRIED = { synced: false, transport: "usb" };

let lock, browser, page, authenticator;
let next = 0;

before(async () => {
  const people = Array.from({ length: 10 }, (_, index) => ({ name: `person${index}`, display: `Person ${index}` }));
  lock = await Lockgate.make({ people, settings: WITH_SECOND_FACTOR });
  await lock.movableClock().start();
  browser = await launch();
});
after(async () => { await browser?.close(); await lock?.close(); });

const link = () => /^http\S+\/shared-computer#\S+$/m.exec(lock.operate("workstation", "link"))[0];

// Each test begins on a shared computer's sign-in page, with a person whose passkey is on a key that they carry.
beforeEach(async () => {
  const home = await open(browser);
  const theirs = await plugIn(home, CARRIED);
  await enrol(home, lock.links[`person${next}`]);
  const [passkey] = await theirs.passkeys();
  await home.context().close();

  page = await open(browser);
  page.display = `Person ${next}`;
  page.person = `person${next}`;
  next += 1;
  authenticator = await plugIn(page, { ...CARRIED, present: false });
  await authenticator.insert(passkey);
  await page.goto(link());
  await heading(page, "This is a shared computer").waitFor();
});
afterEach(() => page.context().close());

async function signIn() {
  await page.goto(`${lock.issuer}/account`);
  await authenticator.present(true);
  await signInThere(page, () => account(page, page.display));
  await authenticator.present(false);
}

test("the link's secret goes nowhere but into the request, and the page says what follows", async () => {
  assert.equal(new URL(page.url()).hash, "", "the secret stays in the address");
  await page.getByText("No name is remembered").waitFor();
  await page.goto(`${lock.issuer}/account`);
  await heading(page, "Sign in").waitFor();
  assert.equal(await page.getByLabel("Sign-in name").getAttribute("autocomplete"), "off");
  assert.equal(await page.getByLabel("Sign-in name").inputValue(), "");
  assert.equal(await button(page, "Use a password instead").count(), 0, "a password is taken on a shared computer");
  clean(page);
});

test("a large Sign out stands on every page, and works with one press", async () => {
  await signIn();
  for (const path of ["/account", "/account/ways-to-sign-in", "/account/sessions", "/account/apps", "/account/data"]) {
    await page.goto(`${lock.issuer}${path}`);
    const bar = page.getByRole("complementary", { name: "Shared computer" });
    await bar.waitFor();
    assert.equal(await page.getByRole("button", { name: "Sign out", exact: true }).count(), 1, path);
  }
  await button(page, "Sign out").click();
  await heading(page, "You're signed out").waitFor();
  await page.goBack();
  await page.waitForLoadState();
  assert.equal(await page.getByText(page.display).count(), 0, "the next person can go back");
  clean(page);
});

test("whoever walks away is signed out after five minutes", async () => {
  await signIn();
  lock.later(4 * 60);
  await page.reload();
  await account(page, page.display);
  lock.later(5 * 60 + 5);
  await page.reload();
  await heading(page, "Sign in").waitFor();
  assert.equal(await page.getByText(page.display).count(), 0);
  clean(page);
});

test("a tap with the same key signs out, and one with another key lets the next person in", async () => {
  await signIn();
  await page.goto(`${lock.issuer}/sign-in`);
  await button(page, "Sign in with a passkey").waitFor();
  await authenticator.present(true);
  button(page, "Sign in with a passkey").click().catch(() => {});
  await heading(page, "You're signed out").waitFor();
  await authenticator.present(false);
  await page.goto(`${lock.issuer}/account`);
  await heading(page, "Sign in").waitFor();
  clean(page);
});

test("a passkey that comes along to other devices is not taken there", async () => {
  const home = await open(browser);
  const theirs = await plugIn(home);
  await enrol(home, lock.links[`person${next}`]);
  next += 1;
  const [synced] = await theirs.passkeys();
  await home.context().close();
  await authenticator.unplug();
  authenticator = await plugIn(page, { present: false });
  await authenticator.insert(synced);
  await page.goto(`${lock.issuer}/account`);
  await authenticator.present(true);
  button(page, "Sign in with a passkey").click().catch(() => {});
  await said(page).getByText("asks for a stronger sign-in").waitFor();
  clean(page, 403);
});

test("nothing that stays behind is made there", async () => {
  await signIn();
  for (const path of ["/account/password", "/account/authenticator-app"]) {
    await page.goto(`${lock.issuer}${path}`);
    await heading(page, "Not on a shared computer").waitFor();
  }
  await page.goto(`${lock.issuer}/enrol`);
  await page.getByText("Not on a shared computer").first().waitFor();
  assert.equal(await button(page, "Create a passkey").isVisible(), false);
  clean(page, 403);
});

test("an old link, or one that nobody made, marks nothing", async () => {
  const old = link();
  lock.later(61 * 60);
  const other = await open(browser);
  for (const spoilt of [old, `${lock.issuer}/shared-computer#lgw_${"A".repeat(43)}`]) {
    await other.goto("about:blank");
    await other.goto(spoilt);
    await said(other).getByText("This link doesn't work any more").waitFor();
    await other.goto(`${lock.issuer}/shared-computer`);
    await heading(other, "Shared computer").waitFor();
  }
  clean(other, 400);
  await other.context().close();
  // The mark itself outlives its link.
  await page.reload();
  await heading(page, "This is a shared computer").waitFor();
  clean(page);
});
