// Two libraries that others wrote complete the whole flow against Lockgate, and refuse what a liar in between would send them.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, test } from "node:test";
import * as jose from "jose";
import * as oidc from "openid-client";
import { Visitor } from "../lib/http.mjs";
import { Lockgate } from "../lib/server.mjs";
import { SoftPasskey } from "../lib/soft.mjs";

const REDIRECTS = {
  web: "https://app.example.org/callback", post: "https://post.example.org/callback", spa: "https://spa.example.org/callback",
  native: "http://127.0.0.1:7777/callback",
};
const CLIENTS = [
  { id: "web", method: "basic", authenticate: (secret) => oidc.ClientSecretBasic(secret) },
  { id: "post", method: "post", authenticate: (secret) => oidc.ClientSecretPost(secret) },
  { id: "spa", method: "none", kind: "browser", authenticate: () => oidc.None() },
  { id: "native", method: "none", kind: "native", authenticate: () => oidc.None() },
];

let lock, visitor;

before(async () => {
  const clients = CLIENTS.map(({ id, kind = "web" }) => ({ id, kind, redirectUris: [REDIRECTS[id]], scopes: ["openid", "offline_access"] }));
  lock = await Lockgate.make({ people: ["ada"], clients });
  await lock.start();
  visitor = new Visitor(lock.port);
  const passkey = new SoftPasskey();
  const enrolled = await visitor.enrol(lock.links.ada, passkey);
  assert.equal(enrolled.status, 200, enrolled.text);
  // The tokens shall tell of a sign-in with the passkey, not of its enrolment.
  await visitor.form("/sign-out", {});
  const signedIn = await visitor.signIn(passkey);
  assert.equal(signedIn.status, 200, signedIn.text);
});
after(async () => { visitor?.close(); await lock?.close(); });

/** The client, set up by discovery alone. `fetch` may lie in between. */
async function discovered({ id, authenticate }, fetch) {
  const config = await oidc.discovery(new URL(lock.issuer), id, {}, authenticate(lock.secrets[id]), {
    execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks], // http on loopback; and the ID token's signature is checked
  });
  if (fetch) config[oidc.customFetch] = fetch;
  return config;
}

/** Walks a browser through /authorize, allowing what is asked. Returns the address it is sent to. */
async function walk(url) {
  let answer = await visitor.get(url.pathname + url.search);
  if (answer.status === 200) {
    const field = (name) => new RegExp(`name="${name}" value="([^"]+)"`).exec(answer.text)?.[1];
    answer = await visitor.form("/authorize/consent", { journey: field("journey"), csrf: field("csrf"), answer: "allow" });
  }
  assert.equal(answer.status, 303, answer.text);
  return new URL(answer.location);
}

/** Up to the redirect back, with everything that must match later. */
async function asked(config, { id }, scope = "openid") {
  const verifier = oidc.randomPKCECodeVerifier();
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECTS[id], scope, state, nonce, code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256",
  });
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
  return { callback: await walk(url), checks };
}

for (const client of CLIENTS) {
  test(`openid-client as a ${client.kind ?? "web"} client (${client.method}): discovery, code, refresh, userinfo`, async () => {
    const config = await discovered(client);
    assert.equal(config.serverMetadata().supportsPKCE(), true);
    assert.equal(config.serverMetadata().authorization_response_iss_parameter_supported, true);
    const { callback, checks } = await asked(config, client);
    assert.equal(callback.searchParams.get("iss"), lock.issuer);
    assert.ok(callback.href.startsWith(`${REDIRECTS[client.id]}?`));

    const tokens = await oidc.authorizationCodeGrant(config, callback, checks);
    const claims = tokens.claims();
    assert.equal(claims.aud, client.id);
    assert.equal(claims.acr, "phr");
    assert.deepEqual(claims.amr, ["pop", "user", "mfa"]);
    assert.ok(Math.abs(claims.auth_time - Date.now() / 1000) < 60);
    assert.deepEqual(Object.keys(claims).filter((name) => /name|mail|phone|picture/.test(name)), [], "the ID token carries a profile");
    assert.equal((await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)).sub, claims.sub);

    const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
    assert.notEqual(renewed.refresh_token, tokens.refresh_token);
    if (renewed.id_token) assert.equal(renewed.claims().sub, claims.sub);
    assert.equal((await oidc.fetchUserInfo(config, renewed.access_token, claims.sub)).sub, claims.sub);

    let latest = renewed;
    if (client.method !== "none") {
      // A client that proves itself may have lost the answer: for a few seconds it gets the same successor again, and nothing more.
      const again = await oidc.refreshTokenGrant(config, tokens.refresh_token);
      assert.equal(again.refresh_token, renewed.refresh_token);
      latest = await oidc.refreshTokenGrant(config, renewed.refresh_token);
    }
    // The exchanged token was stolen, for all the server can know: the whole family ends, at userinfo at once.
    await assert.rejects(oidc.refreshTokenGrant(config, tokens.refresh_token), { error: "invalid_grant" });
    await assert.rejects(oidc.refreshTokenGrant(config, latest.refresh_token), { error: "invalid_grant" });
    await assert.rejects(oidc.fetchUserInfo(config, latest.access_token, claims.sub));
  });
}

test("jose verifies an access token as RFC 9068 has it, and an ID token is none", async () => {
  const client = CLIENTS[0];
  const config = await discovered(client);
  const { callback, checks } = await asked(config, client);
  const tokens = await oidc.authorizationCodeGrant(config, callback, checks);
  const keys = jose.createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri));
  const { payload, protectedHeader } = await jose.jwtVerify(tokens.access_token, keys, {
    issuer: lock.issuer, audience: lock.issuer, typ: "at+jwt", algorithms: ["ES256"],
    requiredClaims: ["iss", "exp", "aud", "sub", "client_id", "iat", "jti", "auth_time", "acr", "amr", "scope"], // RFC 9068 §2.2
  });
  assert.equal(payload.client_id, "web");
  assert.equal(payload.scope, "openid");
  assert.ok(payload.exp - payload.iat <= 300, "an access token lives five minutes at most");
  assert.ok(protectedHeader.kid);
  await assert.rejects(jose.jwtVerify(tokens.id_token, keys, { typ: "at+jwt" }), { code: "ERR_JWT_CLAIM_VALIDATION_FAILED" });
  const asAccessToken = await visitor.get("/userinfo", { Authorization: `Bearer ${tokens.id_token}` });
  assert.equal(asAccessToken.status, 401, "an ID token opened userinfo");
});

test("the public keys hold nothing private, and say what they are for", async () => {
  const { keys } = (await visitor.get("/jwks.json")).json;
  assert.ok(keys.length >= 1);
  for (const key of keys) {
    assert.deepEqual(Object.keys(key).sort(), ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    assert.equal(key.use, "sig");
    const thumbprint = Buffer.from(await jose.calculateJwkThumbprint(key, "sha256"), "base64url");
    assert.equal(key.kid, thumbprint.subarray(0, 16).toString("base64url"), "the key id is the thumbprint's first half (RFC 7638)");
  }
});

test("one person has another subject at each client, and the same each time", async () => {
  const subject = async (client) => {
    const config = await discovered(client);
    const { callback, checks } = await asked(config, client);
    return (await oidc.authorizationCodeGrant(config, callback, checks)).claims().sub;
  };
  const first = await subject(CLIENTS[0]);
  assert.equal(await subject(CLIENTS[0]), first);
  assert.notEqual(await subject(CLIENTS[1]), first);
});

test("prompt=none answers with an error instead of a page when somebody must be asked", async () => {
  const stranger = new Visitor(lock.port);
  const config = await discovered(CLIENTS[0]);
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECTS.web, scope: "openid", prompt: "none", state: "s", code_challenge_method: "S256",
    code_challenge: await oidc.calculatePKCECodeChallenge(oidc.randomPKCECodeVerifier()),
  });
  const answer = await stranger.get(url.pathname + url.search);
  stranger.close();
  await assert.rejects(
    oidc.authorizationCodeGrant(config, new URL(answer.location), { expectedState: "s" }), { error: "login_required" },
  );
});

// ---- a liar in between

/** A fetch that changes the token endpoint's answer. */
const lying = (change) => async (url, options) => {
  const response = await fetch(url, options);
  if (new URL(url).pathname !== "/token") return response;
  return Response.json(await change(await response.json()), { status: response.status });
};

const part = (token, index) => JSON.parse(Buffer.from(token.split(".")[index], "base64url"));
const packed = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** The same ID token with other claims, signed by nobody who may. */
async function forged(token, claims, header = {}) {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return new jose.SignJWT({ ...part(token, 1), ...claims }).setProtectedHeader({ ...part(token, 0), ...header }).sign(privateKey);
}

const LIES = {
  "claims changed under the old signature": ({ id_token: token }) => {
    const [header, , signature] = token.split(".");
    return [header, packed({ ...part(token, 1), sub: "somebody-else" }), signature].join(".");
  },
  "a signature with one bit changed": ({ id_token: token }) => {
    const [header, claims, signature] = token.split(".");
    const bytes = Buffer.from(signature, "base64url");
    bytes[20] ^= 1;
    return [header, claims, bytes.toString("base64url")].join(".");
  },
  "no signature at all": ({ id_token: token }) => `${packed({ alg: "none" })}.${token.split(".")[1]}.`,
  "another key under the same key id": ({ id_token: token }) => forged(token, {}),
  "an access token in its place": ({ access_token: token }) => token,
  "none": () => undefined,
};

for (const [lie, change] of Object.entries(LIES)) {
  test(`openid-client refuses an ID token with ${lie}`, async () => {
    const client = CLIENTS[0];
    const config = await discovered(client, lying(async (tokens) => ({ ...tokens, id_token: await change(tokens) })));
    const { callback, checks } = await asked(config, client);
    await assert.rejects(oidc.authorizationCodeGrant(config, callback, checks), (error) => error.name !== "AssertionError");
  });
}

test("the same flow without a lie goes through that very fetch", async () => {
  const config = await discovered(CLIENTS[0], lying((tokens) => tokens));
  const { callback, checks } = await asked(config, CLIENTS[0]);
  assert.ok((await oidc.authorizationCodeGrant(config, callback, checks)).claims().sub);
});

test("openid-client refuses a wrong nonce, state, verifier, and another issuer's answer", async () => {
  const client = CLIENTS[0];
  const config = await discovered(client);
  const wrong = [
    (_, checks) => ({ checks: { ...checks, expectedNonce: "another" } }),
    (_, checks) => ({ checks: { ...checks, expectedState: "another" } }),
    (_, checks) => ({ checks: { ...checks, pkceCodeVerifier: oidc.randomPKCECodeVerifier() } }),
    (callback) => { callback.searchParams.set("iss", "https://evil.example"); return { callback }; },
    (callback) => { callback.searchParams.delete("iss"); return { callback }; },
  ];
  for (const [index, spoil] of wrong.entries()) {
    const honest = await asked(config, client);
    const { callback, checks } = { ...honest, ...spoil(honest.callback, honest.checks) };
    await assert.rejects(oidc.authorizationCodeGrant(config, callback, checks), (error) => error.name !== "AssertionError", `number ${index}`);
  }
});

test("a code is good for its own client only", async () => {
  const [web, post] = await Promise.all(CLIENTS.slice(0, 2).map((client) => discovered(client)));
  const { callback, checks } = await asked(web, CLIENTS[0]);
  await assert.rejects(oidc.authorizationCodeGrant(post, callback, checks), { error: "invalid_grant" });
});
