// Who signs in with a password alone is invited to make a passkey: by the browser itself where it can, by a button, or "Not now" for a while.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { account, button, clean, heading, launch, open, plugIn, said, signInThere, signOut, useAPasskey } from "../lib/browser.mjs";
import { pbkdf2 } from "../lib/codes.mjs";
import { PASSWORD, PASSWORD_ALONE, typePassword } from "../lib/fallbacks.mjs";
import { Lockgate } from "../lib/server.mjs";

const DAY = 24 * 3_600;

let lock, browser, page;
let next = 0;

before(async () => {
  const people = Array.from({ length: 6 }, (_, index) => ({ name: `person${index}`, display: `Person ${index}` }));
  lock = await Lockgate.make({ people, settings: PASSWORD_ALONE });
  // They come from elsewhere, with the passwords that they have there and no passkey.
  const list = path.join(lock.dir, "passwords.csv");
  writeFileSync(list, people.map(({ name }) => `${name},${pbkdf2(PASSWORD)}\n`).join(""));
  lock.operate("person", "password-import", list);
  await lock.movableClock().start();
  browser = await launch();
});
after(async () => { await browser?.close(); await lock?.close(); });

beforeEach(async () => {
  page = await open(browser);
  Object.assign(page, { person: `person${next}`, display: `Person ${next}` });
  next += 1;
});
afterEach(() => page.context().close());

/** Signs in with the imported password, to whatever comes then. */
async function byPassword(on = page) {
  await on.goto(`${lock.issuer}/account`);
  await typePassword(on, page.person, PASSWORD);
}
const invited = (on = page) => heading(on, "Next time, without a password").waitFor();
const made = (on = page) => heading(on, "You have a passkey").waitFor();

test("the button makes a passkey, and the next sign-in needs no password", async () => {
  await byPassword();
  await invited();
  const authenticator = await plugIn(page);
  await page.reload();
  await button(page, "Create a passkey").click();
  await made();
  const [passkey] = await authenticator.passkeys();
  assert.equal(passkey.isResidentCredential, true);
  await button(page, "Continue to My account").click();
  await account(page, page.display);
  assert.ok(await page.getByText("You have 1 passkey").isVisible(), await page.locator("main").innerText());
  await authenticator.present(false);
  await signOut(page);
  await page.goto(`${lock.issuer}/account`);
  await authenticator.present(true);
  await useAPasskey(page).catch(() => {});
  await account(page, page.display);
  // It was bound by a password alone, and counts for no more until it is confirmed.
  await page.goto(`${lock.issuer}/account/ways-to-sign-in`);
  await page.getByText("not confirmed yet").waitFor();
  clean(page);
});

test("a browser that makes passkeys by itself asks nothing", async () => {
  // Stands in for Chromium's own conditional create, which virtual authenticators lack: the capability is announced, and the request that the
  // page makes with `mediation: "conditional"` is answered as one with a prompt would be (e2e/README.md).
  await page.addInitScript(() => {
    PublicKeyCredential.getClientCapabilities = async () => ({ conditionalCreate: true, conditionalGet: true });
    const { create } = CredentialsContainer.prototype;
    CredentialsContainer.prototype.create = function standIn({ mediation, ...options }) {
      globalThis.mediations = [...(globalThis.mediations ?? []), mediation];
      return create.call(this, options);
    };
  });
  const authenticator = await plugIn(page);
  const bodies = [];
  page.on("request", (request) => { if (request.url().includes("/api/ceremony/enrol/")) bodies.push(JSON.parse(request.postData())); });
  await byPassword();
  await made();
  assert.deepEqual(await page.evaluate(() => globalThis.mediations), ["conditional"]);
  assert.deepEqual(bodies.map(({ mediation }) => mediation), ["conditional", "conditional"]);
  assert.equal((await authenticator.passkeys()).length, 1);
  await button(page, "Continue to My account").click();
  await account(page, page.display);
  await page.getByText("Passkey, made after a password sign-in").waitFor();
  clean(page);
});

test("Not now is heard for a week, works as often as was said, and then no more", async () => {
  const later = async () => { lock.later(8 * DAY); await page.context().clearCookies(); };
  await byPassword();
  await invited();
  await page.getByText("“Not now” asks again in 7 days. You can say it 2 more times.").waitFor();
  await button(page, "Not now").click();
  await account(page, page.display);
  await signOut(page);
  await byPassword();
  await account(page, page.display); // not asked again so soon

  await later();
  await byPassword();
  await invited();
  await page.getByText("“Not now” works one last time.").waitFor();
  await button(page, "Not now").click();
  await account(page, page.display);

  await later();
  await byPassword();
  await invited();
  await page.getByText("“Not now” was used up.").waitFor();
  assert.equal(await button(page, "Not now").count(), 0);
  await plugIn(page);
  await page.reload();
  await button(page, "Create a passkey").click();
  await made();
  await button(page, "Continue to My account").click();
  await account(page, page.display);
  clean(page);
});

test("a prompt that makes nothing is explained, and the next try works", async () => {
  const authenticator = await plugIn(page, { verifies: false });
  await byPassword();
  await invited();
  await button(page, "Create a passkey").click();
  await said(page).getByText("No passkey was made.").waitFor();
  assert.deepEqual(await authenticator.passkeys(), []);
  await authenticator.verifies(true);
  await button(page, "Create a passkey").click();
  await made();
  clean(page);
});

test("keys alone are enough to say not now", async () => {
  await byPassword();
  await invited();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "create");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await account(page, page.display);
  clean(page);
});

test("whoever has a passkey is not invited", async () => {
  const authenticator = await plugIn(page);
  await page.goto(/^http\S+$/m.exec(lock.operate("person", "link", page.person))[0]);
  await button(page, "Create a passkey").click();
  await heading(page, "You're set").waitFor();
  await button(page, "Continue").click();
  await account(page, page.display);
  await authenticator.present(false);
  await signOut(page);
  await byPassword();
  await account(page, page.display);
  await signOut(page);
  await page.goto(`${lock.issuer}/account`);
  await authenticator.present(true);
  await signInThere(page, () => account(page, page.display));
  clean(page);
});
