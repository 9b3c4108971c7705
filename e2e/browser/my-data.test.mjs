// What an application is told about a person, from the question to the receipt; and taking it back: an application, a session, at once.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { Request, claims, listening } from "../lib/application.mjs";
import { account, button, clean, enrol, heading, launch, open, plugIn, signInThere } from "../lib/browser.mjs";
import { send } from "../lib/http.mjs";
import { Lockgate, until } from "../lib/server.mjs";

// What was taken back is dead within this.
const AT_ONCE_MS = 1_000;

// What a payment asks, beyond scopes (RFC 9396).
const TYPES = [{
  type: "payment", consent: "Pay {amount} € to {payee}", always_ask: true,
  fields: { amount: { kind: "integer", least: 1, greatest: 10_000, required: true }, payee: { kind: "text", required: true } },
}];

let lock, browser, page, authenticator, application;
let next = 0;

before(async () => {
  application = await listening();
  const redirectUris = [application.redirectUri];
  const tells = ["name", "email", "email_verified", "phone_number"].flatMap((claim) => ["--claim", claim]);
  lock = await Lockgate.make({
    settings: '[oauth]\ndetail_types = "types.json"', files: { "types.json": JSON.stringify(TYPES) },
    people: Array.from({ length: 10 }, (_, index) => ({ name: `person${index}`, display: `Person ${index}` })),
    clients: [
      { id: "notes", name: "Harbour Notes", redirectUris, scopes: ["openid", "profile", "email", "offline_access"], more: [...tells, "--purpose", "To send you the minutes."] },
      { id: "tide", name: "Tide Tables", redirectUris, scopes: ["openid", "offline_access"] },
      { id: "dues", name: "Harbour Dues", redirectUris, scopes: ["openid"], more: ["--detail-type", "payment"] },
    ],
  });
  for (let index = 0; index < 10; index += 1) {
    const file = path.join(lock.dir, "attributes.json");
    writeFileSync(file, JSON.stringify({ name: `Person ${index}`, email: `person${index}@example.org`, email_verified: true, phone_number: "+44 20 7946 0000", nickname: "never told" }));
    lock.operate("person", "attributes", `person${index}`, file);
  }
  await lock.start();
  browser = await launch();
});
after(async () => { await browser?.close(); await lock?.close(); await application?.close(); });

beforeEach(async () => {
  page = await open(browser);
  Object.assign(page, { display: `Person ${next}`, person: `person${next}` });
  authenticator = await plugIn(page);
  await enrol(page, lock.links[page.person]);
  next += 1;
  application.arrived.length = 0;
});
afterEach(() => page.context().close());

const userinfo = (token) => send({ port: lock.port, path: "/userinfo", headers: { Authorization: `Bearer ${token}` } });

/** The person allows what the application asks for; resolves with the tokens. */
async function allow(id, more) {
  const asked = new Request(lock, id, application.redirectUri, more);
  await page.goto(asked.url);
  const name = { notes: "Harbour Notes", tide: "Tide Tables", dues: "Harbour Dues" }[id];
  await heading(page, `Allow ${name}?`).waitFor();
  await button(page, "Allow").click();
  await heading(page, "Arrived").waitFor();
  const tokens = await asked.redeem(application.arrived.at(-1));
  assert.equal(tokens.status, 200, tokens.text);
  return { client: asked.client, ...tokens.json };
}

test("the question names what would be told and what for, and nothing else is told", async () => {
  await page.goto(new Request(lock, "notes", application.redirectUri, { scope: "openid profile email" }).url);
  await heading(page, "Allow Harbour Notes?").waitFor();
  await page.getByText("Be told your name and e-mail address").waitFor();
  await page.getByText("“To send you the minutes.”").waitFor();
  assert.equal(await page.getByText(/nickname|telephone/).count(), 0);
  const { access_token: token } = await allow("notes", { scope: "openid profile email" });
  const told = (await userinfo(token)).json;
  delete told.sub;
  assert.deepEqual(told, { name: page.display, email: `${page.person}@example.org`, email_verified: true });
  clean(page);
});

test("single facts that an application asks for (claims) stand in the question, and only those are told", async () => {
  const wish = JSON.stringify({ userinfo: { phone_number: { essential: true }, nickname: null } });
  const { access_token: token } = await allow("notes", { scope: "openid", claims: wish });
  const told = (await userinfo(token)).json;
  delete told.sub;
  assert.deepEqual(told, { phone_number: "+44 20 7946 0000" });
  await page.goto(`${lock.issuer}/account/data`);
  await page.getByText("Your telephone number").waitFor();
  clean(page);
});

test("what is asked in detail stands first, in words, and is granted as it was shown", async () => {
  const payment = { type: "payment", amount: 250, payee: "<b>Lock Keepers</b> & Sons" };
  const more = { authorization_details: JSON.stringify([payment]) };
  await page.goto(new Request(lock, "dues", application.redirectUri, more).url);
  await heading(page, "Allow Harbour Dues?").waitFor();
  assert.equal(await page.locator(".scopes li").first().innerText(), "Pay 250 € to <b>Lock Keepers</b> & Sons");
  assert.equal(await page.locator(".scopes b").count(), 0, "an application's words became markup");
  const tokens = await allow("dues", more);
  assert.deepEqual(tokens.authorization_details, [payment]);
  assert.deepEqual(claims(tokens.access_token).authorization_details, [payment]);
  // Asked each time.
  await page.goto(new Request(lock, "dues", application.redirectUri, more).url);
  await heading(page, "Allow Harbour Dues?").waitFor();
  clean(page);
});

test("each telling leaves a receipt, which counts", async () => {
  await page.goto(`${lock.issuer}/account/data`);
  await page.getByText(/^Nobody\./).waitFor();
  const { access_token: token } = await allow("notes", { scope: "openid profile email" });
  await page.goto(`${lock.issuer}/account/data`);
  await page.getByText(/^Nobody\./).waitFor(); // allowed, and not told yet
  assert.equal((await userinfo(token)).status, 200);
  await page.reload();
  const receipt = page.getByRole("listitem").filter({ hasText: "Harbour Notes" });
  await receipt.getByText("Your name and e-mail address").waitFor();
  await receipt.getByText("“To send you the minutes.”").waitFor();
  await receipt.getByText("Once").waitFor();
  for (let time = 0; time < 2; time += 1) assert.equal((await userinfo(token)).status, 200);
  await until("a receipt that has counted", async () => {
    await page.reload();
    return (await receipt.innerText()).includes("3 times");
  });
  await page.goto(`${lock.issuer}/account`);
  await page.getByText("Harbour Notes was told something about you.").waitFor();
  clean(page);
});

test("an application whose access is taken away is dead within a second, and has to ask again", async () => {
  const held = await allow("notes", { scope: "openid profile offline_access" });
  const other = await allow("tide", { scope: "openid offline_access" });
  await page.goto(`${lock.issuer}/account/apps`);
  const row = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: /Harbour Notes/ }) });
  await row.getByText("Keep working while you're away").waitFor();
  await row.locator("summary").click();
  const pressed = performance.now();
  await row.getByRole("button", { name: /Take it away/ }).click();
  await page.getByText("Access is withdrawn.").waitFor();
  const refreshed = await held.client.refresh(held.refresh_token);
  assert.deepEqual([refreshed.status, refreshed.json.error], [400, "invalid_grant"]);
  assert.equal((await userinfo(held.access_token)).status, 401);
  assert.ok(performance.now() - pressed < AT_ONCE_MS, `it took ${Math.round(performance.now() - pressed)} ms`);
  assert.equal(await page.getByRole("heading", { name: /Harbour Notes/ }).count(), 0);
  assert.equal((await other.client.refresh(other.refresh_token)).status, 200, "the other application lost its access too");
  await page.goto(new Request(lock, "notes", application.redirectUri, { scope: "openid profile" }).url);
  await heading(page, "Allow Harbour Notes?").waitFor();
  clean(page);
});

test("a session that is ended from another browser is over there within a second, and its applications with it", async () => {
  const passkeys = await authenticator.passkeys();
  const lost = await open(browser);
  const there = await plugIn(lost);
  for (const passkey of passkeys) await there.insert(passkey);
  await lost.goto(`${lock.issuer}/account`);
  await signInThere(lost, () => account(lost, page.display));
  await there.present(false);
  const asked = new Request(lock, "tide", application.redirectUri, { scope: "openid" });
  await lost.goto(asked.url);
  await button(lost, "Allow").click();
  await heading(lost, "Arrived").waitFor();
  const tokens = (await asked.redeem(application.arrived.at(-1))).json;
  assert.equal((await userinfo(tokens.access_token)).status, 200);
  await lost.goto(`${lock.issuer}/account`);
  await account(lost, page.display);

  await page.goto(`${lock.issuer}/account/sessions`);
  await page.getByRole("heading", { name: "2 browsers" }).waitFor();
  const pressed = performance.now();
  await page.getByRole("button", { name: /^Sign out the browser/ }).click();
  await page.getByText("That browser is signed out.").waitFor();
  assert.equal((await userinfo(tokens.access_token)).status, 401, "its application can go on");
  const refreshed = await asked.client.refresh(tokens.refresh_token);
  assert.deepEqual([refreshed.status, refreshed.json.error], [400, "invalid_grant"]);
  const elsewhere = await lost.request.get(`${lock.issuer}/account`, { maxRedirects: 0 });
  assert.equal(elsewhere.status(), 303, "the other browser is still signed in");
  assert.ok(performance.now() - pressed < AT_ONCE_MS, `it took ${Math.round(performance.now() - pressed)} ms`);
  await lost.reload();
  await heading(lost, "Sign in").waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "1 browser" }).waitFor();
  clean(lost);
  clean(page);
  await lost.context().close();
});

test("all other browsers are signed out with one press, and this one is not", async () => {
  const passkeys = await authenticator.passkeys();
  const others = [];
  for (let index = 0; index < 2; index += 1) {
    const other = await open(browser);
    const there = await plugIn(other);
    for (const passkey of passkeys) await there.insert(passkey);
    // By autofill alone: whoever presses the button as well may sign in twice.
    await other.goto(`${lock.issuer}/account`);
    await account(other, page.display);
    await there.present(false);
    others.push(other);
  }
  await page.goto(`${lock.issuer}/account/sessions`);
  await button(page, "Sign out the 2 others").click();
  await page.getByText("All other browsers are signed out.").waitFor();
  for (const other of others) {
    await other.reload();
    await heading(other, "Sign in").waitFor();
    await other.context().close();
  }
  await page.reload();
  await page.getByRole("heading", { name: "1 browser" }).waitFor();
  clean(page);
});
