// Grants beyond the code, as two foreign libraries ask for them: client credentials, devices, exchange; and what becomes of tokens:
// introspection, revocation.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as jose from "jose";
import * as oauth from "oauth4webapi";
import * as oidc from "openid-client";
import { claimsOf, formOf, keyed, redirect, signer, walk, web, world } from "../lib/foreign.mjs";
import { App, discover, plain, refused } from "../lib/oauth4.mjs";

const ORDERS = "https://orders.example.org";
const STOCK = "https://stock.example.org/api";
const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";
const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

let lock, visitor, close, as, secrets, key;

before(async () => {
  key = await signer("ES256");
  const clients = [
    web("shop", { scope: "openid offline_access order", lockgate: { resources: [ORDERS] } }),
    web("orders", {
      grant_types: [EXCHANGE, "client_credentials"], scope: "order stock:read", redirect_uris: [],
      lockgate: { kind: "service", serves: [ORDERS], resources: [STOCK], exchange: [{ subject_from: "shop", audiences: [STOCK], scopes: "order", impersonation: false }] },
    }),
    web("stock", { grant_types: ["client_credentials"], scope: "stock:read", redirect_uris: [], lockgate: { kind: "service", serves: [STOCK] } }),
    keyed("night", key, { grant_types: ["client_credentials"], scope: "report:write", redirect_uris: [], lockgate: { kind: "service", audience: STOCK } }),
    {
      client_id: "kiosk", client_name: "Kiosk", token_endpoint_auth_method: "none", grant_types: [DEVICE, "refresh_token"], redirect_uris: [],
      scope: "openid offline_access", lockgate: { kind: "native" },
    },
    web("other", { grant_types: ["authorization_code"] }),
  ];
  secrets = Object.fromEntries(clients.map(({ client_id: id, client_secret: secret }) => [id, secret]));
  ({ lock, visitor, close } = await world({ clients }));
  as = await discover(lock.issuer);
});
after(() => close?.());

/** openid-client as one application. */
function discovered(id, authenticate = secrets[id] ? oidc.ClientSecretBasic(secrets[id]) : oidc.None()) {
  return oidc.discovery(new URL(lock.issuer), id, {}, authenticate, { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] });
}
/** oauth4webapi as one application. */
const app = (id, auth = oauth.ClientSecretBasic(secrets[id])) => new App(as, { id, auth, redirectUri: redirect(id), visitor });

test("both metadata documents say what is there, and the same", async () => {
  const documents = [as, await discover(lock.issuer, "oauth2")];
  for (const metadata of documents) {
    assert.equal(metadata.introspection_endpoint, `${lock.issuer}/introspect`);
    assert.equal(metadata.revocation_endpoint, `${lock.issuer}/revoke`);
    assert.equal(metadata.device_authorization_endpoint, `${lock.issuer}/device_authorization`);
    for (const grant of ["client_credentials", DEVICE, EXCHANGE]) assert.ok(metadata.grant_types_supported.includes(grant), grant);
    assert.ok(!metadata.grant_types_supported.some((grant) => ["password", "implicit"].includes(grant)));
  }
});

// ---- client credentials

test("client credentials with a key, and with a secret", async () => {
  const config = await discovered("night", oidc.PrivateKeyJwt({ key: key.key, kid: key.kid }));
  const tokens = await oidc.clientCredentialsGrant(config, { scope: "report:write" });
  assert.deepEqual([tokens.token_type, tokens.scope ?? "report:write", tokens.refresh_token, tokens.id_token], ["bearer", "report:write", undefined, undefined]);
  const { payload } = await jose.jwtVerify(tokens.access_token, jose.createRemoteJWKSet(new URL(as.jwks_uri)), { issuer: lock.issuer, audience: STOCK, typ: "at+jwt" });
  assert.deepEqual([payload.sub, payload.client_id], ["night", "night"]); // RFC 9068 §2.2
  assert.equal(payload.auth_time, undefined, "nobody signed in");

  const bySecret = await oidc.clientCredentialsGrant(await discovered("stock"), { scope: "stock:read" });
  assert.equal(claimsOf(bySecret.access_token).client_id, "stock");
  await assert.rejects(oidc.clientCredentialsGrant(await discovered("stock"), { scope: "report:write" }), { error: "invalid_scope" });
  await assert.rejects(oidc.clientCredentialsGrant(await discovered("stock"), { scope: "openid" }), { error: "invalid_scope" });
  await assert.rejects(oidc.clientCredentialsGrant(await discovered("shop"), {}), { error: "unauthorized_client" });
  await refused(app("stock", oauth.ClientSecretBasic("x".repeat(43))).own({ scope: "stock:read" }), "invalid_client");
  await assert.rejects(oidc.fetchUserInfo(config, tokens.access_token, oidc.skipSubjectCheck), (error) => [401, 403].includes(error.status));
});

test("a token for a service is not for another resource", async () => {
  const { access_token: token } = await app("orders").own({ scope: "stock:read", resource: STOCK });
  assert.equal(claimsOf(token).aud, STOCK);
  await assert.rejects(app("orders").own({ scope: "stock:read", resource: "https://elsewhere.example.org" }), { error: "invalid_target" });
  const request = new Request(STOCK, { headers: { Authorization: `Bearer ${token}` } });
  // The resource server's half of the library: RFC 9068 §4.
  assert.equal((await oauth.validateJwtAccessToken(as, request, STOCK, { ...plain, signingAlgorithms: ["ES256"] })).client_id, "orders");
  await assert.rejects(oauth.validateJwtAccessToken(as, new Request(ORDERS, { headers: request.headers }), ORDERS, { ...plain, signingAlgorithms: ["ES256"] }));
});

// ---- introspection and revocation

test("introspection tells a resource server, and nobody else", async () => {
  const { access_token: token, refresh_token: refresh } = await app("shop").tokens({ scope: "openid offline_access order", resource: ORDERS });
  const told = await app("orders").introspect(token);
  assert.deepEqual([told.active, told.client_id, told.iss, told.aud], [true, "shop", lock.issuer, ORDERS]);
  assert.ok(told.scope.split(" ").includes("order"));
  assert.equal(told.sub, claimsOf(token).sub);
  assert.equal(told.exp, claimsOf(token).exp);
  assert.equal((await app("shop").introspect(token)).active, true, "its own client");
  assert.deepEqual(await app("stock").introspect(token), { active: false }, "another resource server");
  assert.deepEqual(await app("other").introspect(token), { active: false }, "another client");
  assert.deepEqual(await app("orders").introspect("lgr_unknown"), { active: false });
  assert.equal((await app("shop").introspect(refresh)).active, true);
  assert.deepEqual(await app("orders").introspect(refresh), { active: false }, "a resource server saw a refresh token");
  await refused(app("orders", oauth.ClientSecretBasic("x".repeat(43))).introspect(token), "invalid_client");
  const anonymous = await fetch(as.introspection_endpoint, { method: "POST", body: new URLSearchParams({ token }) });
  assert.ok([400, 401].includes(anonymous.status), "somebody unknown was told");
});

test("introspection, signed (RFC 9701)", async () => {
  const { access_token: token } = await app("shop").tokens({ scope: "openid order", resource: ORDERS });
  const orders = app("orders");
  const told = await orders.introspect(token, { requestJwtResponse: true });
  assert.deepEqual([told.active, told.client_id], [true, "shop"]);
  const answer = await fetch(as.introspection_endpoint, {
    method: "POST", body: new URLSearchParams({ token }),
    headers: { Accept: "application/token-introspection+jwt", Authorization: `Basic ${btoa(`orders:${secrets.orders}`)}` },
  });
  const { payload, protectedHeader } = await jose.jwtVerify(await answer.text(), jose.createRemoteJWKSet(new URL(as.jwks_uri)), {
    issuer: lock.issuer, audience: "orders", typ: "token-introspection+jwt",
  });
  assert.ok(payload.token_introspection.active && payload.iat && protectedHeader.kid);
  assert.equal(payload.sub, undefined, "RFC 9701 §5: no top-level sub, exp");
  assert.deepEqual((await orders.introspect("nothing", { requestJwtResponse: true })).active, false);
});

test("revoking a refresh token ends the family, and a stranger ends nothing", async () => {
  const shop = app("shop");
  const tokens = await shop.tokens({ scope: "openid offline_access order", resource: ORDERS });
  // RFC 7009 §2.1: not the client that it was issued to; RFC 6749 §5.2 has the word for that.
  await refused(app("other").revoke(tokens.refresh_token), "invalid_grant");
  assert.equal((await app("orders").introspect(tokens.access_token)).active, true, "another client ended it");
  await oidc.tokenRevocation(await discovered("shop"), tokens.refresh_token, { token_type_hint: "access_token" }); // a wrong hint is a hint (RFC 7009 §2.1)
  assert.deepEqual(await app("orders").introspect(tokens.access_token), { active: false });
  await assert.rejects(shop.refresh(tokens.refresh_token), { error: "invalid_grant" });
  await shop.revoke(tokens.refresh_token);
  await shop.revoke("nobody-issued-this");
});

test("revoking an access token ends it", async () => {
  const stock = app("stock");
  const { access_token: token } = await stock.own({ scope: "stock:read" });
  assert.equal((await stock.introspect(token)).active, true);
  await stock.revoke(token);
  assert.deepEqual(await stock.introspect(token), { active: false });
});

// ---- devices

const approve = (answer) => async ({ user_code: code }) => {
  let page = await visitor.form("/device", { code });
  assert.equal(page.status, 200, page.text);
  const { action, fields } = formOf(page.text, "/device/answer");
  page = await visitor.form(action, { ...fields, answer });
  assert.equal(page.status, 200, page.text);
};

test("a device is let in by the person who has its code", async () => {
  const config = await discovered("kiosk");
  const started = await oidc.initiateDeviceAuthorization(config, { scope: "openid offline_access" });
  assert.match(started.user_code, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
  assert.equal(started.verification_uri, `${lock.issuer}/device`);
  await approve("allow")({ user_code: started.user_code.toLowerCase().replace("-", " ") });
  const tokens = await oidc.pollDeviceAuthorizationGrant(config, started);
  const claims = tokens.claims();
  assert.equal((await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)).sub, claims.sub);
  const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
  assert.equal((await oidc.fetchUserInfo(config, renewed.access_token, claims.sub)).sub, claims.sub);
  const kiosk = app("kiosk", oauth.None());
  const again = await oauth.deviceCodeGrantRequest(as, kiosk.client, kiosk.auth, started.device_code, plain);
  await assert.rejects(oauth.processDeviceCodeResponse(as, kiosk.client, again), { error: "invalid_grant" });
});

test("a device that asks too early, too fast, or was turned away", async () => {
  const { client, auth } = app("kiosk", oauth.None());
  const start = async (parameters = { scope: "openid" }) => oauth.processDeviceAuthorizationResponse(
    as, client, await oauth.deviceAuthorizationRequest(as, client, auth, parameters, plain));
  const poll = async (code) => oauth.processDeviceCodeResponse(as, client, await oauth.deviceCodeGrantRequest(as, client, auth, code, plain));
  const started = await start();
  assert.ok(started.interval >= 5 && started.expires_in <= 900);
  await assert.rejects(poll(started.device_code), { error: "authorization_pending", status: 400 });
  await assert.rejects(poll(started.device_code), { error: "slow_down", status: 400 });
  await approve("deny")(started);
  const config = await discovered("kiosk");
  await assert.rejects(oidc.pollDeviceAuthorizationGrant(config, { ...started, interval: 11 }), { error: "access_denied" });
  await assert.rejects(poll("nobody-issued-this"), { error: "invalid_grant" });
  await assert.rejects(start({ scope: "admin" }), { error: "invalid_scope" });
  const shop = app("shop");
  const refused = await oauth.deviceAuthorizationRequest(as, shop.client, shop.auth, { scope: "openid" }, plain);
  await assert.rejects(oauth.processDeviceAuthorizationResponse(as, shop.client, refused), { error: "unauthorized_client" });
});

// ---- exchange

const exchange = async (parameters, id = "orders") => oidc.genericGrantRequest(await discovered(id), EXCHANGE, {
  subject_token_type: ACCESS_TOKEN, audience: STOCK, ...parameters,
});

test("a service exchanges a token it received for one that it may show further down", async () => {
  const { access_token: token, refresh_token: refresh } = await app("shop").tokens({ scope: "openid offline_access order", resource: ORDERS });
  const exchanged = await exchange({ subject_token: token, scope: "order" });
  assert.equal(exchanged.issued_token_type, ACCESS_TOKEN); // RFC 8693 §2.2.1
  assert.equal(exchanged.refresh_token, undefined);
  const claims = claimsOf(exchanged.access_token);
  assert.deepEqual([claims.aud, claims.client_id, claims.scope, claims.act.sub], [STOCK, "orders", "order", "orders"]);
  assert.ok(claims.exp <= claimsOf(token).exp, "it outlives the token that it came from");
  assert.equal((await app("stock").introspect(exchanged.access_token)).active, true);
  await assert.rejects(oidc.fetchUserInfo(await discovered("shop"), exchanged.access_token, oidc.skipSubjectCheck), (error) => [401, 403].includes(error.status));

  await assert.rejects(exchange({ subject_token: token, scope: "openid order" }), { error: "invalid_scope" });
  await assert.rejects(exchange({ subject_token: token, audience: "https://elsewhere.example.org" }), { error: "invalid_target" });
  await assert.rejects(exchange({ subject_token: refresh }), (error) => ["invalid_request", "invalid_grant"].includes(error.error));
  await assert.rejects(exchange({ subject_token: exchanged.access_token.replace(/.$/, (end) => (end === "A" ? "B" : "A")) }), (error) => ["invalid_request", "invalid_grant"].includes(error.error));
  await assert.rejects(exchange({ subject_token: token, subject_token_type: "urn:ietf:params:oauth:token-type:saml2" }), { error: "invalid_request" });
  await assert.rejects(exchange({ subject_token: token, requested_token_type: "urn:ietf:params:oauth:token-type:id_token" }), { error: "invalid_request" });
  await assert.rejects(exchange({ subject_token: token }, "stock"), { error: "unauthorized_client" });

  // What it came from ends, and so does it.
  await app("shop").revoke(refresh);
  assert.deepEqual(await app("stock").introspect(exchanged.access_token), { active: false });
  await assert.rejects(exchange({ subject_token: token }), (error) => ["invalid_request", "invalid_grant"].includes(error.error));
});

test("a token that the service never was to see is not exchanged", async () => {
  const { access_token: token } = await app("shop").tokens({ scope: "openid order" });
  await assert.rejects(exchange({ subject_token: token }), (error) => ["invalid_request", "invalid_grant", "invalid_target", "unauthorized_client"].includes(error.error));
});
