// Clients that publish their keys themselves (`jwks_uri`), and change them; and our own keys, as they change under clients' eyes.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as jose from "jose";
import * as oauth from "oauth4webapi";
import { claimsOf, keyed, redirect, signer, web, world } from "../lib/foreign.mjs";
import { App, discover, refused } from "../lib/oauth4.mjs";
import { httpsServer } from "../lib/tls.mjs";

let lock, visitor, close, as, keys, first, second, secret;

before(async () => {
  [first, second] = [await signer("ES256"), await signer("PS256")];
  keys = await httpsServer("localhost", { "/jwks.json": { keys: [first.jwk] }, "/broken.json": { keys: "none" } });
  const service = (id, path) => {
    const { jwks: _, token_endpoint_auth_signing_alg: __, ...rest } = keyed(id, first, {
      grant_types: ["client_credentials"], scope: "report:write", redirect_uris: [], lockgate: { kind: "service" },
    });
    return { ...rest, jwks_uri: `${keys.origin}${path}` };
  };
  const site = web("site");
  secret = site.client_secret;
  ({ lock, visitor, close } = await world({ clients: [service("rotates", "/jwks.json"), service("missing", "/nothing.json"), service("broken", "/broken.json"), site], extraCa: keys.certificate, movable: true }));
  as = await discover(lock.issuer);
});
after(async () => { await close?.(); await keys?.close(); });

const by = (id, signer) => new App(as, { id, auth: oauth.PrivateKeyJwt({ key: signer.key, kid: signer.kid }) }).own({ scope: "report:write" });

test("a client's keys are fetched once, and again when it signs with a new one", async () => {
  assert.ok((await by("rotates", first)).access_token);
  assert.ok((await by("rotates", first)).access_token);
  assert.deepEqual(keys.asked, ["/jwks.json"], "they were fetched more often than needed");
  keys.pages["/jwks.json"] = { keys: [second.jwk] };
  // Anybody can name a key that is not there, so that one address is asked again at most every half minute.
  await refused(by("rotates", second), "invalid_client");
  lock.later(31);
  assert.ok((await by("rotates", second)).access_token, "a new key is not found");
  assert.equal(keys.asked.length, 2);
  await refused(by("rotates", first), "invalid_client");
});

test("assertions under made-up key ids cost few fetches", async () => {
  const before = keys.asked.length;
  for (let count = 0; count < 20; count += 1) await refused(by("rotates", await signer("ES256")), "invalid_client");
  assert.ok(keys.asked.length - before <= 1, `${keys.asked.length - before} fetches`);
});

test("keys that can't be had refuse, and tell nothing", async () => {
  for (const id of ["missing", "broken"]) {
    const refusal = await by(id, first).then(() => assert.fail(`${id} was let in`), (failure) => failure);
    const text = await refusal.response.text();
    assert.match(text, /invalid_client|temporarily_unavailable/, `${id}: ${text}`);
    assert.ok(!text.includes(new URL(keys.origin).port), `the answer names the address: ${text}`);
  }
});

test("our signing keys change while clients hold on to what they knew", async () => {
  const site = new App(as, { id: "site", auth: oauth.ClientSecretBasic(secret), redirectUri: redirect("site"), visitor });
  const before = await site.tokens({ scope: "openid offline_access" });
  const cached = jose.createRemoteJWKSet(new URL(as.jwks_uri), { cooldownDuration: 0 });
  await jose.jwtVerify(before.access_token, cached, { issuer: lock.issuer });
  lock.run(["keys", "rotate", "--alg", "ES256", "--at-once", "--config", lock.config]);
  const renewed = await site.refresh(before.refresh_token);
  const [old, fresh] = [before, renewed].map(({ access_token: token }) => jose.decodeProtectedHeader(token).kid);
  assert.notEqual(fresh, old, "the key did not change");
  await jose.jwtVerify(renewed.access_token, cached, { issuer: lock.issuer });
  await jose.jwtVerify(before.access_token, jose.createRemoteJWKSet(new URL(as.jwks_uri)), { issuer: lock.issuer });
  assert.equal((await site.userinfo(before.access_token, claimsOf(before.id_token).sub)).sub, claimsOf(before.id_token).sub, "a token of a minute ago is void");
});
