// The server is killed in the middle of its work, again and again. What it acknowledged is there afterwards, what may be used once is not
// usable again, and the audit log is whole.

import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Visitor } from "../lib/http.mjs";
import { Client } from "../lib/oauth.mjs";
import { Lockgate } from "../lib/server.mjs";
import { SoftPasskey } from "../lib/soft.mjs";

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 25);
const WORKERS = 6;
const REDIRECT = "https://app.example.org/callback";
// Load before a kill, in milliseconds. Differs from round to round, so that kills fall everywhere.
const loadMs = (round) => 150 + (round * 37) % 300;

const newcomers = Array.from({ length: ROUNDS }, (_, index) => `newcomer${index}`);
const regulars = Array.from({ length: WORKERS }, (_, index) => `regular${index}`);
const total = { signedIn: 0, redeemed: 0, refreshed: 0, enrolled: 0, forgiven: 0, unknown: 0 };

let lock, agent, workers;

before(async () => {
  lock = await Lockgate.make({
    people: [...regulars, ...newcomers], clients: [{ id: "app", redirectUris: [REDIRECT], scopes: ["openid", "offline_access"], trusted: true }],
  });
  await lock.start();
  workers = await Promise.all(regulars.map(async (name) => {
    const worker = new Worker(name);
    assert.equal((await worker.visitor.enrol(lock.links[name], worker.passkey)).status, 200);
    return worker;
  }));
});
after(async () => { await lock?.close(); });

/** A request that the kill cut off tells nothing: undefined. Any other failure is one. */
async function acknowledged(request) {
  try {
    return await request;
  } catch (error) {
    assert.ok(["ECONNRESET", "ECONNREFUSED", "EPIPE"].includes(error.code) || /socket hang up|aborted/.test(error.message), `${error.stack}`);
    return undefined;
  }
}

/** One person with a soft passkey, who signs in, gets codes, redeems them and refreshes, and remembers what was acknowledged. */
class Worker {
  constructor(name) {
    this.name = name;
    this.passkey = new SoftPasskey();
    this.visitor = new Visitor(lock.port);
    this.session = null;
  }

  get client() {
    return new Client(lock.port, { id: "app", secret: lock.secrets.app, redirectUri: REDIRECT, agent });
  }

  /** Works until the server is gone. */
  async work() {
    this.live = null; // the newest refresh token that was acknowledged
    this.old = []; // refresh tokens that were exchanged with acknowledgement
    this.uncertain = false; // whether an exchange of `live` was under way at the end
    this.spent = []; // codes that were redeemed with acknowledgement
    this.visitor.agent = agent;
    for (let step = 0; ; step += 1) {
      if (step % 3 === 0 && !(await this.signIn())) return;
      if (this.live === null || step % 4 === 0) {
        const grant = await acknowledged(this.client.code(this.visitor, { scope: "openid offline_access" }));
        if (!grant) return;
        const answer = await acknowledged(this.client.redeem(grant));
        if (!answer) return;
        assert.equal(answer.status, 200, answer.text);
        this.spent.push(grant);
        total.redeemed += 1;
        [this.live, this.old] = [answer.json.refresh_token, []];
      }
      this.uncertain = true;
      const answer = await acknowledged(this.client.refresh(this.live));
      if (!answer) return;
      assert.equal(answer.status, 200, answer.text);
      this.uncertain = false;
      total.refreshed += 1;
      this.old.push(this.live);
      this.live = answer.json.refresh_token;
    }
  }

  /** Signs in as a browser without a session would, so that the earlier session goes on. */
  async signIn() {
    this.visitor.cookies.delete("lockgate");
    const answer = await acknowledged(this.visitor.signIn(this.passkey));
    if (!answer) return false;
    assert.equal(answer.status, 200, answer.text);
    this.session = new Map(this.visitor.cookies);
    total.signedIn += 1;
    return true;
  }

  /** Looks, after the restart, for everything that was acknowledged. */
  async check(round) {
    const at = `round ${round}, ${this.name}`;
    this.visitor.agent = agent;
    for (const grant of this.spent) {
      const again = await this.client.redeem(grant);
      assert.deepEqual([again.status, again.json.error], [400, "invalid_grant"], `${at}: a spent code was taken again`);
    }
    if (this.session) {
      this.visitor.cookies = new Map(this.session);
      assert.equal((await this.visitor.get("/account")).status, 200, `${at}: an acknowledged sign-in is gone`);
    }
    if (this.live) {
      const answer = await this.client.refresh(this.live);
      if (answer.status === 200) {
        // A client that proves itself may ask again for an answer that was lost: it hears the one successor, and nothing new.
        const again = await this.client.refresh(this.live);
        assert.deepEqual([again.status, again.json.refresh_token], [200, answer.json.refresh_token], `${at}: two successors`);
        if (this.uncertain) total.forgiven += 1;
      } else {
        assert.ok(this.uncertain, `${at}: an acknowledged refresh token is gone: ${answer.text}`);
        assert.equal(answer.json.error, "invalid_grant");
        total.unknown += 1;
      }
    }
    for (const token of this.old.slice(-3)) {
      const answer = await this.client.refresh(token);
      assert.deepEqual([answer.status, answer.json.error], [400, "invalid_grant"], `${at}: an exchanged refresh token was taken again`);
    }
  }
}

/** Enrols one newcomer; returns what is known about it. */
async function enrolNewcomer(name) {
  const visitor = new Visitor(lock.port, { agent });
  const passkey = new SoftPasskey();
  const answer = await acknowledged(visitor.enrol(lock.links[name], passkey));
  if (answer) {
    assert.equal(answer.status, 200, answer.text);
    total.enrolled += 1;
  }
  return { name, passkey, sure: Boolean(answer) };
}

/** An acknowledged enrolment signs in; one that was cut off is either done or can be done again, never both. */
async function checkNewcomer(round, { name, passkey, sure }) {
  const visitor = new Visitor(lock.port, { agent });
  const signedIn = passkey.userHandle ? (await visitor.signIn(passkey)).status === 200 : false;
  assert.ok(signedIn || !sure, `round ${round}, ${name}: an acknowledged enrolment is gone`);
  const again = await new Visitor(lock.port, { agent }).enrol(lock.links[name], new SoftPasskey());
  assert.equal(again.status === 200, !signedIn, `round ${round}, ${name}: the link is ${again.status} and the passkey ${signedIn}`);
}

test(`killed ${ROUNDS} times under load, it loses nothing that it acknowledged and takes nothing twice`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
    const work = workers.map((worker) => worker.work());
    // How long the load lasts is what this round is about; every other newcomer is cut off in the middle.
    const lead = round % 2 ? 4 + round / 2 : 100;
    await pause(loadMs(round) - lead);
    const newcomer = enrolNewcomer(newcomers[round]);
    await pause(lead);
    await lock.kill();
    await Promise.all(work);
    const known = await newcomer;
    agent.destroy();

    lock.run(["audit-log", "verify", "--config", lock.config]);
    await lock.start();
    agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
    await Promise.all(workers.map((worker) => worker.check(round)));
    await checkNewcomer(round, known);
    agent.destroy();
  }
  assert.ok(total.refreshed > ROUNDS && total.redeemed > ROUNDS && total.signedIn > ROUNDS, `too little load: ${JSON.stringify(total)}`);
  console.log(`${ROUNDS} kills: ${JSON.stringify(total)}`);
});
