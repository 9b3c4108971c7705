// Signing in on another device: the code is typed by hand, the page says who asks and warns, and what is answered there is what the device hears.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { button, clean, enrol, heading, launch, open, plugIn, signInThere, signOut } from "../lib/browser.mjs";
import { form, send } from "../lib/http.mjs";
import { Lockgate } from "../lib/server.mjs";

const GRANT = "urn:ietf:params:oauth:grant-type:device_code";

let lock, browser, page, authenticator;
let next = 0;

before(async () => {
  lock = await Lockgate.make({
    people: Array.from({ length: 12 }, (_, index) => ({ name: `person${index}`, display: `Person ${index}` })),
    clients: [
      { id: "kiosk", name: "Sluice Kiosk", kind: "native", redirectUris: [], scopes: ["openid", "offline_access"], more: ["--grant", "device", "--grant", "refresh"] },
      { id: "crew", name: "Crew Radio", kind: "native", redirectUris: [], scopes: ["openid"], more: ["--grant", "device", "--group", "crew"] },
    ],
  });
  await lock.movableClock().start();
  browser = await launch();
});
after(async () => { await browser?.close(); await lock?.close(); });

beforeEach(async () => {
  page = await open(browser);
  page.display = `Person ${next}`;
  authenticator = await plugIn(page);
  await enrol(page, lock.links[`person${next}`]);
  next += 1;
});
afterEach(() => page.context().close());

const post = (path, fields) => send({ port: lock.port, method: "POST", path, body: form(fields), headers: { "Content-Type": "application/x-www-form-urlencoded" } });
/** What the device is told when it begins. */
async function begin(client = "kiosk", scope = "openid") {
  const answer = await post("/device_authorization", { client_id: client, scope });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}
/** What the device is told when it asks. */
const poll = ({ device_code: code }, client = "kiosk") => post("/token", { grant_type: GRANT, client_id: client, device_code: code });

async function type(code) {
  await page.goto(`${lock.issuer}/device`);
  await heading(page, "Connect a device").waitFor();
  await page.getByLabel("Code", { exact: true }).fill(code);
  await button(page, "Continue").click();
}
const asked = (name = "Sluice Kiosk") => heading(page, `Let ${name} in on another device?`).waitFor();

test("who has the code and says yes lets the device in", async () => {
  const device = await begin("kiosk", "openid offline_access");
  assert.equal(device.verification_uri_complete, undefined, "the code travels in an address");
  const first = await poll(device);
  assert.deepEqual([first.status, first.json.error], [400, "authorization_pending"]);
  await type(device.user_code.toLowerCase().replace("-", " "));
  await asked();
  for (const text of [device.user_code, page.display, "Did you start this?", "Keep working while you're away"]) {
    assert.ok(await page.getByText(text).first().isVisible(), text);
  }
  assert.ok(!page.url().includes(device.user_code), "the code stands in the address");
  await button(page, "Yes, it's my device").click();
  await heading(page, "Your device is connected").waitFor();
  lock.later(10);
  const tokens = await poll(device);
  assert.equal(tokens.status, 200, tokens.text);
  assert.ok(tokens.json.access_token && tokens.json.refresh_token);
  await page.getByRole("link", { name: "See what may act for me" }).click();
  await page.getByRole("heading", { name: /Sluice Kiosk/ }).waitFor();
  clean(page);
});

test("who says no keeps it out", async () => {
  const device = await begin();
  await type(device.user_code);
  await asked();
  await button(page, "No, don't let it in").click();
  await heading(page, "Your device was not let in").waitFor();
  const answer = await poll(device);
  assert.deepEqual([answer.status, answer.json.error], [400, "access_denied"]);
  await type(device.user_code);
  await page.locator("#code-problem").getByText(/this code|waits with/i).waitFor();
  clean(page, 400, 403, 404, 409, 410);
});

test("a code that is too old, that nobody has, or that is no code leads nowhere, and what was typed stays", async () => {
  const device = await begin();
  lock.later(11 * 60);
  for (const [code, words] of [[device.user_code, "No device waits with this code"], ["BBBB-BBBB", "No device waits with this code"], ["AEIO-U123", "That isn't a whole code"]]) {
    await type(code);
    await page.locator("#code-problem").getByText(words).waitFor();
    const field = page.getByLabel("Code", { exact: true });
    assert.equal((await field.inputValue()).replace(/\W/g, ""), code.replace("-", ""));
    assert.notEqual(await field.getAttribute("aria-invalid"), null);
  }
  const answer = await poll(device);
  assert.deepEqual([answer.status, answer.json.error], [400, "expired_token"]);
  clean(page, 400, 403, 404, 410);
});

test("a stranger signs in before anything is said about the code, and comes back to it", async () => {
  const device = await begin();
  await authenticator.present(false);
  await page.goto(`${lock.issuer}/account`);
  await signOut(page);
  await page.goto(`${lock.issuer}/device`);
  const field = page.getByLabel("Code", { exact: true });
  await field.or(button(page, "Sign in with a passkey")).first().waitFor();
  if (await field.isVisible()) {
    await field.fill(device.user_code);
    await button(page, "Continue").click();
  }
  await button(page, "Sign in with a passkey").waitFor();
  assert.equal(await page.getByText("Sluice Kiosk").count(), 0, "a stranger learns whose code it is");
  await authenticator.present(true);
  await signInThere(page, () => heading(page, "Connect a device").waitFor());
  await page.getByLabel("Code", { exact: true }).fill(device.user_code);
  await button(page, "Continue").click();
  await asked();
  clean(page);
});

test("an application that is not for this person is not let in", async () => {
  const device = await begin("crew");
  await type(device.user_code);
  await page.getByText("This application can't be used with your account").waitFor();
  lock.later(10);
  const answer = await poll(device, "crew");
  assert.deepEqual([answer.status, answer.json.error], [400, "authorization_pending"]);
  clean(page, 400, 403);
});

test("an answer from elsewhere, or without the page, counts for nothing", async () => {
  const device = await begin();
  await type(device.user_code);
  await asked();
  const csrf = await page.locator("input[name=csrf]").inputValue();
  const answer = (fields, headers) => page.request.post(`${lock.issuer}/device/answer`, { form: fields, headers, maxRedirects: 0 });
  const own = { Origin: lock.issuer };
  const wrong = await answer({ code: device.user_code, csrf: csrf.replace(/^./, (first) => (first === "A" ? "B" : "A")), answer: "allow" }, own);
  const elsewhere = await answer({ code: device.user_code, csrf, answer: "allow" }, { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" });
  for (const refused of [wrong, elsewhere]) assert.ok(refused.status() >= 400 && refused.status() < 500, `${refused.status()}`);
  const pending = await poll(device);
  assert.equal(pending.json.error, "authorization_pending");
  assert.equal((await answer({ code: device.user_code, csrf, answer: "allow" }, own)).status(), 200, "the nearest that is right");
  clean(page);
});

test("keys alone are enough, and the dangerous answer is not the one that Enter gives", async () => {
  const device = await begin();
  await page.goto(`${lock.issuer}/device`);
  await heading(page, "Connect a device").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "code");
  await page.keyboard.type(device.user_code);
  await page.keyboard.press("Enter");
  await asked();
  await page.keyboard.press("Enter");
  await asked(); // nothing has the focus yet
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.value), "allow");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await heading(page, "Your device was not let in").waitFor();
  clean(page);
});
