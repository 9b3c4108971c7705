// Spoiled requests to the authorization endpoint: never a redirect to a place that nobody registered, never a failure of ours (5xx).

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Visitor, form } from "../lib/http.mjs";
import { authorizeParams } from "../lib/oauth.mjs";
import { LOOPBACK, REDIRECT, SPOILED, sane, without, world } from "../lib/spoiled.mjs";

let lock, visitor, bela, close;

before(async () => { ({ lock, visitor, bela, close } = await world()); });
after(() => close?.());

const outcome = (answer) => {
  const params = answer.location ? new URL(answer.location, lock.issuer).searchParams : new URLSearchParams();
  return params.get("code") ? "code" : params.get("error") ?? answer.status;
};

const honest = () => ({
  ...authorizeParams({ client: "app", redirectUri: REDIRECT }), nonce: "n", prompt: "consent", max_age: "3600", login_hint: "ada", response_mode: "query",
  ui_locales: "en", id_token_hint: undefined, display: "page",
});

test("the honest request gets a code", async () => {
  const answer = sane(await visitor.get(`/authorize?${form({ ...honest(), prompt: undefined })}`), "honest");
  assert.equal(outcome(answer), "code");
});

const decides = ["client_id", "redirect_uri", "response_type", "scope", "code_challenge", "code_challenge_method"];
const others = ["state", "nonce", "max_age", "login_hint", "response_mode", "prompt", "id_token_hint", "request", "request_uri", "registration", "claims"];
for (const name of [...decides, ...others]) {
  test(`${name}, spoiled in ${Object.keys(SPOILED).length} ways`, async () => {
    for (const [way, spoil] of Object.entries(SPOILED)) {
      const fields = { ...honest(), prompt: undefined };
      const query = `${without(fields, name)}&${spoil(name, fields[name] ?? "x")}`;
      for (const [method, ask] of [["GET", () => visitor.get(`/authorize?${query}`)], ["POST", () => visitor.form("/authorize", query)]]) {
        const what = `${method} with ${name}: ${way}`;
        const answer = sane(await ask(), what);
        const got = outcome(answer);
        // What is omitted when it is empty (OAuth 2.1 §4.1.1 and §3.1): the only redirect, and all that is optional.
        const omittable = ["empty", "without a value"].includes(way) && (name === "redirect_uri" || others.includes(name));
        const harmless = ["state", "nonce", "login_hint", "claims"].includes(name) && !/repeated|huge|escape|UTF|overlong|surrogate/.test(way);
        const unknownTwice = /repeated/.test(way) && ["login_hint", "claims", "registration"].includes(name);
        if (!omittable && !harmless && !unknownTwice) assert.notEqual(got, "code", what);
        if (decides.slice(0, 2).includes(name) && !omittable) {
          assert.equal(answer.location, undefined, `${what}: redirected although the ${name} is in doubt`);
          assert.ok(answer.status === 400 || answer.status === 413, `${what}: ${answer.status}`);
        }
        assert.ok(!answer.text.includes("<script>alert"), `${what}: markup came back`);
        assert.ok(!answer.cookies.some((cookie) => cookie.startsWith("a=b")), `${what}: a header was split`);
      }
    }
  });
}

const hostile = [
  "https://evil.example/callback", "https://app.example.org.evil.example/callback", "https://app.example.org@evil.example/callback",
  "https://app.example.org:443/callback", "https://app.example.org:8443/callback", "https://user@app.example.org/callback",
  "https://app.example.org\\@evil.example/callback", "https://app.example.org\\.evil.example/callback", "https:\\\\app.example.org\\callback",
  "https://app.example.org/callback/", "https://app.example.org/callback?x=1", "https://app.example.org/callback#x", "https://app.example.org/callback/../x",
  "https://app.example.org/x/../callback", "https://app.example.org/%2e%2e/callback", "https://app.example.org/./callback", "https://app.example.org//callback",
  "https://app.example.org/Callback", "https://APP.example.org/callback", "HTTPS://app.example.org/callback", "http://app.example.org/callback",
  "https://app.example.org./callback", "https://app.example.org%2fcallback", "https://app.example.org%00.evil.example/callback",
  "https://app.example.org/callback%00", "https://app.example.org/callback ", " https://app.example.org/callback", "https://app.example.org/call\tback",
  "https://app.example.org/callback\r\nX: y", "https://аpp.example.org/callback", "https://app.exämple.org/callback", "https://app。example.org/callback",
  "//app.example.org/callback", "/callback", "callback", "javascript:alert(1)//https://app.example.org/callback", "data:text/html,x", "https:app.example.org/callback",
  "https:///app.example.org/callback", "https://app.example.org/callback;x", "https://app.example.org/callback%20", "https://app.example.org/callbac%6b",
  "blob:https://app.example.org/callback", "view-source:https://app.example.org/callback", "file:///etc/passwd", "*", "https://*.example.org/callback", "null", "about:blank",
];
test(`${hostile.length} addresses that were not registered get no redirect`, async () => {
  for (const uri of hostile) {
    const query = form(authorizeParams({ client: "app", redirectUri: uri }));
    for (const answer of [await visitor.get(`/authorize?${query}`), await visitor.form("/authorize", query), await new Visitor(lock.port).get(`/authorize?${query}`)]) {
      assert.deepEqual([answer.status, answer.location], [400, undefined], uri);
    }
  }
});

test("on this device the port may differ, and nothing else", async () => {
  const ask = async (uri) => visitor.get(`/authorize?${form(authorizeParams({ client: "native", redirectUri: uri, prompt: "none" }))}`);
  for (const uri of [LOOPBACK, "http://127.0.0.1:1/callback", "http://127.0.0.1:65535/callback", "http://127.0.0.1/callback"]) {
    const answer = await ask(uri);
    assert.ok(answer.location?.startsWith(`${uri}?error=consent_required`), `${uri}: ${answer.status} ${answer.location}`);
  }
  for (const uri of [
    "http://localhost:7777/callback", "http://127.0.0.2:7777/callback", "https://127.0.0.1:7777/callback", "http://127.0.0.1:7777/other", "http://127.1:7777/callback",
    "http://2130706433:7777/callback", "http://[::1]:7777/callback", "http://127.0.0.1:77777/callback", "http://127.0.0.1:-1/callback", "http://127.0.0.1:0x1/callback",
    "http://127.0.0.1:7777@evil.example/callback", "http://127.0.0.1:/callback", "http://127.0.0.1:07777/callback", "http://127.0.0.1.evil.example:7777/callback",
    "org.example.app://callback", "org.example.app:/callback/x", "org.example.evil:/callback", "ORG.example.app:/callback",
  ]) {
    const answer = await ask(uri);
    assert.deepEqual([answer.status, answer.location], [400, undefined], uri);
  }
});

test("unknown clients get a page", async () => {
  for (const id of ["nobody", "APP", "app ", "app\0", "", "a".repeat(5_000), "../app", "app'--", "🚢"]) {
    const answer = await visitor.get(`/authorize?${form(authorizeParams({ client: id, redirectUri: REDIRECT }))}`);
    assert.deepEqual([answer.status, answer.location], [400, undefined], JSON.stringify(id));
  }
});

test("grants that OAuth 2.1 left behind do not exist", async () => {
  for (const type of ["token", "id_token", "id_token token", "code token", "code id_token", "none", "CODE"]) {
    const answer = sane(await visitor.get(`/authorize?${form(authorizeParams({ client: "app", redirectUri: REDIRECT, response_type: type }))}`), type);
    assert.equal(outcome(answer), "unsupported_response_type", type);
  }
  for (const [challenge, method] of [[undefined, "S256"], ["a".repeat(43), "plain"], ["a".repeat(43), undefined], ["a".repeat(42), "S256"], ["+".repeat(43), "S256"], ["a".repeat(44), "S256"]]) {
    const fields = { ...authorizeParams({ client: "app", redirectUri: REDIRECT }), code_challenge: challenge, code_challenge_method: method };
    assert.equal(outcome(sane(await visitor.get(`/authorize?${form(fields)}`), method)), "invalid_request", `${challenge} ${method}`);
  }
});

test("consent can't be given by another site, nor with another journey's form", async () => {
  const page = await visitor.get(`/authorize?${form(authorizeParams({ client: "native", redirectUri: LOOPBACK }))}`);
  assert.equal(page.status, 200, page.text);
  const field = (name) => new RegExp(`name="${name}" value="([^"]+)"`).exec(page.text)[1];
  const honest = { journey: field("journey"), csrf: field("csrf"), answer: "allow" };
  const wrong = [
    [honest, { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" }], [honest, { Origin: "null" }], [honest, { "Sec-Fetch-Site": "same-site" }],
    [{ ...honest, csrf: "" }], [{ ...honest, csrf: `${honest.csrf.slice(0, -1)}${honest.csrf.endsWith("A") ? "B" : "A"}` }],
    [{ ...honest, journey: "00000000-0000-7000-8000-000000000000" }], [{ ...honest, journey: "" }], [{ ...honest, answer: "perhaps" }],
    [{ ...honest, csrf: [honest.csrf, "x"] }],
  ];
  for (const [fields, headers] of wrong) {
    const answer = sane(await visitor.form("/authorize/consent", fields, headers), JSON.stringify([fields, headers]));
    assert.equal(answer.location, undefined, JSON.stringify([fields, headers]));
  }
  assert.equal((await bela.form("/authorize/consent", honest)).location, undefined, "another person's session allowed it");
  assert.equal(outcome(await visitor.form("/authorize/consent", honest)), "code", "the honest answer came too late");
  assert.notEqual(outcome(await visitor.form("/authorize/consent", honest)), "code", "one consent gave two codes");
});
