// How answers come back, and what requests may ask for, as `openid-client` and `oauth4webapi` see it: posted forms, signed answers,
// resource indicators, authorization details, claims.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as oauth from "oauth4webapi";
import * as oidc from "openid-client";
import { claimsOf, redirect, walk, web, world } from "../lib/foreign.mjs";
import { App, discover, plain } from "../lib/oauth4.mjs";

const [ORDERS, STOCK] = ["https://orders.example.org", "https://stock.example.org/api"];

let lock, visitor, close, as, clients;

before(async () => {
  clients = [
    web("forms", { lockgate: { response_modes: ["query", "form_post", "query.jwt", "form_post.jwt"] } }),
    web("far", { lockgate: { resources: [ORDERS, STOCK] } }),
    web("plain"),
  ];
  ({ lock, visitor, close } = await world({ clients }));
  as = await discover(lock.issuer);
});
after(() => close?.());

const secret = (id) => clients.find(({ client_id: one }) => one === id).client_secret;
const app = (id, more) => new App(as, { id, auth: oauth.ClientSecretBasic(secret(id)), redirectUri: redirect(id), visitor, more });
const discovered = (id, ...execute) => oidc.discovery(new URL(lock.issuer), id, {}, oidc.ClientSecretPost(secret(id)), {
  execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks, ...execute],
});
/** The request that a browser sends when the form of an answer posts itself. */
const posted = ({ action, fields }) => new Request(action, { method: "POST", body: new URLSearchParams(fields) });

test("an answer in a form, as openid-client takes it", async () => {
  assert.ok(as.response_modes_supported.includes("form_post"));
  const config = await discovered("forms");
  const [verifier, state, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()];
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirect("forms"), scope: "openid", state, nonce, response_mode: "form_post", code_challenge_method: "S256",
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
  });
  const answer = await walk(visitor, url);
  assert.equal(answer.action, redirect("forms"));
  const tokens = await oidc.authorizationCodeGrant(config, posted(answer), { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce });
  assert.ok(tokens.claims().sub);
});

test("an error in a form", async () => {
  const forms = app("forms");
  const request = await forms.request({ response_mode: "form_post", scope: "nothing-of-the-kind", state: `"><script>alert(1)</script>` });
  const answer = await walk(visitor, forms.address(request.params));
  assert.throws(() => oauth.validateAuthResponse(as, forms.client, new URLSearchParams(answer.fields), `"><script>alert(1)</script>`), { error: "invalid_scope" });
});

test("a signed answer, as openid-client takes it, and a lie in it", async () => {
  const config = await discovered("forms", oidc.useJwtResponseMode);
  const [verifier, state] = [oidc.randomPKCECodeVerifier(), oidc.randomState()];
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirect("forms"), scope: "openid", state, code_challenge_method: "S256", code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
  });
  const callback = await walk(visitor, url);
  const [header, payload, signature] = callback.searchParams.get("response").split(".");
  const bent = JSON.stringify({ ...JSON.parse(Buffer.from(payload, "base64url")), code: "another" });
  const lie = new URL(callback);
  lie.searchParams.set("response", [header, Buffer.from(bent).toString("base64url"), signature].join("."));
  await assert.rejects(oidc.authorizationCodeGrant(config, lie, { pkceCodeVerifier: verifier, expectedState: state }));
  const tokens = await oidc.authorizationCodeGrant(config, callback, { pkceCodeVerifier: verifier, expectedState: state });
  assert.ok(tokens.claims().sub);
});

test("a response mode that the client did not register, or that nobody has", async () => {
  const client = app("plain");
  for (const mode of ["fragment", "web_message", "fragment.jwt", "nonsense"]) {
    const { params, state } = await client.request({ response_mode: mode });
    await assert.rejects(client.answer(client.address(params), state), { error: "invalid_request" }, mode);
  }
});

test("resource indicators narrow a token, and refresh narrows on", async () => {
  const far = app("far");
  const request = await far.request({ scope: "openid offline_access" });
  request.params.append("resource", ORDERS);
  request.params.append("resource", STOCK);
  const answer = await far.answer(far.address(request.params), request.state);
  const tokens = await far.redeem(answer, request, { additionalParameters: { resource: ORDERS } });
  assert.equal(claimsOf(tokens.access_token).aud, ORDERS);
  const renewed = await far.refresh(tokens.refresh_token, { resource: STOCK });
  assert.equal(claimsOf(renewed.access_token).aud, STOCK);
  const both = await far.refresh(renewed.refresh_token);
  assert.deepEqual([...claimsOf(both.access_token).aud].sort(), [ORDERS, STOCK].sort());
  await assert.rejects(far.refresh(both.refresh_token, { resource: "https://elsewhere.example.org" }), { error: "invalid_target" });
  assert.ok((await far.refresh(both.refresh_token)).access_token, "a refused target cost the refresh token");
});

test("a resource that the client may not name, or was not granted", async () => {
  const far = app("far");
  for (const resource of ["https://elsewhere.example.org", `${ORDERS}#part`, "orders"]) {
    const { params, state } = await far.request({ resource });
    await assert.rejects(far.answer(far.address(params), state), { error: "invalid_target" }, resource);
  }
  const request = await far.request({ resource: ORDERS });
  const answer = await far.answer(far.address(request.params), request.state);
  await assert.rejects(far.redeem(answer, request, { additionalParameters: { resource: STOCK } }), { error: "invalid_target" });
});

test("max_age, auth_time and acr, as the library checks them", async () => {
  const client = app("plain");
  const request = await client.request({ max_age: "3600", acr_values: "phr" });
  const answer = await client.answer(client.address(request.params), request.state);
  const response = await oauth.authorizationCodeGrantRequest(as, client.client, client.auth, answer, client.redirectUri, request.verifier, plain);
  const tokens = await oauth.processAuthorizationCodeResponse(as, client.client, response, { expectedNonce: request.nonce, maxAge: 3600 });
  assert.equal(oauth.getValidatedIdTokenClaims(tokens).acr, "phr");
});

test("prompt=none with a sign-in that is too old", async () => {
  const client = app("plain");
  const { params, state } = await client.request({ max_age: "0", prompt: "none" });
  await assert.rejects(client.answer(client.address(params), state), { error: "login_required" });
});
