// What applications bring along when they move here from elsewhere, seen by foreign clients: identifiers of people, no PKCE, refresh tokens
// that stay, other signature algorithms. And what an application in a browser needs.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import * as jose from "jose";
import * as oauth from "oauth4webapi";
import * as oidc from "openid-client";
import { claimsOf, keyed, redirect, signer, walk, web, world } from "../lib/foreign.mjs";
import { App, discover, plain, refused } from "../lib/oauth4.mjs";

const exception = (rule) => ({ exceptions: [{ rule, reason: "It moved here as it is.", owner: "Ada", approved_by: "Bela", days: 30 }] });

let lock, visitor, close, as, clients, key;

before(async () => {
  key = await signer("ES256");
  clients = [
    web("moved"), web("old", { lockgate: exception("pkce_with_nonce") }), web("strict"),
    keyed("bank", key, { dpop_bound_access_tokens: true, lockgate: exception("no_rotation") }),
    web("rsa", { id_token_signed_response_alg: "RS256" }),
    {
      client_id: "spa", client_name: "In a browser", redirect_uris: [redirect("spa")], token_endpoint_auth_method: "none", grant_types: ["authorization_code", "refresh_token"],
      scope: "openid offline_access", lockgate: { kind: "browser" },
    },
  ];
  ({ lock, visitor, close } = await world({ clients }));
  as = await discover(lock.issuer);
});
after(() => close?.());

const secret = (id) => clients.find(({ client_id: one }) => one === id).client_secret;
const app = (id, auth = oauth.ClientSecretBasic(secret(id)), keys) => new App(as, { id, auth, redirectUri: redirect(id), keys, visitor });

test("an imported identifier is the subject everywhere, and for that application only", async () => {
  const before = claimsOf((await app("moved").tokens()).id_token).sub;
  const list = path.join(lock.dir, "subjects.csv");
  writeFileSync(list, "sign_in_name,subject\nada,00u1abcdEFGH|old-42\n");
  lock.run(["subjects", "import", list, "--client", "moved", "--dry-run", "--config", lock.config]);
  assert.equal(claimsOf((await app("moved").tokens()).id_token).sub, before, "a dry run changed something");
  lock.run(["subjects", "import", list, "--client", "moved", "--config", lock.config]);
  const tokens = await app("moved").tokens({ scope: "openid offline_access" });
  assert.equal(oauth.getValidatedIdTokenClaims(tokens).sub, "00u1abcdEFGH|old-42");
  assert.equal((await app("moved").userinfo(tokens.access_token, "00u1abcdEFGH|old-42")).sub, "00u1abcdEFGH|old-42");
  assert.equal((await app("moved").introspect(tokens.refresh_token)).sub, "00u1abcdEFGH|old-42");
  assert.notEqual(claimsOf((await app("strict").tokens()).id_token).sub, "00u1abcdEFGH|old-42");
});

test("a client with an exception may come with a nonce in place of PKCE, and only with a nonce", async () => {
  const config = (id) => oidc.discovery(new URL(lock.issuer), id, {}, oidc.ClientSecretBasic(secret(id)), { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] });
  const ask = async (id, more) => {
    const settings = await config(id);
    const url = oidc.buildAuthorizationUrl(settings, { redirect_uri: redirect(id), scope: "openid", state: "s", ...more });
    return oidc.authorizationCodeGrant(settings, await walk(visitor, url), { expectedState: "s", expectedNonce: more.nonce });
  };
  assert.ok((await ask("old", { nonce: oidc.randomNonce() })).claims().sub);
  await assert.rejects(ask("old", {}), { error: "invalid_request" }, "neither PKCE nor a nonce");
  await assert.rejects(ask("strict", { nonce: oidc.randomNonce() }), { error: "invalid_request" }, "without an exception");
  // Whoever begins with PKCE ends with it.
  const old = app("old");
  const request = await old.request();
  const answer = await old.answer(old.address(request.params), request.state);
  const bare = await oauth.authorizationCodeGrantRequest(as, old.client, old.auth, answer, old.redirectUri, oauth.nopkce, plain);
  await refused(oauth.processAuthorizationCodeResponse(as, old.client, bare, { expectedNonce: request.nonce }), "invalid_grant", "invalid_request");
  // And a code that was asked for without takes no verifier (RFC 9700 §2.1.1): it may have been injected.
  const without = await old.request();
  without.params.delete("code_challenge");
  without.params.delete("code_challenge_method");
  await refused(old.redeem(await old.answer(old.address(without.params), without.state), without), "invalid_grant", "invalid_request");
});

test("a refresh token that stays, where an exception says so and a key binds it", async () => {
  const keys = await oauth.generateKeyPair("ES256");
  const bank = app("bank", oauth.PrivateKeyJwt({ key: key.key, kid: key.kid }), keys);
  const { refresh_token: token } = await bank.tokens({ scope: "openid offline_access" });
  for (let times = 0; times < 3; times += 1) {
    const renewed = await bank.refresh(token);
    assert.ok(renewed.refresh_token === undefined || renewed.refresh_token === token, "it was exchanged");
  }
  await bank.revoke(token);
  await refused(bank.refresh(token), "invalid_grant");
});

test("ID tokens and access tokens signed with RS256, where a client needs it", async () => {
  assert.ok(as.id_token_signing_alg_values_supported.includes("RS256"));
  const rsa = new App(as, { id: "rsa", auth: oauth.ClientSecretBasic(secret("rsa")), redirectUri: redirect("rsa"), visitor, more: { id_token_signed_response_alg: "RS256" } });
  const tokens = await rsa.tokens({ scope: "openid offline_access" });
  assert.equal(jose.decodeProtectedHeader(tokens.id_token).alg, "RS256");
  await jose.jwtVerify(tokens.access_token, jose.createRemoteJWKSet(new URL(as.jwks_uri)), { issuer: lock.issuer, typ: "at+jwt" });
  assert.ok((await rsa.userinfo(tokens.access_token, claimsOf(tokens.id_token).sub)).sub);
});

test("an application in a browser may ask across origins, and pages may not be read", async () => {
  const origin = new URL(redirect("spa")).origin;
  const ask = (url, options = {}) => fetch(url, { ...options, headers: { Origin: origin, ...options.headers } });
  for (const url of [`${lock.issuer}/.well-known/openid-configuration`, `${lock.issuer}/.well-known/oauth-authorization-server`, as.jwks_uri]) {
    assert.equal((await ask(url)).headers.get("access-control-allow-origin"), "*", url);
  }
  for (const [url, method] of [[as.token_endpoint, "POST"], [as.userinfo_endpoint, "GET"], [as.revocation_endpoint, "POST"]]) {
    const preflight = await ask(url, { method: "OPTIONS", headers: { "Access-Control-Request-Method": method, "Access-Control-Request-Headers": "authorization,dpop,content-type" } });
    assert.ok(preflight.ok, `${url}: ${preflight.status}`);
    assert.ok(["*", origin].includes(preflight.headers.get("access-control-allow-origin")), url);
    const allowed = preflight.headers.get("access-control-allow-headers")?.toLowerCase() ?? "";
    for (const name of ["authorization", "dpop"]) assert.ok(allowed.includes(name), `${url}: ${name} is not among ${allowed}`);
    const answer = await ask(url, { method });
    assert.ok(["*", origin].includes(answer.headers.get("access-control-allow-origin")), `${url}: the answer itself`);
    assert.equal(answer.headers.get("access-control-allow-credentials"), null, "cookies count across origins");
  }
  // What a page must read to go on with DPoP (RFC 9449 §8).
  const refusal = await ask(as.token_endpoint, { method: "POST", body: new URLSearchParams({ grant_type: "refresh_token", client_id: "spa", refresh_token: "x" }), headers: { DPoP: "x.y.z" } });
  assert.match(refusal.headers.get("access-control-expose-headers") ?? "", /dpop-nonce/i);
  for (const url of [as.authorization_endpoint, `${lock.issuer}/account`, `${lock.issuer}/sign-in`, `${lock.issuer}/logout`]) {
    assert.equal((await ask(url, { redirect: "manual" })).headers.get("access-control-allow-origin"), null, url);
  }
});

test("userinfo says as a protected resource whose tokens it takes", async () => {
  const resource = new URL(lock.issuer);
  const told = await oauth.processResourceDiscoveryResponse(resource, await oauth.resourceDiscoveryRequest(resource, plain));
  assert.deepEqual(told.authorization_servers, [lock.issuer]);
});
