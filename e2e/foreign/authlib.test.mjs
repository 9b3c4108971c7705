// PyPI's `authlib` as a client: code with PKCE, with a secret and with a key; client credentials, introspection, revocation.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import path from "node:path";
import readline from "node:readline";
import { after, before, test } from "node:test";
import { keyed, redirect, signer, walk, web, world } from "../lib/foreign.mjs";
import { python, root } from "../lib/programs.mjs";

let lock, visitor, close, clients, key, child, lines;

before(async () => {
  key = await signer("ES256");
  clients = [
    web("secretive"), web("service", { grant_types: ["client_credentials"], scope: "report:write", redirect_uris: [], lockgate: { kind: "service" } }),
    keyed("keyed", key), keyed("late", key, {
      lockgate: { exceptions: [{ rule: "legacy_assertion_audience", reason: "Its library takes the endpoint's address.", owner: "Ada", approved_by: "Bela", days: 30 }] },
    }),
  ];
  ({ lock, visitor, close } = await world({ clients }));
  child = spawn(python, [path.join(root, "e2e/foreign/authlib_client.py")], { stdio: ["pipe", "pipe", "inherit"] });
  lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
});
after(async () => { child?.kill(); await close?.(); });

/** Has the client do something. Rejects with `error` when it was refused, or refused what it was told. */
async function have(command, name, parameters = {}) {
  child.stdin.write(`${JSON.stringify({ do: command, name, ...parameters })}\n`);
  const { value, done } = await lines.next();
  assert.ok(!done, "the client ended");
  const { ok, error, what } = JSON.parse(value);
  if (error) throw Object.assign(new Error(`${error}: ${what}`), { error });
  return ok;
}

const secretOf = (id) => clients.find(({ client_id: one }) => one === id).client_secret;
const begin = (id, more = {}) => have("begin", id, { issuer: lock.issuer, client_id: id, secret: secretOf(id), redirect_uri: redirect(id), ...more });

const WAYS = {
  "a secret": () => ["secretive", {}],
  "a key": () => ["keyed", { method: "private_key_jwt", key: key.pem, audience: lock.issuer }],
  "a key, and assertions for the endpoint, by exception": () => ["late", { method: "private_key_jwt", key: key.pem }],
};

for (const [way, how] of Object.entries(WAYS)) {
  test(`authlib with ${way}: discovery, code, PKCE, ID token, userinfo, refresh, revocation`, async () => {
    const [id, more] = how();
    assert.equal(await begin(id, more), lock.issuer);
    const callback = await walk(visitor, await have("authorize", id));
    const { token, claims, userinfo } = await have("redeem", id, { callback: callback.href });
    assert.equal(claims.sub, userinfo.sub);
    assert.equal(claims.acr, "phr");
    const renewed = await have("refresh", id);
    assert.notEqual(renewed.refresh_token, token.refresh_token);
    assert.equal((await have("introspect", id, { token: renewed.access_token })).told.active, true);
    assert.equal(await have("revoke", id, { token: renewed.refresh_token }), 200);
    assert.deepEqual(await have("introspect", id, { token: renewed.access_token }), { status: 200, told: { active: false } });
    await assert.rejects(have("refresh", id), { error: "invalid_grant" });
  });
}

test("assertions as the library makes them by itself, for the endpoint and for an hour, are refused where no exception says otherwise", async () => {
  for (const more of [{}, { audience: lock.issuer, seconds: 3_600 }]) {
    await begin("keyed", { method: "private_key_jwt", key: key.pem, ...more });
    const callback = await walk(visitor, await have("authorize", "keyed"));
    await assert.rejects(have("redeem", "keyed", { callback: callback.href }), { error: "invalid_client" });
  }
});

test("authlib refuses another nonce and another state, and is refused with another verifier", async () => {
  await begin("secretive");
  const callback = async () => (await walk(visitor, await have("authorize", "secretive"))).href;
  await assert.rejects(have("redeem", "secretive", { callback: await callback(), nonce: "another" }), (error) => /claim/i.test(error.message));
  await assert.rejects(have("redeem", "secretive", { callback: (await callback()).replace(/state=[^&]+/, "state=another") }), { error: "mismatching_state" });
  await assert.rejects(have("redeem", "secretive", { callback: await callback(), verifier: "x".repeat(48) }), { error: "invalid_grant" });
});

test("authlib for itself: client credentials", async () => {
  await begin("service", { scope: "report:write" });
  const { access_token: token, refresh_token: refresh } = await have("own", "service");
  assert.equal(refresh, undefined);
  assert.equal((await have("introspect", "service", { token })).told.client_id, "service");
  await assert.rejects(have("own", "service", { scope: "admin" }), { error: "invalid_scope" });
  await begin("secretive");
  await assert.rejects(have("own", "secretive"), { error: "unauthorized_client" });
  await begin("service", { scope: "report:write", secret: "x".repeat(43) });
  await assert.rejects(have("own", "service"), { error: "invalid_client" });
});
