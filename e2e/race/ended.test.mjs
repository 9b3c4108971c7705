// What a grant rests on changes while the server runs, and the grant is over within a second: its code, its refresh token, its access token.
// Eight changes, each with a neighbour that it does not concern, who goes on. Policy is read at the start, so a rule that asks for more is
// tried across a restart as well; codes do not outlive one anyway.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { formOf } from "../lib/foreign.mjs";
import { Visitor, form } from "../lib/http.mjs";
import { Client, authorizeParams, pkce } from "../lib/oauth.mjs";
import { Lockgate } from "../lib/server.mjs";
import { SoftPasskey } from "../lib/soft.mjs";

const AT_ONCE_MS = 1_000;
const DAY = 86_400;
const PEOPLE = ["disabled", "ungrouped", "withdrawn", "application", "removed", "raised", "tightened", "ended", "signed-out", "expired"];
const redirect = (id) => `https://${id}.example.org/callback`;

let lock, neighbour;

before(async () => {
  // The end of whoever leaves: the second midnight from now, so that no midnight comes in between.
  const ends = new Date((Math.floor(Date.now() / 1000 / DAY) + 2) * DAY * 1000).toISOString().slice(0, 10);
  const more = { ungrouped: ["--group", "crew"], expired: ["--ends", ends] };
  const trusted = (id, ...more) => ({ id, redirectUris: [redirect(id)], trusted: true, more });
  lock = await Lockgate.make({
    people: [...PEOPLE, "neighbour"].map((name) => ({ name, more: more[name] ?? [] })),
    clients: [
      trusted("app"), trusted("crew-app", "--group", "crew"), trusted("switched"), trusted("growing"),
      { id: "asking", redirectUris: [redirect("asking")], scopes: ["openid", "offline_access"] },
    ],
    settings: "[policy.rules.vaults]\ntiers = [\"critical\"]\nleast = \"device_bound_claimed\"",
  });
  lock.ends = Date.parse(ends) / 1000;
  await lock.movableClock().start();
  neighbour = await holder("neighbour", "app");
});
after(async () => { neighbour?.visitor.close(); await lock?.close(); });

/** Somebody who is signed in, and an application that holds tokens of theirs; it can ask for a code that it has not redeemed. */
async function holder(name, id, { allow = false, ...more } = {}) {
  const [visitor, passkey] = [new Visitor(lock.port), new SoftPasskey()];
  const enrolled = await visitor.enrol(lock.links[name], passkey);
  assert.equal(enrolled.status, 200, enrolled.text);
  const client = new Client(lock.port, { id, secret: lock.secrets[id], redirectUri: redirect(id) });
  const held = { name, visitor, passkey, client, more };
  if (allow) await consent(held);
  const tokens = await client.redeem(await client.code(visitor, more));
  assert.equal(tokens.status, 200, tokens.text);
  return Object.assign(held, tokens.json);
}

async function consent({ visitor, client, more }) {
  const { challenge } = pkce();
  const page = await visitor.get(`/authorize?${form(authorizeParams({ client: client.id, redirectUri: client.redirectUri, challenge, ...more }))}`);
  const { action, fields } = formOf(page.text, "/authorize/consent");
  assert.equal((await visitor.form(action, { ...fields, answer: "allow" })).status, 303);
}

const told = (tokens) => neighbour.visitor.get("/userinfo", { Authorization: `Bearer ${tokens.access_token}` });

/** Everything works up to `change`, and nothing of it within a second afterwards. */
async function over(held, change, { code: error = "invalid_grant", status = 400, codes = true } = {}) {
  const first = await held.client.refresh(held.refresh_token);
  assert.equal(first.status, 200, `before: ${first.text}`);
  assert.equal((await told(first.json)).status, 200, "before: userinfo");
  const grant = codes ? await held.client.code(held.visitor, held.more) : null;

  const began = performance.now();
  await change(held);
  const changed = performance.now();
  const refreshed = await held.client.refresh(first.json.refresh_token);
  assert.deepEqual([refreshed.status, refreshed.json.error], [status, error], `refresh: ${refreshed.text}`);
  if (grant) {
    const redeemed = await held.client.redeem(grant);
    assert.deepEqual([redeemed.status, redeemed.json.error], [status, error], `code: ${redeemed.text}`);
  }
  assert.equal((await told(first.json)).status, 401, "userinfo");
  const spent = performance.now() - changed;
  assert.ok(spent < AT_ONCE_MS, `it took ${Math.round(spent)} ms to hear so`);
  console.log(`${held.name}: changed in ${Math.round(changed - began)} ms, over ${Math.round(spent)} ms later`);

  // Whom it does not concern goes on.
  const other = await neighbour.client.refresh(neighbour.refresh_token);
  assert.equal(other.status, 200, `the neighbour: ${other.text}`);
  Object.assign(neighbour, other.json);
  assert.equal((await told(neighbour)).status, 200, "the neighbour: userinfo");
  return first.json;
}

test("a person is disabled; once they are enabled, what they had granted stays over", async () => {
  const held = await holder("disabled", "app");
  const tokens = await over(held, ({ name }) => lock.operate("person", "disable", name));
  lock.operate("person", "enable", "disabled");
  const revived = await held.client.refresh(tokens.refresh_token);
  assert.deepEqual([revived.status, revived.json.error], [400, "invalid_grant"], "the old grant lives again");
  assert.equal((await held.visitor.signIn(held.passkey)).status, 200);
  assert.equal((await held.client.redeem(await held.client.code(held.visitor))).status, 200);
});

test("a person leaves the group that the application is for", async () => {
  await over(await holder("ungrouped", "crew-app"), ({ name }) => lock.operate("person", "groups", name, "--none"));
});

test("a person takes their consent back", async () => {
  const held = await holder("withdrawn", "asking", { allow: true, scope: "openid offline_access" });
  await over(held, async ({ visitor }) => {
    const answer = await visitor.form("/account/apps/withdraw", { client: "asking" });
    assert.equal(answer.location, "/account/apps?said=access_withdrawn", answer.text);
  });
});

test("an application is disabled; that is a pause, and once it is enabled it goes on", async () => {
  const held = await holder("application", "switched");
  const tokens = await over(held, () => lock.operate("client", "disable", "switched"), { code: "invalid_client", status: 401 });
  lock.operate("client", "enable", "switched");
  const goesOn = await held.client.refresh(tokens.refresh_token);
  assert.equal(goesOn.status, 200, goesOn.text);
});

test("the passkey behind the grant is removed, from a session of another passkey", async () => {
  const held = await holder("removed", "asking", { allow: true, scope: "openid offline_access" });
  // A second passkey, and a session that it opened.
  const [other, second] = [new Visitor(lock.port), new SoftPasskey()];
  const begun = (await held.visitor.api("/api/ceremony/enrol/begin", {})).json;
  const made = await held.visitor.api("/api/ceremony/enrol/result", { journey: begun.journey, credential: second.create(begun.publicKey, held.visitor.origin), label: "Second" });
  assert.equal(made.status, 200, made.text);
  assert.equal((await other.signIn(second)).status, 200);
  const page = (await other.get("/account/ways-to-sign-in")).text;
  const [, id] = /data-passkey="([^"]+)"(?:(?!data-passkey).)*Soft passkey/s.exec(page);
  await over(held, async () => {
    const answer = await other.api(`/api/account/passkeys/${id}/remove`, { confirm_last: false });
    assert.equal(answer.status, 200, answer.text);
  });
  other.close();
});

test("an application rises to a tier that asks for more than was shown", async () => {
  await over(await holder("raised", "growing"), () => lock.operate("client", "set", "growing", "--tier", "critical"));
});

test("a session is ended by an operator, and by the person", async () => {
  await over(await holder("ended", "app"), ({ name }) => lock.operate("person", "end-sessions", name));
  await over(await holder("signed-out", "app"), async ({ visitor }) => { await visitor.form("/sign-out", {}); });
});

test("a rule is written that asks for more: over from the restart on", async () => {
  const held = await holder("tightened", "app");
  const before = readFileSync(lock.config, "utf8");
  await over(held, async () => {
    await lock.stop();
    lock.configure('[policy.segments.tightened]\ngroups_any_of = ["tightened"]\n[policy.rules.tightened]\nsegments = ["tightened"]\nleast = "device_bound_claimed"');
    lock.operate("person", "groups", held.name, "--group", "tightened");
    await lock.start();
  }, { codes: false });
  await lock.stop();
  writeFileSync(lock.config, before);
  await lock.start();
});

// The last one: the clock is moved far.
test("a person's last day has come", async () => {
  lock.later(lock.ends - 120 - lock.seconds);
  const link = /^http\S+$/m.exec(lock.operate("person", "link", "expired"))[0];
  lock.links.expired = link;
  lock.links.neighbour = /^http\S+$/m.exec(lock.operate("person", "link", "neighbour", "--remove-passkeys"))[0];
  neighbour.visitor.close();
  neighbour = await holder("neighbour", "app");
  await over(await holder("expired", "app"), () => lock.later(121));
  assert.equal((await new Visitor(lock.port).signIn(neighbour.passkey)).status, 200, "the neighbour can't sign in");
});

test("the audit log is whole after all this", async () => {
  await lock.stop();
  lock.operate("audit-log", "verify");
});
