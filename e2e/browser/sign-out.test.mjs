// Signing out at an application (OpenID Connect RP-Initiated Logout 1.0) in a real browser: with a hint, without one, and for somebody else.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { Request, listening } from "../lib/application.mjs";
import { account, button, clean, enrol, heading, launch, open, plugIn } from "../lib/browser.mjs";
import { form } from "../lib/http.mjs";
import { Lockgate } from "../lib/server.mjs";

let lock, browser, page, authenticator, application, AFTER;
let next = 0;

before(async () => {
  application = await listening();
  AFTER = `${application.origin}/bye`;
  lock = await Lockgate.make({
    people: Array.from({ length: 8 }, (_, index) => ({ name: `person${index}`, display: `Person ${index}` })),
    clients: [{ id: "notes", name: "Harbour Notes", redirectUris: [application.redirectUri], trusted: true, more: ["--post-logout-uri", AFTER] }],
  });
  await lock.start();
  browser = await launch();
});
after(async () => { await browser?.close(); await lock?.close(); await application?.close(); });

beforeEach(async () => {
  page = await open(browser);
  page.display = `Person ${next}`;
  authenticator = await plugIn(page);
  await enrol(page, lock.links[`person${next}`]);
  next += 1;
  application.arrived.length = 0;
  await authenticator.present(false);
});
afterEach(() => page.context().close());

const end = (fields) => page.goto(`${lock.issuer}/logout?${form(fields)}`);
const atApplication = () => page.waitForURL((url) => url.href.startsWith(AFTER));

/** The ID token of a sign-in to the application. */
async function signedInThere() {
  const asked = new Request(lock, "notes", application.redirectUri);
  await page.goto(asked.url);
  await heading(page, "Arrived").waitFor();
  const tokens = await asked.redeem(application.arrived.at(-1));
  assert.equal(tokens.status, 200, tokens.text);
  return tokens.json;
}
async function stillSignedIn() {
  await page.goto(`${lock.issuer}/account`);
  await account(page, page.display);
}
async function isOut() {
  await page.goto(`${lock.issuer}/account`);
  await heading(page, "Sign in").waitFor();
}

test("with the hint nothing is asked, and the person comes back to the application", async () => {
  const { id_token: hint, refresh_token: refresh } = await signedInThere();
  await end({ id_token_hint: hint, post_logout_redirect_uri: AFTER, state: "tide" });
  await atApplication();
  assert.equal(new URL(page.url()).searchParams.get("state"), "tide");
  await isOut();
  const dead = await new Request(lock, "notes", application.redirectUri).client.refresh(refresh);
  assert.deepEqual([dead.status, dead.json.error], [400, "invalid_grant"]);
  clean(page);
});

test("without a hint the person is asked, and may stay", async () => {
  await signedInThere();
  await end({ client_id: "notes", post_logout_redirect_uri: AFTER });
  await heading(page, "Sign out of Harbour Notes and Lockgate?").waitFor();
  await page.getByText(page.display).first().waitFor();
  await button(page, "Stay signed in").click();
  await page.waitForLoadState();
  await stillSignedIn();
  await end({ client_id: "notes", post_logout_redirect_uri: AFTER, state: "ebb" });
  await button(page, "Sign out").click();
  await atApplication();
  assert.equal(new URL(page.url()).searchParams.get("state"), "ebb");
  await isOut();
  clean(page);
});

test("nobody in particular asks: the page names no application, and ends here", async () => {
  await end({});
  await heading(page, "Sign out of Lockgate?").waitFor();
  await button(page, "Sign out").click();
  await heading(page, "You're signed out").waitFor();
  await isOut();
  clean(page);
});

test("an address that isn't registered leads nowhere and signs nobody out", async () => {
  const { id_token: hint } = await signedInThere();
  await end({ id_token_hint: hint, post_logout_redirect_uri: "https://evil.example/" });
  await heading(page, "This sign-out can't be done that way").waitFor();
  assert.equal(new URL(page.url()).origin, lock.issuer);
  await stillSignedIn();
  clean(page, 400);
});

test("somebody else's hint asks first", async () => {
  const { id_token: theirs } = await signedInThere();
  await page.context().clearCookies();
  await authenticator.unplug();
  authenticator = await plugIn(page);
  await enrol(page, lock.links[`person${next}`]);
  page.display = `Person ${next}`;
  next += 1;
  await end({ id_token_hint: theirs, post_logout_redirect_uri: AFTER });
  await heading(page, "Sign out of Harbour Notes and Lockgate?").waitFor();
  await stillSignedIn();
  clean(page);
});

test("keys alone are enough to stay", async () => {
  await end({});
  await heading(page, "Sign out of Lockgate?").waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.value), "sign_out");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForLoadState();
  await stillSignedIn();
  clean(page);
});
