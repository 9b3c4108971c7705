// An application asks, a person answers: sign-in and consent in a real browser, and where the answer goes.

import assert from "node:assert/strict";
import http from "node:http";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { account, button, enrol, heading, launch, open, plugIn, signInThere, signOut, tab } from "../lib/browser.mjs";
import { form } from "../lib/http.mjs";
import { Client, authorizeParams, pkce } from "../lib/oauth.mjs";
import { Lockgate } from "../lib/server.mjs";

const FAR = "https://far.example.org/callback";

let lock, browser, page, authenticator, application, REDIRECT, arrived;
let next = 0;

before(async () => {
  // The application: it notes what arrives at its redirect address.
  application = http.createServer((request, response) => {
    const url = new URL(request.url, REDIRECT);
    if (url.pathname === "/callback") arrived.push(url);
    response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><title>Arrived</title><h1>Arrived</h1>");
  });
  await new Promise((resolve) => application.listen(0, "127.0.0.1", resolve));
  REDIRECT = `http://127.0.0.1:${application.address().port}/callback`;
  lock = await Lockgate.make({
    people: Array.from({ length: 10 }, (_, index) => ({ name: `person${index}`, display: `Person ${index}` })),
    clients: [
      { id: "app", name: "Tide Tables", redirectUris: [REDIRECT], scopes: ["openid", "offline_access"] },
      { id: "trusted", name: "Payroll", redirectUris: [REDIRECT], trusted: true },
      { id: "native", name: "Sluice Desk", kind: "native", redirectUris: [REDIRECT] },
      { id: "far", name: "Harbour Log", redirectUris: [FAR], scopes: ["openid", "offline_access"] },
    ],
  });
  await lock.start();
  browser = await launch();
});
after(async () => { await browser?.close(); await lock?.close(); application?.closeAllConnections(); application?.close(); });

// Each test begins signed in.
beforeEach(async () => {
  page = await open(browser);
  page.display = `Person ${next}`;
  arrived = [];
  authenticator = await plugIn(page);
  await enrol(page, lock.links[`person${next}`]);
  next += 1;
});
afterEach(() => page.context().close());

const address = (client, redirectUri, more) => `${lock.issuer}/authorize?${form(authorizeParams({ client, redirectUri, ...more }))}`;
const atApplication = () => heading(page, "Arrived").waitFor();

test("Allow sends a code to the application, and the page said who, what and where to", async () => {
  const { verifier, challenge } = pkce();
  await page.goto(address("app", REDIRECT, { scope: "openid offline_access", challenge, state: "tide" }));
  await heading(page, "Allow Tide Tables?").waitFor();
  for (const text of ["An application on your device asks for this:", page.display]) assert.ok(await page.getByText(text).first().isVisible(), text);
  assert.equal(await page.locator(".scopes li").count(), 2);
  await button(page, "Allow").click();
  await atApplication();
  const [url] = arrived;
  assert.equal(`${url.origin}${url.pathname}`, REDIRECT);
  assert.equal(url.searchParams.get("state"), "tide");
  assert.equal(url.searchParams.get("iss"), lock.issuer);
  const client = new Client(lock.port, { id: "app", secret: lock.secrets.app, redirectUri: REDIRECT });
  const tokens = await client.redeem({ code: url.searchParams.get("code"), verifier });
  assert.equal(tokens.status, 200, tokens.text);
  assert.deepEqual(page.complaints, []);

  await page.goto(`${lock.issuer}/account/apps`);
  assert.ok(await page.getByRole("heading", { name: /Tide Tables/ }).isVisible(), "My account does not list the application");
});

test("what was allowed is remembered, and anything more is asked", async () => {
  const ask = (scope) => page.request.get(address("far", FAR, { scope }), { maxRedirects: 0 });
  const question = await ask("openid");
  const text = await question.text();
  assert.match(text, /Your “Allow” is remembered/);
  assert.match(text, /far\.example\.org/);
  const field = (name) => new RegExp(`name="${name}" value="([^"]+)"`).exec(text)[1];
  const allowed = await page.request.post(`${lock.issuer}/authorize/consent`, {
    form: { journey: field("journey"), csrf: field("csrf"), answer: "allow" }, headers: { Origin: lock.issuer }, maxRedirects: 0,
  });
  for (const answer of [allowed, await ask("openid")]) {
    assert.equal(answer.status(), 303);
    assert.ok(answer.headers().location.startsWith(`${FAR}?`) && new URL(answer.headers().location).searchParams.get("code"), answer.headers().location);
  }
  const more = await ask("openid offline_access");
  assert.equal(more.status(), 200, "more than was allowed is not asked for");
});

test("Don't allow tells the application so, and nothing else", async () => {
  await page.goto(address("app", REDIRECT, { state: "s" }));
  await button(page, "Don't allow").click();
  await atApplication();
  const params = Object.fromEntries(arrived[0].searchParams);
  delete params.error_description;
  assert.deepEqual(params, { error: "access_denied", state: "s", iss: lock.issuer });
  await page.goto(address("app", REDIRECT));
  await heading(page, "Allow Tide Tables?").waitFor();
});

test("an application on the device is asked about each time", async () => {
  for (let time = 0; time < 2; time += 1) {
    await page.goto(address("native", REDIRECT));
    await heading(page, "Allow Sluice Desk?").waitFor();
    await page.getByText("You're asked each time").waitFor();
    await button(page, "Allow").click();
    await atApplication();
  }
  assert.equal(arrived.length, 2);
});

test("an application that the organisation trusts asks nothing", async () => {
  await page.goto(address("trusted", REDIRECT));
  await atApplication();
  assert.ok(arrived[0].searchParams.get("code"));
});

test("a stranger signs in first, and comes out where the application waits", async () => {
  await authenticator.present(false);
  await signOut(page);
  await page.goto(address("app", REDIRECT));
  await heading(page, "Sign in").waitFor();
  assert.ok(await page.getByText("Tide Tables").first().isVisible());
  assert.ok(await page.getByText("127.0.0.1").first().isVisible());
  await authenticator.present(true);
  await signInThere(page, () => heading(page, "Allow Tide Tables?").waitFor());
  await button(page, "Allow").click();
  await atApplication();
});

test("the back button after Allow asks anew, and the old answer is spent", async () => {
  await page.goto(address("app", REDIRECT));
  const journey = () => page.locator("input[name=journey]").inputValue();
  const first = await journey();
  await button(page, "Allow").click();
  await atApplication();
  await page.goBack();
  await heading(page, "Allow Tide Tables?").waitFor();
  assert.notEqual(await journey(), first);
  assert.equal(arrived.length, 1);
});

test("keys alone are enough to allow, and to refuse", async () => {
  await page.goto(address("app", REDIRECT));
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.value), "allow");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.value), "deny");
  await page.keyboard.press("Enter");
  await atApplication();
  assert.equal(arrived[0].searchParams.get("error"), "access_denied");
});

test("two tabs with one question each get an answer of their own", async () => {
  await page.goto(address("app", REDIRECT, { state: "one" }));
  const second = await tab(page.context());
  await second.goto(address("app", REDIRECT, { state: "two" }));
  await page.bringToFront();
  await button(page, "Allow").click();
  await atApplication();
  await second.bringToFront();
  await button(second, "Don't allow").click();
  await heading(second, "Arrived").waitFor();
  assert.deepEqual(arrived.map((url) => [url.searchParams.get("state"), url.searchParams.get("error")]), [["one", null], ["two", "access_denied"]]);
});

test("a request that must not be answered shows a page and goes nowhere", async () => {
  await page.goto(address("app", "https://evil.example/callback"));
  await heading(page, "This sign-in would end in the wrong place").waitFor();
  assert.equal(new URL(page.url()).origin, lock.issuer);
  assert.equal(arrived.length, 0);
  await page.goto(`${lock.issuer}/account`);
  await account(page, page.display);
});
