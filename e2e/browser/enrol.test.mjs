// Enrolment links in a real browser: used once, by one person, and nothing of the secret leaves the fragment.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { account, button, enrol, forgive, heading, launch, open, plugIn, said, tab } from "../lib/browser.mjs";
import { Lockgate } from "../lib/server.mjs";

let lock, browser;

before(async () => {
  lock = await Lockgate.make({
    people: [
      { name: "ada", display: "Ada Lovelace" }, { name: "bela", display: "Béla Bartók" }, "chidi", "dana", "esi", "farid", "gita",
    ],
  });
  lock.secondLink = /^http\S+$/m.exec(lock.run(["person", "link", "chidi", "--config", lock.config]))[0];
  await lock.movableClock().start();
  browser = await launch();
});
after(async () => { await browser?.close(); await lock?.close(); });

test("a link makes a passkey and opens My account", async () => {
  const page = await open(browser);
  const authenticator = await plugIn(page);
  const addresses = [];
  page.on("request", (request) => addresses.push(request.url() + JSON.stringify(request.headers())));
  const secret = lock.links.ada.split("#")[1];

  await page.goto(lock.links.ada);
  await page.getByText("Ada Lovelace").waitFor();
  await button(page, "Create a passkey").click();
  await heading(page, "You're set").waitFor();
  assert.equal(new URL(page.url()).hash, "", "the spent secret stays in the address");
  await page.getByText("It comes along to your other devices.").waitFor();
  await page.getByLabel("Name this passkey").fill("Analytical engine");
  await button(page, "Continue").click();

  await account(page, "Ada Lovelace");
  await page.goto(`${lock.issuer}/account/ways-to-sign-in`);
  assert.equal(await page.getByRole("heading", { name: /Analytical engine/ }).count(), 1);
  const [passkey] = await authenticator.passkeys();
  assert.equal(passkey.isResidentCredential, true, "the passkey must be discoverable");
  assert.equal(passkey.rpId, "localhost");
  assert.equal(Buffer.from(passkey.userHandle, "base64").length, 32);
  assert.deepEqual(addresses.filter((address) => address.includes(secret)), [], "the secret was sent in an address or a header");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a used link says so, and what to do", async () => {
  const page = await open(browser);
  await plugIn(page);
  await page.goto(lock.links.ada);
  await heading(page, "This link no longer works").waitFor();
  await page.getByText("Ask whoever sent it for a new one.").waitFor();
  assert.equal(await button(page, "Create a passkey").isVisible(), false);
  forgive(page, 400, 403, 404, 409, 410);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a link that lost a character, or that nobody made, says the same", async () => {
  const page = await open(browser);
  await plugIn(page);
  for (const spoilt of [lock.links.bela.slice(0, -1), `${lock.issuer}/enrol#lgp_${"A".repeat(43)}`, `${lock.issuer}/enrol#%00%ff`]) {
    await page.goto("about:blank");
    await page.goto(spoilt);
    await heading(page, "This link no longer works").waitFor();
  }
  await page.context().close();
});

test("a passkey that stays on one device is called that", async () => {
  const page = await open(browser);
  await plugIn(page, { synced: false, transport: "usb" });
  await page.goto(lock.links.bela);
  await button(page, "Create a passkey").click();
  await page.getByText("It stays where you made it.").waitFor();
  assert.equal(await page.getByLabel("Name this passkey").inputValue(), "Security key");
  await button(page, "Continue").click();
  await page.getByText("Yes, but one lost device locks you out.").waitFor();
  await page.context().close();
});

test("of two links of one person only the first is good", async () => {
  const page = await open(browser);
  await plugIn(page);
  await enrol(page, lock.links.chidi);
  await page.context().clearCookies();
  await page.goto(lock.secondLink);
  await heading(page, "You already have a passkey").waitFor();
  await page.context().close();
});

test("a device that fails to verify the person makes no passkey, and a second try may", async () => {
  const page = await open(browser);
  const authenticator = await plugIn(page, { verifies: false });
  await page.goto(lock.links.dana);
  await button(page, "Create a passkey").click();
  await said(page).getByText("No passkey was made.").waitFor();
  assert.deepEqual(await authenticator.passkeys(), []);
  await authenticator.verifies(true);
  await button(page, "Create a passkey").click();
  await heading(page, "You're set").waitFor();
  assert.equal((await authenticator.passkeys()).length, 1);
  await page.context().close();
});

test("two tabs with one link make one passkey", async () => {
  const first = await open(browser);
  await plugIn(first);
  const second = await tab(first.context());
  const authenticator = await plugIn(second);
  for (const page of [first, second]) {
    await page.goto(lock.links.esi);
    await button(page, "Create a passkey").waitFor();
  }
  await first.bringToFront();
  await button(first, "Create a passkey").click();
  await heading(first, "You're set").waitFor();
  await second.bringToFront();
  await button(second, "Create a passkey").click();
  await second.getByText(/This link no longer works|You already have a passkey/).waitFor();
  forgive(second, 400, 403, 404, 409, 410);
  assert.deepEqual([...first.complaints, ...second.complaints], []);
  assert.ok((await authenticator.passkeys()).length <= 1);
  await first.context().close();
});

test("keys alone are enough to enrol", async () => {
  const page = await open(browser);
  await plugIn(page);
  await page.goto(lock.links.farid);
  await button(page, "Create a passkey").waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "create");
  await page.keyboard.press("Enter");
  await heading(page, "You're set").waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "label");
  await page.keyboard.type("Typed");
  await page.keyboard.press("Enter");
  await account(page, "farid");
  await page.context().close();
});

test("a link that is too old says so", async () => {
  lock.later(25 * 3_600);
  const page = await open(browser);
  await plugIn(page);
  await page.goto(lock.links.gita);
  await heading(page, "This link no longer works").waitFor();
  await page.context().close();
});
