// Signing keys change every two seconds under load. Whoever verifies as applications do, with the published keys, a cache, and a pause between
// two looks, meets no token that it can't verify.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import http from "node:http";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { createRemoteJWKSet, customFetch, jwtVerify } from "jose";
import { Visitor } from "../lib/http.mjs";
import { Client } from "../lib/oauth.mjs";
import { lockgate } from "../lib/programs.mjs";
import { Lockgate } from "../lib/server.mjs";
import { SoftPasskey } from "../lib/soft.mjs";

const SECONDS = Number(process.env.ROTATION_SECONDS ?? 20);
const EVERY_MS = 2_000;
// An application does not ask for keys again before this has passed. Shorter than the time between two rotations: what signs before
// everybody can have seen it (--at-once) is for emergencies, and nobody rotates twice within a cache's pause.
const COOLDOWN_MS = 1_000;
const WORKERS = 4;
const REDIRECT = "https://app.example.org/callback";

let lock;
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
const visitors = [];

before(async () => {
  const people = Array.from({ length: WORKERS }, (_, index) => `person${index}`);
  lock = await Lockgate.make({ people, clients: [{ id: "app", redirectUris: [REDIRECT], trusted: true }] });
  await lock.start();
  for (const name of people) {
    const visitor = new Visitor(lock.port, { agent });
    assert.equal((await visitor.enrol(lock.links[name], new SoftPasskey())).status, 200);
    visitors.push(visitor);
  }
});
after(async () => { agent.destroy(); await lock?.close(); });

test(`keys rotate every ${EVERY_MS / 1000} s for ${SECONDS} s, and every token is verified`, async () => {
  const fetched = [];
  const keys = createRemoteJWKSet(new URL(`${lock.issuer}/jwks.json`), {
    cooldownDuration: COOLDOWN_MS, [customFetch]: (...asked) => { fetched.push(performance.now()); return fetch(...asked); },
  });
  const verify = (token, audience, typ) => jwtVerify(token, keys, { issuer: lock.issuer, audience, typ, algorithms: ["ES256"] });
  const end = performance.now() + SECONDS * 1_000;
  const seen = new Map();
  let verified = 0;

  async function work(visitor) {
    const client = new Client(lock.port, { id: "app", secret: lock.secrets.app, redirectUri: REDIRECT, agent });
    while (performance.now() < end) {
      const redeemed = await client.redeem(await client.code(visitor));
      assert.equal(redeemed.status, 200, redeemed.text);
      const { access_token: access, id_token: id, refresh_token: refresh } = redeemed.json;
      const { protectedHeader: { kid } } = await verify(id, "app");
      await verify(access, lock.issuer, "at+jwt");
      seen.set(kid, (seen.get(kid) ?? 0) + 1);
      const refreshed = await client.refresh(refresh);
      assert.equal(refreshed.status, 200, refreshed.text);
      await verify(refreshed.json.access_token, lock.issuer, "at+jwt");
      // The server itself takes what an earlier key signed.
      assert.equal((await visitor.get("/userinfo", { Authorization: `Bearer ${access}` })).status, 200, "userinfo");
      verified += 3;
      await pause(5);
    }
  }

  let rotations = 0;
  async function rotate() {
    const run = promisify(execFile);
    for (let at = performance.now() + EVERY_MS; at < end; at += EVERY_MS) {
      await pause(Math.max(0, at - performance.now()));
      await run(lockgate, ["keys", "rotate", "--at-once", "--config", lock.config]);
      rotations += 1;
    }
  }

  await Promise.all([rotate(), ...visitors.map(work)]);
  assert.ok(rotations >= SECONDS / 2 - 2, `only ${rotations} rotations`);
  assert.ok(seen.size >= rotations, `tokens of ${seen.size} keys with ${rotations} rotations`);
  for (const [index, at] of fetched.entries()) {
    assert.ok(index === 0 || at - fetched[index - 1] >= COOLDOWN_MS - 20, `two looks ${Math.round(at - fetched[index - 1])} ms apart`);
  }
  console.log(`${rotations} rotations, ${seen.size} keys, ${verified} tokens verified, keys fetched ${fetched.length} times`);
});

test("all keys of it are published while their tokens live, one signs, and the audit log is whole", async () => {
  const { keys } = (await visitors[0].get("/jwks.json")).json;
  assert.equal(new Set(keys.map(({ kid }) => kid)).size, keys.length);
  assert.ok(keys.every((key) => key.d === undefined && key.use === "sig" && key.alg === "ES256"), "a private part, or no use, in what is published");
  const listed = JSON.parse(lock.operate("keys", "list", "--output", "json"));
  assert.equal(listed.filter(({ state }) => state === "active").length, 1, JSON.stringify(listed));
  await lock.stop();
  lock.operate("audit-log", "verify");
});
