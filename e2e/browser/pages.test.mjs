// Every page, in every state, light and dark, wide and narrow: readable by everyone, within its own policy, and nothing from elsewhere.
// With SCREENS=1 the pictures in docs/screens are taken as well.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import { forgive, launch, launchWithoutScripts, open, shown } from "../lib/browser.mjs";
import { Visitor } from "../lib/http.mjs";
import { house, walk, walkDemo } from "../lib/pages.mjs";
import { passwordHouse, walkPassword, walkWeaker, weakerHouse } from "../lib/pages-weaker.mjs";
import { small } from "../lib/png.mjs";
import { root } from "../lib/programs.mjs";
import { until } from "../lib/server.mjs";
import { SoftPasskey } from "../lib/soft.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const picture = process.env.SCREENS === "1"
  ? async (name, page) => writeFileSync(path.join(root, "docs/screens", `${name}.png`), small(await page.screenshot({ fullPage: true })))
  : async () => {};

let lock, weaker, passwords, browser;

before(async () => { [lock, weaker, passwords, browser] = [await house(), await weakerHouse(), await passwordHouse(), await launch()]; });
after(async () => {
  await browser?.close();
  for (const one of [lock, weaker, passwords]) await one?.close();
  await weaker?.application.close();
});

/** All walks but the demonstration's. */
async function walkAll(options, look) {
  await walk(browser, lock, options, look);
  await walkWeaker(browser, weaker, options, look);
  await walkPassword(browser, passwords, options, look);
}

/** What axe-core finds that keeps people from using the page. */
async function barriers(page) {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  assert.ok(passes.length > 10, "axe-core looked at nothing");
  return violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" ").slice(0, 300)}`);
}

for (const [scheme, width] of [["light", 1440], ["light", 360], ["dark", 1440]]) {
  test(`axe-core finds no barrier, and nothing sticks out: ${scheme}, ${width} px`, async () => {
    const found = [];
    const seen = new Set();
    const look = async (name, page) => {
      seen.add(name);
      await picture(`${name}-${scheme}-${width}`, page);
      for (const barrier of await barriers(page)) found.push(`${name}: ${barrier}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) found.push(`${name}: ${wide} px wider than the window`);
    };
    // axe-core has to be let in past the policy, which the next test holds the pages to.
    const options = { scheme, width, height: width === 360 ? 740 : 900, strict: false };
    await walkAll(options, look);
    await walkDemo(browser, options, look);
    assert.deepEqual(found, []);
    assert.ok(seen.size >= 60, `only ${seen.size} pages were looked at`);
    console.log(`${scheme}, ${width} px: ${seen.size} pages`);
  });
}

test("every page keeps to its policy, loads nothing from elsewhere, and complains about nothing", async () => {
  const foreign = [];
  const documents = [];
  const complaints = [];
  const watched = new WeakSet();
  const own = [lock.issuer, weaker.issuer, passwords.issuer, weaker.application.origin];
  const look = async (name, page, statuses) => {
    // Refusals by the server that the walk means to cause, which browsers note as failed loads.
    forgive(page, ...statuses);
    if (page.complaints.length) complaints.push([name, ...page.complaints]);
    page.complaints.length = 0;
    if (watched.has(page)) return;
    watched.add(page);
    page.on("request", (request) => { if (!own.some((origin) => request.url().startsWith(`${origin}/`))) foreign.push(request.url()); });
    page.on("response", (response) => { if (response.request().isNavigationRequest()) documents.push(response); });
  };
  await walkAll({}, look);
  assert.deepEqual(complaints, []);
  assert.deepEqual(foreign.filter((url) => url !== "about:blank"), []);

  const pages = documents.filter((response) => !response.url().startsWith(weaker.application.origin) && response.headers()["content-type"]?.startsWith("text/html"));
  assert.ok(pages.length >= 60, `${pages.length} documents`);
  for (const response of pages) {
    const [url, headers] = [response.url(), response.headers()];
    const policy = headers["content-security-policy"];
    for (const directive of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "require-trusted-types-for 'script'"]) {
      assert.ok(policy.includes(directive), `${url}: ${directive} is not in ${policy}`);
    }
    assert.doesNotMatch(policy, /unsafe|\*|data:|blob:/, url);
    assert.deepEqual(
      ["x-frame-options", "x-content-type-options", "referrer-policy", "cache-control", "cross-origin-opener-policy"].map((name) => headers[name]),
      ["DENY", "nosniff", "same-origin", "no-store", "same-origin"], url,
    );
    assert.match(headers["permissions-policy"], /publickey-credentials-get=\((self)?\)/, url);
    assert.equal(headers["server"], undefined, `${url} tells what serves it`);
  }
});

test("without JavaScript every page says what is missing, and shows what it can", async () => {
  const plain = await launchWithoutScripts();
  try {
    const context = await plain.newContext();
    const page = await context.newPage();
    const reads = (...texts) => until(`a page with ${texts.join(", ")}`, async () => {
      const text = await shown(page);
      return texts.every((one) => text.includes(one));
    });
    await page.goto(`${lock.issuer}/account`);
    await reads("heading: Sign in", "JavaScript is off.", "button: Sign in with a passkey (disabled)");
    await page.goto(`${lock.issuer}/enrol#anything`);
    await reads("heading: Create a passkey", "JavaScript is off.");

    const visitor = new Visitor(lock.port);
    const guest = lock.guests.shift();
    assert.equal((await visitor.enrol(guest.link, new SoftPasskey(), "Soft")).status, 200);
    await context.addCookies([...visitor.cookies].map(([name, value]) => ({ name, value, url: lock.issuer })));
    visitor.close();
    await page.goto(`${lock.issuer}/account`);
    await reads("heading: My account", guest.display, "Your passkey can't be phished");
    await page.goto(`${lock.issuer}/account/ways-to-sign-in`);
    await reads("heading: Ways to sign in", guest.display, "JavaScript is off.", "Soft", "button: Sign out", "button: Remove Soft (disabled)");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await reads("heading: You're signed out");
  } finally {
    await plain.close();
  }
});

test("a page of another site can't frame ours", async () => {
  const page = await open(browser);
  const failures = [];
  page.on("requestfailed", (request) => failures.push(`${new URL(request.url()).pathname} ${request.failure().errorText}`));
  await page.goto(`http://127.0.0.1:${lock.port}/health/live`);
  await page.evaluate((url) => new Promise((resolve) => {
    const frame = document.createElement("iframe");
    frame.onload = resolve;
    frame.src = url;
    document.body.append(frame);
  }), `${lock.issuer}/signed-out`);
  assert.equal(await page.frames()[1].getByRole("heading").count(), 0, "the page stands in a foreign frame");
  assert.deepEqual(failures, ["/signed-out net::ERR_BLOCKED_BY_RESPONSE"]);
  await page.context().close();
});
