// Requests in their rarer forms, as `oauth4webapi` and `openid-client` make them: signed and not pushed, sent by a form, asking for a fresh
// sign-in or for strength; keys bound where there is no browser; assertions that name no key.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as jose from "jose";
import * as oauth from "oauth4webapi";
import * as oidc from "openid-client";
import { claimsOf, formOf, keyed, redirect, signer, walk, web, world } from "../lib/foreign.mjs";
import { App, discover, plain, refused } from "../lib/oauth4.mjs";

const [ORDERS, STOCK] = ["https://orders.example.org", "https://stock.example.org"];
const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";
const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

let lock, visitor, passkey, close, as, key, clients;

before(async () => {
  key = await signer("ES256");
  clients = [
    web("site", { scope: "openid offline_access order", lockgate: { resources: [ORDERS] } }),
    keyed("signs", key), keyed("strict", key, { require_signed_request_object: true }),
    keyed("two", key, { jwks: { keys: [(await signer("ES256")).jwk, key.jwk].map(({ kid: _, ...jwk }) => jwk) } }),
    web("orders", {
      grant_types: [EXCHANGE], scope: "order", redirect_uris: [], dpop_bound_access_tokens: true,
      lockgate: { kind: "service", serves: [ORDERS], exchange: [{ subject_from: "site", audiences: [STOCK], scopes: "order" }] },
    }),
    {
      client_id: "kiosk", client_name: "Kiosk", token_endpoint_auth_method: "none", grant_types: [DEVICE, "refresh_token"], redirect_uris: [], dpop_bound_access_tokens: true,
      scope: "openid offline_access", lockgate: { kind: "native" },
    },
  ];
  ({ lock, visitor, passkey, close } = await world({ clients, movable: true }));
  as = await discover(lock.issuer);
});
after(() => close?.());

const secret = (id) => clients.find(({ client_id: one }) => one === id).client_secret;
const proof = (by = key, kid = by.kid) => oauth.PrivateKeyJwt(kid ? { key: by.key, kid } : by.key);
const app = (id, keys) => new App(as, { id, auth: secret(id) ? oauth.ClientSecretBasic(secret(id)) : proof(), redirectUri: redirect(id), keys, visitor });

// ---- signed requests that travel through the browser

test("a signed request in the address", async () => {
  for (const id of ["signs", "strict"]) {
    const client = app(id);
    const request = await client.request();
    const object = await oauth.issueRequestObject(as, client.client, request.params, { key: key.key, kid: key.kid });
    const address = (more = {}) => client.address(new URLSearchParams({ client_id: id, request: object, ...more }));
    const tokens = await client.redeem(await client.answer(address(), request.state), request);
    assert.ok(oauth.getValidatedIdTokenClaims(tokens).sub);
    const another = await visitor.get(address({ client_id: "site" }).href.slice(lock.issuer.length));
    assert.ok(another.location === undefined || /error=/.test(another.location), "another client's request was taken");
    // RFC 9101 §6.3: what stands outside does not count.
    assert.equal((await walk(visitor, address({ redirect_uri: redirect("site"), state: "outside" }))).searchParams.get("state"), request.state);
  }
});

test("where signing is demanded, nothing else will do", async () => {
  const client = app("strict");
  const request = await client.request();
  const answer = await visitor.get(client.address(request.params).href.slice(lock.issuer.length));
  const error = answer.location ? new URL(answer.location).searchParams.get("error") : `${answer.status}`;
  assert.ok(["invalid_request", "invalid_request_object", "400"].includes(error), error);
});

test("a request that is posted as a form", async () => {
  const client = app("site");
  const request = await client.request();
  const answer = await visitor.form("/authorize", Object.fromEntries(request.params), { Origin: "https://site.example.org", "Sec-Fetch-Site": "cross-site" });
  assert.equal(answer.status, 303, answer.text.slice(0, 500));
  const to = new URL(answer.location, lock.issuer);
  const callback = to.origin === lock.issuer ? await walk(visitor, to) : to;
  assert.ok((await client.redeem(oauth.validateAuthResponse(as, client.client, callback, request.state), request)).access_token);
});

// ---- a fresh sign-in, and strength

/** Sends the browser, answers the sign-in that is asked for with the passkey, and follows to the application. */
async function throughSignIn(url) {
  const first = await visitor.get(url.href.slice(lock.issuer.length));
  const journey = /^\/sign-in\?j=([^&]+)/.exec(first.location ?? "")?.[1];
  assert.ok(journey, `no sign-in was asked for: ${first.status} ${first.location} ${first.text.slice(0, 300)}`);
  const page = await visitor.get(first.location);
  assert.equal(page.status, 200);
  const choice = formOf(page.text, "/sign-in/choose");
  if (choice) await visitor.form(choice.action, { ...choice.fields, who: "same" });
  const signedIn = await visitor.signIn(passkey, journey);
  assert.equal(signedIn.status, 200, signedIn.text);
  return walk(visitor, new URL(signedIn.json.next, lock.issuer));
}

for (const [what, more] of [["prompt=login", { prompt: "login" }], ["max_age=0", { max_age: "0" }]]) {
  test(`${what} asks for the passkey again, and the ID token says when`, async () => {
    const client = app("site");
    lock.later(5);
    const began = lock.seconds;
    const request = await client.request(more);
    const answer = oauth.validateAuthResponse(as, client.client, await throughSignIn(client.address(request.params)), request.state);
    const response = await oauth.authorizationCodeGrantRequest(as, client.client, client.auth, answer, client.redirectUri, request.verifier, plain);
    const tokens = await oauth.processAuthorizationCodeResponse(as, client.client, response, { expectedNonce: request.nonce, maxAge: 60 });
    assert.ok(oauth.getValidatedIdTokenClaims(tokens).auth_time >= began, "the old sign-in was told of");
  });
}

test("a strength that nobody here has is refused where it is essential, and not where it is a wish", async () => {
  const client = app("site");
  const claims = (acr) => ({ claims: JSON.stringify({ id_token: { acr } }), prompt: "none" });
  const wish = await client.request({ acr_values: "urn:tide:strong" });
  assert.ok((await client.answer(client.address(wish.params), wish.state)).get("code"));
  const essential = await client.request(claims({ essential: true, values: ["urn:tide:strong"] }));
  await assert.rejects(client.answer(client.address(essential.params), essential.state), (error) => ["unmet_authentication_requirements", "interaction_required", "login_required", "access_denied"].includes(error.error) || assert.fail(error.error));
  const met = await client.request(claims({ essential: true, values: ["phr"] }));
  assert.ok((await client.answer(client.address(met.params), met.state)).get("code"));
});

test("a hint about this person is taken, and one about nobody is not", async () => {
  const client = app("site");
  const { id_token: hint } = await client.tokens();
  const request = await client.request({ prompt: "none", id_token_hint: hint });
  assert.ok((await client.answer(client.address(request.params), request.state)).get("code"));
  const forged = await new jose.SignJWT({ ...claimsOf(hint), sub: "somebody-else" }).setProtectedHeader({ alg: "ES256", kid: key.kid }).sign(key.key);
  const wrong = await client.request({ prompt: "none", id_token_hint: forged });
  await assert.rejects(client.answer(client.address(wrong.params), wrong.state), (error) => ["invalid_request", "login_required"].includes(error.error));
});

// ---- keys without a browser

test("a device's tokens are bound to its key", async () => {
  const config = await oidc.discovery(new URL(lock.issuer), "kiosk", {}, oidc.None(), { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] });
  const keys = await oidc.randomDPoPKeyPair("ES256");
  const handle = () => ({ DPoP: oidc.getDPoPHandle(config, keys) });
  const started = await oidc.initiateDeviceAuthorization(config, { scope: "openid offline_access" });
  const page = await visitor.form("/device", { code: started.user_code });
  const { action, fields } = formOf(page.text, "/device/answer");
  await visitor.form(action, { ...fields, answer: "allow" });
  const tokens = await oidc.pollDeviceAuthorizationGrant(config, started, undefined, handle());
  assert.equal(claimsOf(tokens.access_token).cnf.jkt, await jose.calculateJwkThumbprint(await jose.exportJWK(keys.publicKey)));
  await assert.rejects(oidc.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP: oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair("ES256")) }), (error) => ["invalid_grant", "invalid_dpop_proof"].includes(error.error));
  assert.ok((await oidc.refreshTokenGrant(config, tokens.refresh_token, undefined, handle())).access_token);
});

test("an exchanged token is bound to the key of the one who exchanged it", async () => {
  const keys = await oauth.generateKeyPair("ES256");
  const { access_token: token } = await app("site").tokens({ scope: "openid order", resource: ORDERS });
  const orders = app("orders", keys);
  const ask = async (options) => {
    const parameters = { subject_token: token, subject_token_type: ACCESS_TOKEN, audience: STOCK, scope: "order" };
    const once = async () => oauth.processGenericTokenEndpointResponse(as, orders.client, await oauth.genericTokenEndpointRequest(as, orders.client, orders.auth, EXCHANGE, parameters, options));
    return once().catch((failure) => { if (oauth.isDPoPNonceError(failure)) return once(); throw failure; });
  };
  const exchanged = await ask(orders.options);
  assert.equal(exchanged.token_type, "dpop");
  assert.equal(claimsOf(exchanged.access_token).cnf.jkt, await jose.calculateJwkThumbprint(await jose.exportJWK(keys.publicKey)));
  await refused(ask(plain), "invalid_dpop_proof", "invalid_request");
});

test("assertions that name no key are tried with those that fit", async () => {
  const bare = (by) => new App(as, { id: "two", auth: proof(by, null), redirectUri: redirect("two"), visitor });
  assert.ok((await bare(key).tokens()).access_token);
  await refused(bare(await signer("ES256")).tokens(), "invalid_client");
});
