// Ceremonies replayed, crossed between people, bent by a bit, or sent by another site: each is refused in words that pages can act on.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { b64u, fromB64u } from "../lib/bytes.mjs";
import { Visitor, raw } from "../lib/http.mjs";
import { SoftPasskey, clientData } from "../lib/soft.mjs";
import { world } from "../lib/spoiled.mjs";

let lock, visitor, bela, passkey, belasPasskey, close;

before(async () => { ({ lock, visitor, bela, passkey, belasPasskey, close } = await world({ movable: true })); });
after(() => close?.());

const PATHS = [
  "/api/ceremony/sign-in/options", "/api/ceremony/sign-in/result", "/api/ceremony/sign-in/cancelled", "/api/ceremony/enrol/begin", "/api/ceremony/enrol/result",
  "/api/account/passkeys/00000000-0000-7000-8000-000000000000/rename", "/api/account/passkeys/00000000-0000-7000-8000-000000000000/remove",
  "/api/account/passkeys/%ff/rename", "/api/account/passkeys/..%2f..%2fx/remove",
];

/** Problem details with a stable word, and no session. */
function refused(answer, what, ...codes) {
  assert.ok(answer.status >= 400 && answer.status < 500, `${what}: ${answer.status} ${answer.text.slice(0, 200)}`);
  assert.match(answer.headers["content-type"], /^application\/problem\+json/, what);
  assert.match(answer.json.code, /^[a-z_]+$/, what);
  if (codes.length) assert.ok(codes.includes(answer.json.code), `${what}: ${answer.json.code}`);
  assert.ok(!answer.cookies.some((cookie) => /^lockgate=[^;]/.test(cookie)), `${what}: a session was opened`);
}

test("bodies that are no such JSON", async () => {
  const bodies = {
    empty: "", "an empty object": "{}", null: "null", "a list": "[]", "a text": '"x"', "half of one": '{"journey":', "twice one member": '{"journey":"a","journey":"b"}',
    "an unknown member": '{"journey":"x","admin":true}', "wrong types": '{"journey":1,"credential":2,"mediation":3,"token":4,"label":5}',
    nested: `{"journey":${"[".repeat(20_000)}`, "nested to the end": `{"credential":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
    "a null byte": '{"journey":"\0"}', "an escaped null": '{"journey":"\\u0000"}', "a lone surrogate": '{"journey":"\\ud800"}', "huge number": '{"elapsed_ms":1e400}',
    "a byte order mark": "\ufeff{}", "after its end": "{}{}",
  };
  for (const path of PATHS) {
    for (const [what, body] of Object.entries(bodies)) {
      // Without a token, `begin` of a signed-in person is an honest request for one more passkey.
      if (path.endsWith("/enrol/begin") && what === "an empty object") continue;
      refused(await visitor.api(path, body), `${path}: ${what}`);
    }
    const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nOrigin: ${lock.issuer}\r\nContent-Type: application/json\r\n`;
    const huge = await raw(lock.port, `${head}Content-Length: 200000\r\n\r\n${JSON.stringify({ journey: "x".repeat(199_986) })}`);
    assert.ok(huge.closed || Math.trunc(huge.status / 100) === 4, `${path}: huge: ${huge.status}`);
    const invalid = await raw(lock.port, Buffer.concat([
      Buffer.from(`${head}Content-Length: 16\r\n\r\n{"journey":"`), Buffer.of(0xff, 0xfe), Buffer.from('"}'),
    ]));
    assert.equal(Math.trunc(invalid.status / 100), 4, `${path}: not UTF-8: ${invalid.status}`);
  }
});

test("requests that come from elsewhere, or as something else", async () => {
  const wrong = [
    { Origin: "https://evil.example" }, { Origin: "null" }, { Origin: `${lock.issuer}.evil.example` }, { Origin: `${lock.issuer}:1` }, { "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "same-site" }, { "Sec-Fetch-Site": "none" }, { "Content-Type": "text/plain" }, { "Content-Type": "application/x-www-form-urlencoded" },
    { "Content-Type": "application/jsonp" },
  ];
  for (const path of PATHS) {
    for (const headers of wrong) refused(await visitor.api(path, { journey: "x" }, headers), `${path} ${JSON.stringify(headers)}`, "cross_origin", "invalid_request");
    const silent = await visitor.send({ method: "POST", path, body: "{}", headers: { "Content-Type": "application/json" } });
    refused(silent, `${path}: neither Origin nor Sec-Fetch-Site`, "cross_origin");
  }
});

/** A fresh browser with a challenge. */
async function challenged() {
  const stranger = new Visitor(lock.port, { agent: visitor.agent });
  const journey = await stranger.begin();
  const { publicKey } = (await stranger.options(journey)).json;
  return { stranger, journey, publicKey };
}

test("an answer with any one part bent is refused, and the honest one is not", async () => {
  const honest = await challenged();
  assert.equal((await honest.stranger.result(honest.journey, passkey.get(honest.publicKey, visitor.origin))).status, 200);
  for (const part of ["clientDataJSON", "authenticatorData", "signature", "userHandle"]) {
    for (let tries = 0; tries < 12; tries += 1) {
      const { stranger, journey, publicKey } = await challenged();
      const credential = passkey.get(publicKey, visitor.origin);
      const bytes = fromB64u(credential.response[part]);
      // Spread over the whole part, with another bit each time.
      bytes[Math.trunc(((bytes.length - 1) * tries) / 11)] ^= 1 << (tries % 8);
      credential.response[part] = b64u(bytes);
      refused(await stranger.result(journey, credential), `${part}, bit ${tries}`, "proof_failed");
    }
  }
  for (const change of [
    (it) => { it.id = b64u(Buffer.alloc(32)); it.rawId = it.id; }, (it) => { it.id = b64u(belasPasskey.id); it.rawId = it.id; }, (it) => { it.rawId = b64u(Buffer.alloc(32)); },
    (it) => { it.type = "password"; }, (it) => { delete it.response.userHandle; }, (it) => { it.response.userHandle = null; }, (it) => { it.response.signature = ""; },
    (it) => { it.response.signature += "="; }, (it) => { it.response.clientDataJSON = `${it.response.clientDataJSON}!`; }, (it) => { it.id = b64u(Buffer.alloc(1024)); it.rawId = it.id; },
    (it) => { it.response.authenticatorData += "AAAA"; },
  ]) {
    const { stranger, journey, publicKey } = await challenged();
    const credential = passkey.get(publicKey, visitor.origin);
    change(credential);
    refused(await stranger.result(journey, credential), String(change), "proof_failed", "unknown_passkey", "bad_request");
  }
});

/** Sixty failures from one address are nothing to wait for; more are, until two seconds have passed for each. */
const letFailuresPass = () => lock.later(130);

test("another origin, another kind of ceremony, an old challenge", async () => {
  letFailuresPass();
  for (const make of [
    (options) => passkey.get(options, "https://evil.example"), (options) => passkey.get(options, `${visitor.origin}.evil.example`), (options) => passkey.get(options, "http://localhost"),
    (options) => passkey.get(options, visitor.origin, { clientData: clientData("webauthn.create", options.challenge, visitor.origin) }),
    (options) => passkey.get({ ...options, challenge: b64u(Buffer.alloc(32)) }, visitor.origin), (options) => passkey.get({ ...options, challenge: "" }, visitor.origin),
  ]) {
    const { stranger, journey, publicKey } = await challenged();
    refused(await stranger.result(journey, make(publicKey)), String(make), "proof_failed");
  }
});

test("an answer is good once, in its own browser, for its own person", async () => {
  const first = await challenged();
  const credential = passkey.get(first.publicKey, visitor.origin);
  const thief = new Visitor(lock.port, { agent: visitor.agent });
  refused(await thief.result(first.journey, credential), "without a browser cookie", "other_browser");
  await thief.begin();
  refused(await thief.result(first.journey, credential), "another browser's journey", "other_browser");
  refused(await thief.options(first.journey), "another browser's options", "other_browser");
  const second = await challenged();
  refused(await second.stranger.result(second.journey, credential), "another journey's challenge", "proof_failed");

  assert.equal((await first.stranger.result(first.journey, credential)).status, 200, "the honest answer came too late");
  refused(await first.stranger.result(first.journey, credential), "the same again", "journey_finished", "challenge_spent");

  const crossed = await challenged();
  const asBela = passkey.get(crossed.publicKey, visitor.origin, { userHandle: belasPasskey.userHandle });
  refused(await crossed.stranger.result(crossed.journey, asBela), "one's own passkey with another's handle", "proof_failed");
  const named = await challenged();
  const borrowed = passkey.get(named.publicKey, visitor.origin, { id: belasPasskey.id, userHandle: belasPasskey.userHandle });
  refused(await named.stranger.result(named.journey, borrowed), "one's own key under another's id", "proof_failed");
});

test("a failed answer costs its challenge", async () => {
  const { stranger, journey, publicKey } = await challenged();
  refused(await stranger.result(journey, passkey.get(publicKey, "https://evil.example")), "the failure", "proof_failed");
  refused(await stranger.result(journey, passkey.get(publicKey, visitor.origin)), "the honest answer to a spent challenge", "challenge_spent", "wrong_step");
  const renewed = (await stranger.options(journey)).json.publicKey;
  assert.equal((await stranger.result(journey, passkey.get(renewed, visitor.origin))).status, 200, "a new challenge did not help");
});

test("an enrolment is bound to its link, its browser and its challenge", async () => {
  const [guest, thief] = [new Visitor(lock.port), new Visitor(lock.port)];
  const token = lock.links.chidi.split("#")[1];
  const begun = (await guest.api("/api/ceremony/enrol/begin", { token })).json;
  const made = new SoftPasskey();
  const credential = made.create(begun.publicKey, guest.origin);
  refused(await thief.api("/api/ceremony/enrol/result", { journey: begun.journey, credential }), "another browser", "other_browser");
  const known = { ...credential, id: b64u(passkey.id), rawId: b64u(passkey.id) };
  refused(await guest.api("/api/ceremony/enrol/result", { journey: begun.journey, credential: known }), "an id that is not inside", "proof_failed");
  refused(await guest.api("/api/ceremony/enrol/result", { journey: begun.journey, credential }), "a spent challenge", "challenge_spent", "wrong_step");

  const again = (await guest.api("/api/ceremony/enrol/begin", { token })).json;
  const clash = new SoftPasskey({ id: passkey.id }).create(again.publicKey, guest.origin);
  refused(await guest.api("/api/ceremony/enrol/result", { journey: again.journey, credential: clash }), "somebody else's credential id", "passkey_known");
  assert.equal((await guest.enrol(lock.links.chidi, made)).status, 200, "after the refusals the link is dead");
  refused(await guest.api("/api/ceremony/enrol/begin", { token }), "the link again", "pass_invalid", "prove_existing_first");
  guest.close();
  thief.close();
});

test("nobody touches another person's passkeys", async () => {
  const page = (await bela.get("/account/ways-to-sign-in")).text;
  const id = /data-passkey="([^"]+)"/.exec(page)[1];
  refused(await visitor.api(`/api/account/passkeys/${id}/rename`, { label: "Mine" }), "rename", "not_yours");
  refused(await visitor.api(`/api/account/passkeys/${id}/remove`, { confirm_last: true }), "remove", "not_yours");
  refused(await new Visitor(lock.port).api(`/api/account/passkeys/${id}/remove`, { confirm_last: true }), "a stranger", "session_ended");
  assert.ok((await bela.get("/account/ways-to-sign-in")).text.includes(id));
  for (const label of ["", " ", "\u0000", "a\u202eb", "x".repeat(65), "\n"]) {
    refused(await bela.api(`/api/account/passkeys/${id}/rename`, { label }), JSON.stringify(label), "label_invalid");
  }
  const markup = "<img src=x onerror=alert(1)>";
  assert.equal((await bela.api(`/api/account/passkeys/${id}/rename`, { label: markup })).status, 200);
  assert.ok(!(await bela.get("/account/ways-to-sign-in")).text.includes(markup), "a label came back as markup");
});
