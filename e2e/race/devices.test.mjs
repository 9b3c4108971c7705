// Devices, raced: a yes and a no at once, many answers at once, many redemptions at once. One answer counts, one device gets tokens, and who
// comes twice with what was redeemed ends what came of it.

import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { formOf } from "../lib/foreign.mjs";
import { Visitor, form, send } from "../lib/http.mjs";
import { Lockgate } from "../lib/server.mjs";
import { SoftPasskey } from "../lib/soft.mjs";

const ROUNDS = Number(process.env.RACE_ROUNDS ?? 200);
const AT_ONCE = 10;
const GRANT = "urn:ietf:params:oauth:grant-type:device_code";

let lock, visitor;
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

before(async () => {
  // Answers are not limited for this machine: it answers more often than people would.
  lock = await Lockgate.conformance({ people: ["ada"], clients: [{
    client_id: "kiosk", client_name: "Kiosk", token_endpoint_auth_method: "none", grant_types: [GRANT, "refresh_token"], redirect_uris: [],
    scope: "openid offline_access", lockgate: { kind: "native" },
  }] });
  await lock.start();
  visitor = new Visitor(lock.port);
  assert.equal((await visitor.enrol(lock.links.ada, new SoftPasskey())).status, 200);
});
after(async () => { agent.destroy(); visitor?.close(); await lock?.close(); });

const post = (path, fields) => send({ port: lock.port, method: "POST", path, agent, body: form(fields), headers: { "Content-Type": "application/x-www-form-urlencoded" } });
const redeem = ({ device_code: code }) => post("/token", { grant_type: GRANT, client_id: "kiosk", device_code: code });
const userinfo = (token) => visitor.get("/userinfo", { Authorization: `Bearer ${token}` });

/** A device that waits, and the form on which a person answers. */
async function waiting() {
  const begun = await post("/device_authorization", { client_id: "kiosk", scope: "openid offline_access" });
  assert.equal(begun.status, 200, begun.text);
  const page = await visitor.form("/device", { code: begun.json.user_code });
  const asked = formOf(page.text, "/device/answer");
  assert.ok(asked, page.text);
  return { ...begun.json, say: (answer) => visitor.form(asked.action, { ...asked.fields, answer }) };
}

test(`yes and no at once: one of them counts, and the device hears that one (${ROUNDS} rounds)`, async () => {
  const heard = { allow: 0, deny: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    const device = await waiting();
    const order = round % 2 ? ["allow", "deny"] : ["deny", "allow"];
    const answers = await Promise.all(order.map((answer) => device.say(answer)));
    const counted = order.filter((_, index) => /Your device (is connected|was not let in)/.test(answers[index].text));
    assert.equal(counted.length, 1, `round ${round}: ${answers.map(({ status }) => status)}`);
    const tokens = await redeem(device);
    if (counted[0] === "allow") assert.equal(tokens.status, 200, `round ${round}: ${tokens.text}`);
    else assert.deepEqual([tokens.status, tokens.json.error], [400, "access_denied"], `round ${round}`);
    heard[counted[0]] += 1;
  }
  console.log(`of ${ROUNDS} pairs yes came first ${heard.allow} times`);
});

test(`${AT_ONCE} redemptions of one approval at once: one wins, and what it won ends with the replay (${ROUNDS} rounds)`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const device = await waiting();
    assert.equal((await device.say("allow")).status, 200);
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => redeem(device)));
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 1, `round ${round}: ${won.length} won`);
    for (const lost of answers.filter((answer) => answer !== won[0])) {
      assert.ok(lost.status === 400 && ["invalid_grant", "slow_down"].includes(lost.json.error), `round ${round}: ${lost.status} ${lost.text}`);
    }
    // A code that was redeemed and comes again was in two hands.
    const late = await redeem(device);
    assert.deepEqual([late.status, late.json.error], [400, "invalid_grant"], `round ${round}`);
    assert.equal((await userinfo(won[0].json.access_token)).status, 401, `round ${round}: the winner's access token lives`);
    const refreshed = await post("/token", { grant_type: "refresh_token", client_id: "kiosk", refresh_token: won[0].json.refresh_token });
    assert.deepEqual([refreshed.status, refreshed.json.error], [400, "invalid_grant"], `round ${round}`);
  }
});

test("the nearest that is allowed: one yes, one redemption", async () => {
  const device = await waiting();
  await device.say("allow");
  const tokens = await redeem(device);
  assert.equal(tokens.status, 200, tokens.text);
  assert.equal((await userinfo(tokens.json.access_token)).status, 200);
});

test("the audit log is whole after all this", async () => {
  await lock.stop();
  lock.operate("audit-log", "verify");
});
