// `oauth4webapi` walks what FAPI 2.0 asks for: pushed and signed requests, keys in place of secrets, tokens bound to keys, signed answers.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as jose from "jose";
import * as oauth from "oauth4webapi";
import * as oidc from "openid-client";
import { claimsOf, keyed, redirect, signer, walk, world } from "../lib/foreign.mjs";
import { App, discover, plain, refused } from "../lib/oauth4.mjs";

const FAPI = { require_pushed_authorization_requests: true, dpop_bound_access_tokens: true };

let lock, visitor, close, as, fapi, other, signed, signers, dpopKeys;

before(async () => {
  signers = { fapi: await signer("ES256"), other: await signer("PS256"), signed: await signer("ES384") };
  const clients = [
    keyed("fapi", signers.fapi, FAPI), keyed("other", signers.other, FAPI),
    keyed("signed", signers.signed, { ...FAPI, require_signed_request_object: true, lockgate: { response_modes: ["query.jwt", "form_post.jwt"] } }),
    {
      client_id: "public", client_name: "Public", redirect_uris: [redirect("public")], token_endpoint_auth_method: "none", dpop_bound_access_tokens: true,
      grant_types: ["authorization_code", "refresh_token"], scope: "openid offline_access", lockgate: { kind: "browser" },
    },
  ];
  ({ lock, visitor, close } = await world({ clients }));
  as = await discover(lock.issuer);
  dpopKeys = await oauth.generateKeyPair("ES256");
  [fapi, other, signed] = ["fapi", "other", "signed"].map((id) => app(id, dpopKeys));
});
after(() => close?.());

const proof = (id, options) => oauth.PrivateKeyJwt({ key: signers[id].key, kid: signers[id].kid }, options);

function app(id, keys, auth = proof(id)) {
  return new App(as, { id, auth, redirectUri: redirect(id), keys, visitor });
}

test("the metadata says what is there", () => {
  assert.equal(as.pushed_authorization_request_endpoint, `${lock.issuer}/par`);
  for (const [name, value] of [
    ["token_endpoint_auth_methods_supported", "private_key_jwt"], ["dpop_signing_alg_values_supported", "ES256"], ["response_modes_supported", "jwt"],
    ["request_object_signing_alg_values_supported", "PS256"], ["token_endpoint_auth_signing_alg_values_supported", "ES384"],
    ["authorization_signing_alg_values_supported", "ES256"], ["code_challenge_methods_supported", "S256"],
  ]) assert.ok(as[name]?.includes(value), `${name} lacks ${value}: ${as[name]}`);
  assert.equal(as.authorization_response_iss_parameter_supported, true);
});

test("pushed request, code, tokens bound to a key, userinfo, refresh, and their end", async () => {
  const request = await fapi.request({ scope: "openid offline_access" });
  const requestUri = await fapi.push(request.params);
  assert.match(requestUri, /^urn:ietf:params:oauth:request_uri:/); // RFC 9126 §2.2
  const answer = await fapi.answer(fapi.pushedAddress(requestUri), request.state);
  const tokens = await fapi.redeem(answer, request);
  assert.equal(tokens.token_type, "dpop");
  const subject = oauth.getValidatedIdTokenClaims(tokens).sub;
  // RFC 9449 §6.1: the token names the key.
  assert.equal(claimsOf(tokens.access_token).cnf.jkt, await jose.calculateJwkThumbprint(await jose.exportJWK(dpopKeys.publicKey)));
  assert.equal((await fapi.userinfo(tokens.access_token, subject)).sub, subject);

  const renewed = await fapi.refresh(tokens.refresh_token);
  assert.equal(renewed.token_type, "dpop");
  assert.equal((await fapi.userinfo(renewed.access_token, subject)).sub, subject);
  assert.deepEqual(claimsOf(renewed.access_token).cnf, claimsOf(tokens.access_token).cnf);

  assert.equal((await fapi.introspect(renewed.access_token)).cnf.jkt, claimsOf(tokens.access_token).cnf.jkt);
  await fapi.revoke(renewed.refresh_token);
  assert.deepEqual(await fapi.introspect(renewed.access_token), { active: false });
  await assert.rejects(fapi.refresh(renewed.refresh_token), { error: "invalid_grant" });
  await assert.rejects(fapi.userinfo(renewed.access_token, subject), { status: 401 });
});

test("a pushed request is good once, for its own client, and is demanded", async () => {
  const request = await fapi.request();
  const requestUri = await fapi.push(request.params);
  const others = await visitor.get(other.address(new URLSearchParams({ client_id: "other", request_uri: requestUri })).href.slice(lock.issuer.length));
  assert.deepEqual([others.status, others.location], [400, undefined], "another client used it");
  await fapi.answer(fapi.pushedAddress(requestUri), request.state);
  const again = await visitor.get(fapi.pushedAddress(requestUri).href.slice(lock.issuer.length));
  assert.deepEqual([again.status, again.location], [400, undefined], "it was good twice");
  const bare = await fapi.request();
  await assert.rejects(fapi.answer(fapi.address(bare.params), bare.state), { error: "invalid_request" });
  await assert.rejects(fapi.push(new URLSearchParams([...request.params, ["request_uri", requestUri]])), { error: "invalid_request" });
  await assert.rejects(fapi.push(new URLSearchParams({ ...Object.fromEntries(request.params), redirect_uri: redirect("other") })), (error) => error.status === 400);
});

test("a token bound to a key is worth nothing without that key", async () => {
  const tokens = await fapi.tokens({ scope: "openid offline_access" }, { pushed: true });
  const subject = oauth.getValidatedIdTokenClaims(tokens).sub;
  const elsewhere = await oauth.generateKeyPair("ES256");
  await assert.rejects(app("fapi", elsewhere).userinfo(tokens.access_token, subject), { status: 401 });
  await assert.rejects(app("fapi").userinfo(tokens.access_token, subject), { status: 401 });
  await refused(app("fapi").refresh(tokens.refresh_token), "invalid_dpop_proof", "invalid_grant", "invalid_request");
  await refused(app("other", elsewhere).refresh(tokens.refresh_token), "invalid_grant");
  // RFC 9449 §5: a client that proves itself may move to another key; its new tokens are bound to that.
  const moved = await app("fapi", elsewhere).refresh(tokens.refresh_token);
  assert.equal(claimsOf(moved.access_token).cnf.jkt, await jose.calculateJwkThumbprint(await jose.exportJWK(elsewhere.publicKey)));
  await assert.rejects(fapi.userinfo(moved.access_token, subject), { status: 401 });
});

test("a resource server that uses the same library lets nobody in without the key", async () => {
  const tokens = await fapi.tokens({}, { pushed: true });
  const options = { ...plain, requireDPoP: true, signingAlgorithms: ["ES256"] };
  /** What arrives at an API of somebody's, sent by the library with this key. */
  const arrives = async (keys) => {
    let request;
    const caught = { [oauth.customFetch]: async (url, { body: _, ...sent }) => { request = new Request(url, sent); return new Response(); } };
    await oauth.protectedResourceRequest(tokens.access_token, "GET", new URL("https://api.example.org/orders"), new Headers(), null, { ...plain, ...caught, DPoP: oauth.DPoP(fapi.client, keys) });
    return request;
  };
  const claims = await oauth.validateJwtAccessToken(as, await arrives(dpopKeys), lock.issuer, options);
  assert.equal(claims.client_id, "fapi");
  await assert.rejects(oauth.validateJwtAccessToken(as, await arrives(await oauth.generateKeyPair("ES256")), lock.issuer, options));
  await assert.rejects(oauth.validateJwtAccessToken(as, await arrives(dpopKeys), "https://api.example.org", options), "a token for somebody else");
});

test("what binds a public client's refresh token is its key", async () => {
  const app = (keys) => new App(as, { id: "public", auth: oauth.None(), redirectUri: redirect("public"), keys, visitor });
  const tokens = await app(dpopKeys).tokens({ scope: "openid offline_access" });
  await refused(app(await oauth.generateKeyPair("ES256")).refresh(tokens.refresh_token), "invalid_dpop_proof", "invalid_grant");
  await refused(app().refresh(tokens.refresh_token), "invalid_dpop_proof", "invalid_grant", "invalid_request");
  // Those were somebody else's attempts: the owner goes on.
  assert.ok((await app(dpopKeys).refresh(tokens.refresh_token)).access_token);
});

test("a code that was asked for with one key is not redeemed with another", async () => {
  const request = await fapi.request();
  const answer = await fapi.answer(fapi.pushedAddress(await fapi.push(request.params)), request.state);
  const thief = app("fapi", await oauth.generateKeyPair("ES256"));
  await assert.rejects(thief.redeem(answer, request), (error) => ["invalid_grant", "invalid_dpop_proof"].includes(error.error) || error);
});

test("a client that must bind its tokens gets none without a key", async () => {
  const bare = app("fapi");
  const request = await bare.request();
  const walkThrough = async () => bare.redeem(await bare.answer(bare.pushedAddress(await bare.push(request.params)), request.state), request);
  await assert.rejects(walkThrough(), (error) => ["invalid_request", "invalid_dpop_proof", "invalid_grant"].includes(error.error));
});

test("every DPoP algorithm that is announced works", async () => {
  // Not EdDSA: to this library Ed25519 keys have a name of their own.
  const names = as.dpop_signing_alg_values_supported.filter((alg) => alg !== "EdDSA");
  assert.ok(names.length >= 3);
  for (const alg of names) {
    const keys = await jose.generateKeyPair(alg, { extractable: true });
    const tokens = await app("fapi", keys).tokens({}, { pushed: true });
    assert.equal(claimsOf(tokens.access_token).cnf.jkt, await jose.calculateJwkThumbprint(await jose.exportJWK(keys.publicKey)), alg);
  }
});

test("spoiled DPoP proofs", async () => {
  const tokens = await fapi.tokens({ scope: "openid offline_access" }, { pushed: true });
  const subject = oauth.getValidatedIdTokenClaims(tokens).sub;
  const spoil = (change) => ({ DPoP: oauth.DPoP(fapi.client, dpopKeys, { [oauth.modifyAssertion]: change }) });
  const changes = {
    "another method": (_, payload) => { payload.htm = "PUT"; },
    "another address": (_, payload) => { payload.htu = `${lock.issuer}/revoke`; },
    "an old time": (_, payload) => { payload.iat -= 3_600; },
    "a time to come": (_, payload) => { payload.iat += 3_600; },
    "no time": (_, payload) => { delete payload.iat; },
    "no id": (_, payload) => { delete payload.jti; },
    "another type": (header) => { header.typ = "JWT"; },
    "no key": (header) => { delete header.jwk; },
    "a private key": async (header) => { header.jwk = { ...header.jwk, d: "AAAA" }; },
    "another key's signature": async (header) => { header.jwk = await jose.exportJWK((await oauth.generateKeyPair("ES256")).publicKey); },
  };
  for (const [what, change] of Object.entries(changes)) {
    await assert.rejects(fapi.refresh(tokens.refresh_token, {}, spoil(change)), { error: "invalid_dpop_proof", status: 400 }, what);
    await assert.rejects(fapi.userinfo(tokens.access_token, subject, spoil(change)), { status: 401 }, what);
  }
  // RFC 9449 §4.3 number 11: a proof for another token.
  const notThis = spoil((_, payload) => { if (payload.ath) payload.ath = "A".repeat(43); });
  await assert.rejects(fapi.userinfo(tokens.access_token, subject, notThis), { status: 401 });
  assert.ok((await fapi.refresh(tokens.refresh_token)).access_token, "the refresh token was lost on spoiled proofs");
});

test("a proof is good once", async () => {
  const tokens = await fapi.tokens({}, { pushed: true });
  const jti = crypto.randomUUID();
  const options = { DPoP: oauth.DPoP(fapi.client, dpopKeys, { [oauth.modifyAssertion]: (_, payload) => { payload.jti = jti; payload.iat = Math.trunc(Date.now() / 1000); } }) };
  const subject = oauth.getValidatedIdTokenClaims(tokens).sub;
  assert.ok((await fapi.userinfo(tokens.access_token, subject, options)).sub);
  await assert.rejects(fapi.userinfo(tokens.access_token, subject, options), { status: 401 });
});

test("after a restart a proof from before needs a nonce, and the library gets one", async () => {
  const tokens = await fapi.tokens({ scope: "openid offline_access" }, { pushed: true });
  const subject = oauth.getValidatedIdTokenClaims(tokens).sub;
  await lock.stop();
  await lock.start();
  const late = { DPoP: oauth.DPoP(fapi.client, dpopKeys, { [oauth.modifyAssertion]: (_, payload) => { payload.iat -= 40; } }) };
  const demanded = (error) => oauth.isDPoPNonceError(error);
  await assert.rejects(fapi.refresh(tokens.refresh_token, {}, { ...late, once: true }), demanded, "the token endpoint asked for no nonce");
  // The handle kept the nonce of that refusal.
  const renewed = await fapi.refresh(tokens.refresh_token, {}, { ...late, once: true });
  const fresh = { DPoP: oauth.DPoP(fapi.client, dpopKeys, { [oauth.modifyAssertion]: (_, payload) => { payload.iat -= 40; } }) };
  await assert.rejects(fapi.userinfo(renewed.access_token, subject, { ...fresh, once: true }), demanded, "userinfo asked for no nonce");
  assert.equal((await fapi.userinfo(renewed.access_token, subject, { ...fresh, once: true })).sub, subject);
  const forged = { DPoP: oauth.DPoP(fapi.client, dpopKeys, { [oauth.modifyAssertion]: (_, payload) => { payload.nonce = "forged"; } }) };
  await assert.rejects(fapi.refresh(renewed.refresh_token, {}, { ...forged, once: true }), demanded, "a forged nonce passed");
});

test("openid-client does the same by itself: pushed, signed requests, a proof that needs a nonce, one call each", async () => {
  const config = await oidc.discovery(new URL(lock.issuer), "signed", {}, oidc.PrivateKeyJwt({ key: signers.signed.key, kid: signers.signed.kid }), {
    execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks, oidc.useJwtResponseMode],
  });
  const keys = await oidc.randomDPoPKeyPair("ES256");
  const late = () => ({ DPoP: oidc.getDPoPHandle(config, keys, { [oidc.modifyAssertion]: (_, payload) => { payload.iat -= 40; } }) });
  await lock.stop();
  await lock.start();
  const [verifier, state, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()];
  const object = await oidc.buildAuthorizationUrlWithJAR(config, {
    redirect_uri: redirect("signed"), scope: "openid offline_access", state, nonce, code_challenge_method: "S256", code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
  }, { key: signers.signed.key, kid: signers.signed.kid });
  const url = await oidc.buildAuthorizationUrlWithPAR(config, object.searchParams, late());
  const tokens = await oidc.authorizationCodeGrant(config, await walk(visitor, url), { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce }, undefined, late());
  assert.equal(tokens.token_type, "dpop");
  assert.ok((await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, late())).sub);
  assert.ok((await oidc.refreshTokenGrant(config, tokens.refresh_token, undefined, late())).access_token);
});

test("spoiled client assertions", async () => {
  const changes = {
    "another audience": (_, payload) => { payload.aud = "https://evil.example"; },
    // RFC 10070: the issuer and nothing else; assertions for an endpoint could be caught there and used here.
    "the token endpoint as audience": (_, payload) => { payload.aud = as.token_endpoint; },
    "two audiences": (_, payload) => { payload.aud = [as.issuer, "https://evil.example"]; },
    "another issuer": (_, payload) => { payload.iss = "other"; },
    "another subject": (_, payload) => { payload.sub = "other"; },
    "no end": (_, payload) => { delete payload.exp; },
    "an end that has passed": (_, payload) => { payload.exp = payload.iat - 120; },
    "an end in a year": (_, payload) => { payload.exp += 365 * 86_400; },
    "no id": (_, payload) => { delete payload.jti; },
    "a beginning to come": (_, payload) => { payload.nbf = payload.iat + 600; payload.exp = payload.iat + 900; },
    "an unknown key": (header) => { header.kid = "nobody"; },
  };
  for (const [what, change] of Object.entries(changes)) {
    const liar = app("fapi", dpopKeys, proof("fapi", { [oauth.modifyAssertion]: change }));
    // Where the body names a client, another one in the assertion is a contradiction before it is a lie.
    const errors = what === "another subject" ? ["invalid_client", "invalid_request"] : ["invalid_client"];
    await refused(liar.push((await liar.request()).params), ...errors).catch((failure) => assert.fail(`${what}: ${failure.message}`));
  }
  const thief = app("fapi", dpopKeys, oauth.PrivateKeyJwt({ key: signers.signed.key, kid: signers.fapi.kid }));
  await refused(thief.push((await thief.request()).params), "invalid_client");
  const twice = app("fapi", dpopKeys, proof("fapi", { [oauth.modifyAssertion]: (_, payload) => { payload.jti = "once-and-never-again"; } }));
  assert.ok(await twice.push((await twice.request()).params));
  await refused(twice.push((await twice.request()).params), "invalid_client");
});

// ---- FAPI 2.0 message signing

async function signedRequest(more = {}, options = {}, by = signers.signed) {
  const request = await signed.request({ response_mode: "jwt", ...more });
  const object = await oauth.issueRequestObject(as, signed.client, request.params, { key: by.key, kid: signers.signed.kid }, options);
  return { ...request, object, outer: new URLSearchParams({ client_id: "signed", request: object }) };
}

for (const mode of ["jwt", "query.jwt", "form_post.jwt"]) {
  test(`a signed request, pushed, and its signed answer (${mode})`, async () => {
    const request = await signedRequest({ response_mode: mode, scope: "openid" });
    const answer = await walk(visitor, signed.pushedAddress(await signed.push(request.outer)));
    const parameters = mode === "form_post.jwt" ? new URLSearchParams(answer.fields) : answer.searchParams;
    if (mode === "form_post.jwt") assert.equal(answer.action, redirect("signed"));
    assert.deepEqual([...parameters.keys()], ["response"], "something travels unsigned");
    const checked = await oauth.validateJwtAuthResponse(as, signed.client, parameters, request.state, plain);
    const tokens = await signed.redeem(checked, request);
    assert.ok(oauth.getValidatedIdTokenClaims(tokens).sub);
    assert.equal(jose.decodeProtectedHeader(parameters.get("response")).alg, "ES256");
    const { aud, exp, iat } = claimsOf(parameters.get("response"));
    assert.equal(aud, "signed");
    assert.ok(exp - (iat ?? Date.now() / 1000) <= 600, "JARM §2.1: ten minutes at most");
  });
}

test("an error of a signed request is said when it is pushed, or in a signed answer", async () => {
  const bad = await signedRequest({ scope: "nothing-of-the-kind" });
  await refused(signed.push(bad.outer), "invalid_scope");
  const late = await signedRequest({ prompt: "none", max_age: "0" });
  const answer = await walk(visitor, signed.pushedAddress(await signed.push(late.outer)));
  await assert.rejects(oauth.validateJwtAuthResponse(as, signed.client, answer.searchParams, late.state, plain), { error: "login_required" });
});

test("only what is inside the signature counts", async () => {
  const request = await signedRequest();
  const outer = new URLSearchParams([...request.outer, ["scope", "openid offline_access"], ["redirect_uri", redirect("fapi")], ["state", "outside"]]);
  const answer = await walk(visitor, signed.pushedAddress(await signed.push(outer)));
  assert.equal(answer.origin + answer.pathname, redirect("signed"));
  const checked = await oauth.validateJwtAuthResponse(as, signed.client, answer.searchParams, request.state, plain);
  assert.equal((await signed.redeem(checked, request)).scope, "openid");
});

test("spoiled request objects", async () => {
  const push = async (...args) => signed.push((await signedRequest(...args)).outer);
  const bend = (change) => ({ [oauth.modifyAssertion]: change });
  const errors = ["invalid_request_object", "invalid_request"];
  const wrong = (promise, what) => refused(promise, ...errors).catch((failure) => assert.fail(`${what}: ${failure.message}`));
  await wrong(push({}, {}, signers.fapi), "another key");
  await wrong(push({}, bend((_, payload) => { payload.aud = "https://evil.example"; })), "another audience");
  await wrong(push({}, bend((_, payload) => { payload.iss = "fapi"; })), "another issuer");
  await wrong(push({}, bend((_, payload) => { payload.client_id = "fapi"; })), "another client");
  await wrong(push({}, bend((_, payload) => { payload.exp = payload.iat - 120; })), "over");
  await wrong(push({}, bend((_, payload) => { delete payload.exp; })), "without an end");
  await wrong(push({}, bend((_, payload) => { delete payload.nbf; })), "without a beginning");
  await wrong(push({}, bend((_, payload) => { payload.nbf -= 3_700; })), "begun more than an hour ago");
  await wrong(push({}, bend((_, payload) => { payload.exp = payload.nbf + 3_700; })), "longer than an hour");
  await wrong(push({}, bend((_, payload) => { payload.request_uri = "urn:ietf:params:oauth:request_uri:x"; })), "a request within a request");
  await wrong(push({}, bend((header) => { header.typ = "at+jwt"; })), "another kind of token");
  const plainText = (await signedRequest()).params;
  await wrong(signed.push(plainText), "unsigned");
  const { outer } = await signedRequest();
  const [, payload] = outer.get("request").split(".");
  const none = `${Buffer.from('{"alg":"none","typ":"oauth-authz-req+jwt"}').toString("base64url")}.${payload}.`;
  await wrong(signed.push(new URLSearchParams({ client_id: "signed", request: none })), "signed by nobody");
  assert.ok(await signed.push(outer), "the honest one is refused too");
});
