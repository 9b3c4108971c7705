// Apache's mod_auth_openidc as a relying party: a website whose private part needs a sign-in, with PKCE.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { website } from "../lib/apache.mjs";
import { redirect, signIn, walk, web, world } from "../lib/foreign.mjs";
import { Visitor } from "../lib/http.mjs";
import { freePort, until } from "../lib/server.mjs";

let lock, visitor, passkey, close;
const sites = [];

before(async () => {
  const [first, second] = [await freePort(), await freePort()];
  const at = (port) => ({
    redirect_uris: [`http://localhost:${port}/private/callback`], post_logout_redirect_uris: [`http://localhost:${port}/`],
    backchannel_logout_uri: `http://localhost:${port}/private/callback?logout=backchannel`,
  });
  // The module of Debian 12 crashes when it shall sign with a key of its own, so both show secrets.
  const clients = [web("site", at(first)), web("forms", { ...at(second), token_endpoint_auth_method: "client_secret_post" }), web("other")];
  ({ lock, visitor, passkey, close } = await world({ clients }));
  const open = async (site) => sites.push({ ...site, id: site.client, ...await website({ issuer: lock.issuer, ...site }) });
  await open({ client: "site", port: first, secret: clients[0].client_secret });
  await open({
    client: "forms", port: second, secret: clients[1].client_secret, oidc: { OIDCProviderTokenEndpointAuth: "client_secret_post", OIDCResponseMode: "form_post" },
  });
});
after(async () => {
  for (const site of sites) await site.close();
  await close?.();
});

/** A browser at a website: it says that it reads pages, which mod_auth_openidc wants to hear before it sends anybody away. */
class Browser extends Visitor {
  get(path) {
    return super.get(path, { Accept: "text/html" });
  }
}

/** Somebody's browser at the website, sent to Lockgate and back. */
async function enter(site, { bend = (callback) => callback } = {}) {
  const browser = new Browser(site.port);
  const away = await browser.get("/private/");
  assert.equal(away.status, 302, `${away.status}: ${away.text}\n${readFileSync(site.errorLog, "utf8")}`);
  const request = new URL(away.location);
  assert.equal(request.origin + request.pathname, `${lock.issuer}/authorize`);
  assert.equal(request.searchParams.get("code_challenge_method"), "S256");
  const callback = bend(await walk(visitor, request));
  const back = callback.action
    ? await browser.send({ method: "POST", path: new URL(callback.action).pathname, body: `${new URLSearchParams(callback.fields)}`, headers: { "Content-Type": "application/x-www-form-urlencoded", Origin: lock.issuer } })
    : await browser.get(callback.pathname + callback.search);
  return { browser, back };
}

const why = (site) => readFileSync(site.errorLog, "utf8").slice(-2_000);

for (const index of [0, 1]) {
  test(`a website, ${["answered in an address", "answered in a form"][index]} lets its visitor in`, async () => {
    const site = sites[index];
    const { browser, back } = await enter(site);
    assert.equal(back.status, 302, `${back.text}\n${why(site)}`);
    const page = await browser.get("/private/");
    assert.equal(page.status, 200, why(site));
    assert.match(page.text, /private/);
    const info = (await browser.get("/private/callback?info=json")).json;
    assert.equal(info.id_token.sub, page.headers["x-signed-in"]);
    assert.equal(info.userinfo.sub, info.id_token.sub);
    assert.deepEqual([info.id_token.aud, info.id_token.acr], [site.id, "phr"]);

    // It refreshes by itself when asked to.
    const fresh = await browser.get(`/private/callback?refresh=${encodeURIComponent(`http://localhost:${site.port}/private/`)}&access_token=${info.access_token}`);
    assert.equal(fresh.status, 302, why(site));
    assert.doesNotMatch(fresh.location, /error/, why(site));
    assert.notEqual((await browser.get("/private/callback?info=json")).json.access_token, info.access_token);
  });
}

test("a website lets nobody in on another's answer", async () => {
  const bent = {
    "another state": (callback) => { callback.searchParams.set("state", "another"); return callback; },
    "a code that nobody issued": (callback) => { callback.searchParams.set("code", `lgc_${"A".repeat(43)}`); return callback; },
  };
  for (const [what, bend] of Object.entries(bent)) {
    const { browser } = await enter(sites[0], { bend });
    assert.notEqual((await browser.get("/private/")).status, 200, what);
  }
});

test("signing out at the website ends Lockgate's session, and Lockgate's end ends the website's", async () => {
  const [site, forms] = sites;
  const { browser } = await enter(site);
  const { browser: second } = await enter(forms);
  assert.deepEqual([(await browser.get("/private/")).status, (await second.get("/private/")).status], [200, 200]);
  const away = await browser.get(`/private/callback?logout=${encodeURIComponent(`http://localhost:${site.port}/`)}`);
  assert.equal(away.status, 302, why(site));
  const end = new URL(away.location);
  assert.equal(end.origin + end.pathname, `${lock.issuer}/logout`);
  const back = await visitor.get(end.pathname + end.search);
  assert.equal(back.status, 303, back.text.slice(0, 1000));
  assert.ok(back.location.startsWith(`http://localhost:${site.port}/`));
  assert.notEqual((await visitor.get("/account")).status, 200, "Lockgate's session goes on");
  // The other website was told over the back channel, and believed what it was told.
  await until("the end of the other website's session", async () => (await second.get("/private/")).status !== 200);
  await signIn(visitor, passkey);
});

test("a website is not let in as another application", async () => {
  const port = await freePort();
  const stranger = await website({ port, issuer: lock.issuer, client: "other", secret: "x".repeat(43) });
  try {
    const browser = new Browser(port);
    const away = await browser.get("/private/");
    browser.close();
    const answer = await visitor.get(`${new URL(away.location).pathname}${new URL(away.location).search}`);
    assert.deepEqual([answer.status, answer.location], [400, undefined], `a redirect to a place that ${redirect("other")} is not`);
  } finally {
    await stranger.close();
  }
});
