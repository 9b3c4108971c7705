// Fifty at once with one code, and fifty at once with one refresh token, many times over. With a code, or with a refresh token that nothing
// binds to its holder, one wins, and what the others did is taken for what it may be, a theft: the winner's family ends. A client that proves
// itself may ask again: all hear the one successor, and nothing is issued twice.

import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { Visitor } from "../lib/http.mjs";
import { Client } from "../lib/oauth.mjs";
import { Lockgate } from "../lib/server.mjs";
import { SoftPasskey } from "../lib/soft.mjs";

const ROUNDS = Number(process.env.RACE_ROUNDS ?? 200);
const AT_ONCE = 50;
const REDIRECT = "https://app.example.org/callback";

const SPA = "https://spa.example.org/callback";

let lock, visitor, client, spa;
const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });

before(async () => {
  lock = await Lockgate.make({ people: ["ada"], clients: [
    { id: "app", redirectUris: [REDIRECT], trusted: true },
    { id: "spa", kind: "browser", redirectUris: [SPA], trusted: true },
  ] });
  await lock.start();
  visitor = new Visitor(lock.port);
  const enrolled = await visitor.enrol(lock.links.ada, new SoftPasskey());
  assert.equal(enrolled.status, 200, enrolled.text);
  client = new Client(lock.port, { id: "app", secret: lock.secrets.app, redirectUri: REDIRECT, agent });
  spa = new Client(lock.port, { id: "spa", redirectUri: SPA, agent });
});
after(async () => { agent.destroy(); visitor?.close(); await lock?.close(); });

/** Runs `act` AT_ONCE times side by side; exactly one may win, and the others hear `invalid_grant`. Returns the winner's answer. */
async function oneWins(round, act) {
  const answers = await Promise.all(Array.from({ length: AT_ONCE }, act));
  const won = answers.filter(({ status }) => status === 200);
  assert.equal(won.length, 1, `round ${round}: ${won.length} won`);
  for (const answer of answers) {
    if (answer === won[0]) continue;
    assert.equal(answer.status, 400, `round ${round}: ${answer.status} ${answer.text}`);
    assert.equal(answer.json.error, "invalid_grant", `round ${round}`);
  }
  return won[0].json;
}

/** The family is dead: neither its newest refresh token nor its access token works. */
async function assertDead(round, tokens, holder = client) {
  const refused = await holder.refresh(tokens.refresh_token);
  assert.deepEqual([refused.status, refused.json.error], [400, "invalid_grant"], `round ${round}: the winner's refresh token lives`);
  const userinfo = await visitor.get("/userinfo", { Authorization: `Bearer ${tokens.access_token}` });
  assert.equal(userinfo.status, 401, `round ${round}: the winner's access token lives`);
}

test(`${AT_ONCE} redemptions of one code at once: one wins, and its family ends (${ROUNDS} rounds)`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const grant = await client.code(visitor);
    await assertDead(round, await oneWins(round, () => client.redeem(grant)));
  }
});

test(`${AT_ONCE} refreshes of one unbound token at once: one wins, and its family ends (${ROUNDS} rounds)`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const first = await spa.redeem(await spa.code(visitor));
    assert.equal(first.status, 200, first.text);
    const token = first.json.refresh_token;
    await assertDead(round, await oneWins(round, () => spa.refresh(token)), spa);
  }
});

test(`${AT_ONCE} refreshes by a client that proves itself: one successor for all, and the family lives (${ROUNDS} rounds)`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const first = await client.redeem(await client.code(visitor));
    assert.equal(first.status, 200, first.text);
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => client.refresh(first.json.refresh_token)));
    for (const { status, text } of answers) assert.equal(status, 200, `round ${round}: ${text}`);
    const successors = new Set(answers.map(({ json }) => json.refresh_token));
    assert.equal(successors.size, 1, `round ${round}: ${successors.size} successors`);
    const next = await client.refresh([...successors][0]);
    assert.equal(next.status, 200, `round ${round}: ${next.text}`);
    // Once the successor was used, the first token is a replay like any other.
    const late = await client.refresh(first.json.refresh_token);
    assert.deepEqual([late.status, late.json.error], [400, "invalid_grant"], `round ${round}`);
    await assertDead(round, next.json);
  }
});

test("the nearest that is allowed: one after the other, each token once", async () => {
  let { refresh_token: token } = (await client.redeem(await client.code(visitor))).json;
  for (let step = 0; step < 20; step += 1) {
    const answer = await client.refresh(token);
    assert.equal(answer.status, 200, `step ${step}: ${answer.text}`);
    assert.notEqual(answer.json.refresh_token, token);
    token = answer.json.refresh_token;
  }
});

test("one answer to a challenge, sent many times at once, opens one session", async () => {
  const passkey = new SoftPasskey();
  const owner = new Visitor(lock.port);
  assert.equal((await owner.enrol(lock.links.admin, passkey)).status, 200);
  for (let round = 0; round < 10; round += 1) {
    const stranger = new Visitor(lock.port);
    const journey = await stranger.begin();
    const { publicKey } = (await stranger.options(journey)).json;
    const answer = passkey.get(publicKey, stranger.origin);
    const answers = await Promise.all(Array.from({ length: 20 }, () => stranger.result(journey, answer)));
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 1, `round ${round}: ${won.length} sessions`);
    for (const lost of answers.filter(({ status }) => status !== 200)) assert.ok(lost.status < 500, lost.text);
    stranger.close();
  }
  owner.close();
});

test("the audit log is whole after all this", async () => {
  await lock.stop();
  lock.run(["audit-log", "verify", "--config", lock.config]);
});
