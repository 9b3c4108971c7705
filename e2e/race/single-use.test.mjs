// What may be used once, used by many at the same moment: pushed requests, client assertions, DPoP proofs; and a revocation that meets a
// refresh half-way. Whatever order the server takes them in, nothing counts twice and nothing survives its revocation.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import http from "node:http";
import { after, before, test } from "node:test";
import { SignJWT, calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import { Visitor, form, send } from "../lib/http.mjs";
import { Client, authorizeParams, basic } from "../lib/oauth.mjs";
import { Lockgate } from "../lib/server.mjs";
import { SoftPasskey } from "../lib/soft.mjs";

const ROUNDS = Number(process.env.RACE_ROUNDS ?? 200);
const AT_ONCE = 10;
const REDIRECT = "https://app.example.org/callback";

let lock, visitor, client, keys, jwk, seen;
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

before(async () => {
  keys = await generateKeyPair("ES256");
  jwk = { ...(await exportJWK(keys.publicKey)), alg: "ES256", kid: "one" };
  // Refused assertions slow an address down. This machine is not slowed down here, or nothing would be raced.
  const secret = randomUUID() + randomUUID();
  lock = await Lockgate.conformance({ people: ["ada"], clients: [
    {
      client_id: "app", client_name: "App", client_secret: secret, redirect_uris: [REDIRECT], token_endpoint_auth_method: "client_secret_basic",
      grant_types: ["authorization_code", "refresh_token"], scope: "openid", lockgate: { kind: "web", consent: "trusted" },
    },
    {
      client_id: "worker", client_name: "Worker", token_endpoint_auth_method: "private_key_jwt", grant_types: ["client_credentials"],
      scope: "work", jwks: { keys: [jwk] }, lockgate: { kind: "service" },
    },
  ] });
  lock.secrets.app = secret;
  await lock.start();
  visitor = new Visitor(lock.port);
  assert.equal((await visitor.enrol(lock.links.ada, new SoftPasskey())).status, 200);
  client = new Client(lock.port, { id: "app", secret: lock.secrets.app, redirectUri: REDIRECT, agent });
  seen = 0;
});
after(async () => { agent.destroy(); visitor?.close(); await lock?.close(); });

const atOnce = (act) => Promise.all(Array.from({ length: AT_ONCE }, act));

function post(path, fields, headers = {}) {
  return send({
    port: lock.port, method: "POST", path, agent, body: form(fields),
    headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
  });
}

const now = () => Math.floor(Date.now() / 1000);

function assertion() {
  return new SignJWT({ jti: randomUUID() }).setProtectedHeader({ alg: "ES256", kid: "one" })
    .setIssuer("worker").setSubject("worker").setAudience(lock.issuer).setIssuedAt(now()).setExpirationTime(now() + 60)
    .sign(keys.privateKey);
}

const work = (client_assertion) => ({
  grant_type: "client_credentials", scope: "work", client_assertion,
  client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
});

/** A DPoP proof for the token endpoint (RFC 9449 §4.2), with the server's nonce where it gave one. */
async function proof(nonce) {
  const { kty, crv, x, y } = jwk;
  return new SignJWT({ jti: randomUUID(), htm: "POST", htu: `${lock.issuer}/token`, ...(nonce ? { nonce } : {}) })
    .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk: { kty, crv, x, y } }).setIssuedAt(now()).sign(keys.privateKey);
}

test(`one pushed request at many browsers' hands leads to one code (${ROUNDS} rounds)`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const pushed = await post("/par", authorizeParams({ client: "app", redirectUri: REDIRECT }), { Authorization: basic("app", lock.secrets.app) });
    assert.equal(pushed.status, 201, pushed.text);
    const answers = await atOnce(() => visitor.get(`/authorize?${form({ client_id: "app", request_uri: pushed.json.request_uri })}`));
    const codes = answers.filter(({ location }) => location?.includes("code="));
    assert.equal(codes.length, 1, `round ${round}: ${codes.length} codes; ${answers.map(({ status }) => status)}`);
  }
});

test(`one client assertion counts once (${ROUNDS} rounds)`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const fields = work(await assertion());
    const answers = await atOnce(() => post("/token", fields));
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 1, `round ${round}: ${won.length} won; ${answers.map(({ status, text }) => `${status} ${text}`).join("\n")}`);
    for (const lost of answers.filter((answer) => answer !== won[0])) assert.equal(lost.json.error, "invalid_client", lost.text);
  }
});

test(`one DPoP proof counts once (${ROUNDS} rounds)`, async () => {
  let nonce;
  const first = await post("/token", work(await assertion()), { DPoP: await proof() });
  nonce = first.headers["dpop-nonce"];
  const jkt = await calculateJwkThumbprint(jwk);
  for (let round = 0; round < ROUNDS; round += 1) {
    const shown = await proof(nonce);
    const bodies = await Promise.all(Array.from({ length: AT_ONCE }, async () => work(await assertion())));
    const answers = await Promise.all(bodies.map((fields) => post("/token", fields, { DPoP: shown })));
    nonce = answers.find(({ headers }) => headers["dpop-nonce"])?.headers["dpop-nonce"] ?? nonce;
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 1, `round ${round}: ${won.length} won; ${answers.map(({ status, text }) => `${status} ${text}`).join("\n")}`);
    assert.equal(won[0].json.token_type, "DPoP");
    const claims = JSON.parse(Buffer.from(won[0].json.access_token.split(".")[1], "base64url"));
    assert.equal(claims.cnf.jkt, jkt);
    seen += 1;
  }
  assert.equal(seen, ROUNDS);
});

test(`a revocation that meets a refresh leaves nothing alive (${ROUNDS} rounds)`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const first = (await client.redeem(await client.code(visitor))).json;
    const [refreshed, revoked] = await Promise.all([
      client.refresh(first.refresh_token),
      post("/revoke", { token: first.refresh_token }, { Authorization: basic("app", lock.secrets.app) }),
    ]);
    assert.equal(revoked.status, 200, revoked.text);
    for (const token of [first.refresh_token, refreshed.status === 200 ? refreshed.json.refresh_token : undefined].filter(Boolean)) {
      const late = await client.refresh(token);
      assert.deepEqual([late.status, late.json.error], [400, "invalid_grant"], `round ${round}: a refresh token outlived its revocation`);
    }
    for (const token of [first.access_token, refreshed.json.access_token].filter(Boolean)) {
      const answer = await visitor.get("/userinfo", { Authorization: `Bearer ${token}` });
      assert.equal(answer.status, 401, `round ${round}: an access token outlived its revocation`);
    }
  }
});
