// Spoiled requests, from outside: every parameter repeated, empty, huge, mis-encoded or in the wrong place; hostile addresses; ceremonies
// replayed, crossed and bent; cookies planted; bodies that never end. Each gets the standard's error: never a failure of ours (5xx),
// never a redirect to a place that nobody registered.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { b64u, fromB64u } from "../lib/bytes.mjs";
import { Visitor, form, raw, send } from "../lib/http.mjs";
import { Client, authorizeParams, basic, pkce } from "../lib/oauth.mjs";
import { Lockgate } from "../lib/server.mjs";
import { SoftPasskey, clientData } from "../lib/soft.mjs";

const REDIRECT = "https://app.example.org/callback";
const LOOPBACK = "http://127.0.0.1:7777/callback";
const PRIVATE = "org.example.app:/callback";

let lock, visitor, client, passkey, bela, belasPasskey;

before(async () => {
  lock = await Lockgate.make({
    people: ["ada", "bela", "chidi"],
    clients: [
      { id: "app", redirectUris: [REDIRECT], trusted: true },
      { id: "other", redirectUris: ["https://other.example.org/callback"], trusted: true },
      { id: "native", kind: "native", redirectUris: [LOOPBACK, PRIVATE], publicSubject: true },
    ],
  });
  await lock.start();
  [visitor, bela] = [new Visitor(lock.port), new Visitor(lock.port)];
  [passkey, belasPasskey] = [new SoftPasskey(), new SoftPasskey()];
  assert.equal((await visitor.enrol(lock.links.ada, passkey)).status, 200);
  assert.equal((await bela.enrol(lock.links.bela, belasPasskey)).status, 200);
  client = new Client(lock.port, { id: "app", secret: lock.secrets.app, redirectUri: REDIRECT });
});
after(async () => { visitor?.close(); bela?.close(); await lock?.close(); });

/** What must hold for every answer, whatever was asked. */
function sane(answer, what) {
  assert.ok(answer.status >= 200 && answer.status < 500, `${what}: ${answer.status} ${answer.text.slice(0, 300)}`);
  const location = answer.location;
  if (location === undefined) return answer;
  const ours = /^\/(sign-in\?j=[\w-]+|account|authorize\/resume\?j=[\w-]+|signed-out|sign-in)$/.test(location);
  const registered = [REDIRECT, LOOPBACK, PRIVATE].some((uri) => location.startsWith(`${uri}?`));
  assert.ok(ours || registered, `${what}: led to ${location}`);
  assert.ok(!/[\r\n\0]/.test(location), `${what}: control characters in ${JSON.stringify(location)}`);
  return answer;
}

const outcome = (answer) => {
  const params = answer.location ? new URL(answer.location, lock.issuer).searchParams : new URLSearchParams();
  return params.get("code") ? "code" : params.get("error") ?? answer.status;
};

/** Ways to spoil one parameter of a form; each gets its name and value, and gives the text that takes their place. */
const SPOILED = {
  repeated: (name, value) => `${form({ [name]: value })}&${form({ [name]: value })}`,
  "repeated with another value": (name, value) => `${form({ [name]: value })}&${form({ [name]: "another" })}`,
  "repeated in disguise": (name, value) => `${form({ [name]: value })}&${name.replace(/^./, (char) => `%${char.charCodeAt(0).toString(16)}`)}=x`,
  empty: (name) => `${name}=`,
  "without a value": (name) => name,
  huge: (name) => `${name}=${"a".repeat(9_000)}`,
  "broken escape": (name) => `${name}=%zz`,
  "half an escape": (name) => `${name}=abc%2`,
  "a null byte": (name, value) => `${form({ [name]: value })}%00`,
  "line breaks": (name, value) => `${form({ [name]: value })}%0d%0aSet-Cookie:%20a=b`,
  "not UTF-8": (name) => `${name}=%ff%fe`,
  "an overlong slash": (name) => `${name}=%c0%af`,
  "a surrogate": (name) => `${name}=%ed%a0%80`,
  "another plane": (name) => `${name}=%f0%9f%9a%a2`,
  markup: (name) => `${name}=%22%3E%3Cscript%3Ealert(1)%3C/script%3E`,
};

const without = (fields, name) => form(Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name)));

describe("/authorize", () => {
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
});

describe("/token", () => {
  const ERRORS = ["invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope"];

  /** An error as RFC 6749 §5.2 has it. */
  function refused(answer, what, ...expected) {
    assert.ok(answer.status >= 400 && answer.status < 500, `${what}: ${answer.status} ${answer.text.slice(0, 200)}`);
    assert.equal(answer.headers["content-type"], "application/json", what);
    assert.equal(answer.headers["cache-control"], "no-store", what);
    const { error } = answer.json;
    assert.ok((expected.length ? expected : ERRORS).includes(error), `${what}: ${error}`);
    if (error === "invalid_client" && answer.status === 401) assert.ok(answer.headers["www-authenticate"], `${what}: 401 without a challenge`);
  }

  for (const grant of ["authorization_code", "refresh_token"]) {
    test(`${grant}: every parameter spoiled, and the grant is still good afterwards`, async () => {
      const code = await client.code(visitor);
      const tokens = grant === "refresh_token" ? (await client.redeem(code)).json : null;
      const honest = tokens
        ? { grant_type: grant, refresh_token: tokens.refresh_token }
        : { grant_type: grant, code: code.code, code_verifier: code.verifier, redirect_uri: REDIRECT };
      const credentials = { client_id: "app", client_secret: lock.secrets.app };
      const bare = new Client(lock.port, { id: "app", redirectUri: REDIRECT });
      const fields = { ...honest, ...credentials };
      let count = 0;
      for (const name of Object.keys(fields)) {
        for (const [way, spoil] of Object.entries(SPOILED)) {
          const body = `${without(fields, name)}&${spoil(name, fields[name])}`;
          // A redirect that is left out must have been left out at /authorize too, or be the client's only one.
          if (name === "redirect_uri") continue;
          const answer = await send({
            port: lock.port, method: "POST", path: "/token", body, headers: { "Content-Type": "application/x-www-form-urlencoded" },
          });
          refused(answer, `${name}: ${way}`);
          count += 1;
        }
      }
      const answer = await bare.token(fields);
      assert.equal(answer.status, 200, `after ${count} spoiled requests the honest one fails: ${answer.text}`);
    });
  }

  test("credentials in two places, in the address, or in the wrong form", async () => {
    const { code, verifier } = await client.code(visitor);
    const honest = { grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: REDIRECT };
    const header = { Authorization: basic("app", lock.secrets.app) };
    const post = (fields, headers = {}, path = "/token") => send({
      port: lock.port, method: "POST", path, body: typeof fields === "string" ? fields : form(fields),
      headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
    });
    refused(await post({ ...honest, client_id: "app", client_secret: lock.secrets.app }, header), "header and body", "invalid_request");
    refused(await post({ ...honest, client_id: "other" }, header), "two clients", "invalid_request", "invalid_client");
    refused(await post("", header, `/token?${form(honest)}`), "everything in the address", "invalid_request");
    refused(await post(honest, {}, `/token?${form({ client_id: "app", client_secret: lock.secrets.app })}`), "credentials in the address", "invalid_request");
    refused(await post({ ...honest, client_id: "app" }), "no secret", "invalid_client");
    refused(await post({ ...honest, client_id: "app", client_secret: "lgs_wrong" }), "a wrong secret", "invalid_client");
    refused(await post(honest, { Authorization: basic("app", lock.secrets.other) }), "another client's secret", "invalid_client");
    refused(await post(honest, { Authorization: basic("other", lock.secrets.other) }), "another client", "invalid_grant");
    refused(await post({ ...honest, client_id: "native" }), "a public client", "invalid_grant", "invalid_client");
    for (const value of ["Basic", "Basic ", "Basic !!!!", "Basic YXBw", "Bearer x", "Basic YXBwOg==, Basic YXBwOg==", `Basic ${"A".repeat(9_000)}`, "Negotiate AAAA"]) {
      refused(await post(honest, { Authorization: value }), value.slice(0, 40));
    }
    for (const type of ["application/json", "text/plain", "multipart/form-data; boundary=x", "", "application/x-www-form-urlencoded, text/plain"]) {
      refused(await post(honest, { ...header, "Content-Type": type }), type);
    }
    refused(await post(JSON.stringify({ ...honest, client_id: "app", client_secret: lock.secrets.app })), "JSON in a form");
    for (const grant of ["password", "client_credentials", "implicit", "urn:ietf:params:oauth:grant-type:jwt-bearer", "AUTHORIZATION_CODE", "authorization_code "]) {
      refused(await post({ ...honest, grant_type: grant, username: "ada", password: "x" }, header), grant, "unsupported_grant_type", "unauthorized_client");
    }
    refused(await post({ ...honest, redirect_uri: "https://other.example.org/callback" }, header), "another redirect", "invalid_grant");
    refused(await post({ ...honest, code_verifier: pkce().verifier }, header), "another verifier", "invalid_grant");
    refused(await post({ ...honest, code_verifier: verifier.slice(0, 42) }, header), "a short verifier", "invalid_grant", "invalid_request");
    assert.equal((await post(honest, header)).status, 200, "the honest request comes too late");
    refused(await post(honest, header), "the same again", "invalid_grant");
  });

  test("only POST, and no cookie counts", async () => {
    for (const method of ["GET", "PUT", "DELETE", "PATCH", "HEAD"]) {
      assert.equal((await send({ port: lock.port, method, path: "/token" })).status, 405, method);
    }
    refused(await visitor.form("/token", { grant_type: "refresh_token" }), "a session in place of credentials");
  });

  test("refresh tokens that nobody issued", async () => {
    const { refresh_token: token } = (await client.redeem(await client.code(visitor))).json;
    const bytes = fromB64u(token.slice(4));
    const bent = (index) => { const copy = Buffer.from(bytes); copy[index] ^= 1; return `lgr_${b64u(copy)}`; };
    const forgeries = [...bytes.keys()].map(bent);
    for (const forged of [...forgeries, "", "lgr_", token.slice(4), token.slice(0, -1), `${token}A`, `${token}=`, token.toUpperCase(), `lgr_${"A".repeat(90)}`, `lgc_${token.slice(4)}`]) {
      refused(await client.refresh(forged), forged.slice(0, 20), "invalid_grant", "invalid_request");
    }
    const answer = await client.refresh(token);
    assert.equal(answer.status, 200, "a forgery ended the family that it could not name");
    refused(await new Client(lock.port, { id: "other", secret: lock.secrets.other }).refresh(answer.json.refresh_token), "another client's token", "invalid_grant");
  });
});

describe("/userinfo", () => {
  test("a token in the wrong place, the wrong token, a spoiled one", async () => {
    const tokens = (await client.redeem(await client.code(visitor))).json;
    const good = tokens.access_token;
    const ask = (headers, { method = "GET", path = "/userinfo", body } = {}) => send({ port: lock.port, method, path, headers, body });
    assert.equal((await ask({ Authorization: `Bearer ${good}` })).status, 200);
    const [header, claims, signature] = good.split(".");
    const bent = (text) => { const bytes = fromB64u(text); bytes[bytes.length >> 1] ^= 1; return b64u(bytes); };
    const wrong = {
      "nothing": [{}], "in the address": [{}, { path: `/userinfo?access_token=${good}` }],
      "in the body": [{ "Content-Type": "application/x-www-form-urlencoded" }, { method: "POST", body: `access_token=${good}` }],
      "a cookie": [{ Cookie: `access_token=${good}` }], "Basic": [{ Authorization: `Basic ${b64u(Buffer.from(good))}` }],
      "twice": [{ Authorization: [`Bearer ${good}`, `Bearer ${good}`] }], "two in one": [{ Authorization: `Bearer ${good}, Bearer ${good}` }],
      "a refresh token": [{ Authorization: `Bearer ${tokens.refresh_token}` }], "an ID token": [{ Authorization: `Bearer ${tokens.id_token}` }],
      "bent claims": [{ Authorization: `Bearer ${header}.${bent(claims)}.${signature}` }], "bent signature": [{ Authorization: `Bearer ${header}.${claims}.${bent(signature)}` }],
      "bent header": [{ Authorization: `Bearer ${bent(header)}.${claims}.${signature}` }], "no signature": [{ Authorization: `Bearer ${header}.${claims}.` }],
      "alg none": [{ Authorization: `Bearer ${b64u(Buffer.from('{"alg":"none","typ":"at+jwt"}'))}.${claims}.` }],
      "four parts": [{ Authorization: `Bearer ${good}.x` }], "padding": [{ Authorization: `Bearer ${good}==` }], "huge": [{ Authorization: `Bearer ${"a".repeat(9_000)}` }],
      "empty": [{ Authorization: "Bearer " }], "not ASCII": [{ Authorization: "Bearer \xff\xfe" }],
    };
    for (const [what, [headers, more]] of Object.entries(wrong)) {
      const answer = await ask(headers, more);
      assert.ok([400, 401].includes(answer.status), `${what}: ${answer.status} ${answer.text}`);
      assert.match(answer.headers["www-authenticate"] ?? "", /^Bearer/, what);
      assert.ok(!answer.text.includes("sub"), `${what}: told something`);
    }
  });
});

describe("ceremonies", () => {
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

  test("another origin, another kind of ceremony, an old challenge", async () => {
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
    const page = (await bela.get("/account")).text;
    const id = /data-passkey="([^"]+)"/.exec(page)[1];
    refused(await visitor.api(`/api/account/passkeys/${id}/rename`, { label: "Mine" }), "rename", "not_yours");
    refused(await visitor.api(`/api/account/passkeys/${id}/remove`, { confirm_last: true }), "remove", "not_yours");
    refused(await new Visitor(lock.port).api(`/api/account/passkeys/${id}/remove`, { confirm_last: true }), "a stranger", "session_ended");
    assert.ok((await bela.get("/account")).text.includes(id));
    for (const label of ["", " ", "\u0000", "a\u202eb", "x".repeat(65), "\n"]) {
      refused(await bela.api(`/api/account/passkeys/${id}/rename`, { label }), JSON.stringify(label), "label_invalid");
    }
    const markup = "<img src=x onerror=alert(1)>";
    assert.equal((await bela.api(`/api/account/passkeys/${id}/rename`, { label: markup })).status, 200);
    assert.ok(!(await bela.get("/account")).text.includes(markup), "a label came back as markup");
  });
});

describe("cookies", () => {
  test("two sessions in one request, or half of one, are none", async () => {
    const mine = visitor.cookies.get("lockgate");
    const belas = bela.cookies.get("lockgate");
    const ask = (Cookie) => send({ port: lock.port, path: "/account", headers: { Cookie } });
    assert.equal((await ask(`lockgate=${mine}`)).status, 200);
    const wrong = [
      `lockgate=${mine}; lockgate=${belas}`, `lockgate=${belas}; lockgate=${mine}`, `lockgate=${mine.slice(1)}`, `lockgate=${mine.slice(0, -1)}`, `lockgate=${mine}A`, `lockgate="${mine}"`,
      `lockgate=${mine}=`, `Lockgate=${mine}`, ` lockgate =${mine}`, `__Host-lockgate=${mine}`, "lockgate=", "lockgate", `lockgate=${"A".repeat(43)}`, `lockgate-browser=${mine}`,
      `a=${"x".repeat(9_000)}; lockgate=${mine}`,
    ];
    for (const cookie of wrong) {
      const answer = sane(await ask(cookie), cookie.slice(0, 40));
      assert.notEqual(answer.status, 200, `${cookie.slice(0, 60)} opened the account`);
    }
    const split = await raw(lock.port, `GET /account HTTP/1.1\r\nHost: localhost\r\nCookie: lockgate=${mine}\r\nCookie: lockgate=${belas}\r\n\r\n`);
    assert.equal(split.status, 303);
  });

  test("cookies are locked down", async () => {
    const stranger = new Visitor(lock.port);
    const { cookies } = await stranger.get("/account");
    for (const cookie of cookies) {
      assert.match(cookie, /; HttpOnly/i);
      assert.match(cookie, /; SameSite=Lax/i);
      assert.match(cookie, /; Path=\//i);
      assert.doesNotMatch(cookie, /Domain=/i);
    }
    assert.ok(cookies.length > 0);
    stranger.close();
  });
});

describe("bytes", () => {
  test("requests that are none", async () => {
    const requests = {
      "no host": "GET /account HTTP/1.1\r\n\r\n", "a raw byte in the path": Buffer.from("GET /sign-in?j=\xff HTTP/1.1\r\nHost: localhost\r\n\r\n", "latin1"),
      "a null in the path": "GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n", "another site's address": "GET http://evil.example/account HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "two slashes": "GET //evil.example/%2e%2e HTTP/1.1\r\nHost: localhost\r\n\r\n", "dots": "GET /assets/../../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "encoded dots": "GET /assets/%2e%2e/%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1\r\nHost: localhost\r\n\r\n", "an unknown method": "BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "two lengths": "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
      "a length and chunks": "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "a negative length": "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
      "a bad chunk": "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "a huge chunk": "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
      "a folded header": "GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n", "a huge head": `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"a".repeat(70_000)}\r\n\r\n`,
      "many headers": `GET / HTTP/1.1\r\nHost: localhost\r\n${"X: a\r\n".repeat(2_000)}\r\n`, "a huge path": `GET /${"a".repeat(70_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
      "no request at all": "\r\n\r\n\r\n\r\n", "TLS": Buffer.from("16030100f8010000f40303", "hex"), "HTTP/2 without its preface": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    };
    for (const [what, bytes] of Object.entries(requests)) {
      const answer = await raw(lock.port, bytes, { enough: (text) => /\r\n\r\n/.test(text) });
      assert.ok(answer.status < 500, `${what}: ${answer.text.slice(0, 200)}`);
      const location = /\r\nlocation: *([^\r]*)/i.exec(answer.text)?.[1];
      assert.ok(!location || /^\/(account|sign-in\?j=[\w-]+)$/.test(location), `${what}: led to ${location}`);
    }
    assert.equal((await visitor.get("/account")).status, 200, "after all this the server is gone");
  });

  const head = (path, type) => `POST ${path} HTTP/1.1\r\nHost: localhost\r\nOrigin: ${lock.issuer}\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const bodies = [
    ["/token", "application/x-www-form-urlencoded"], ["/authorize", "application/x-www-form-urlencoded"], ["/authorize/consent", "application/x-www-form-urlencoded"],
    ["/api/ceremony/sign-in/options", "application/json"], ["/api/ceremony/enrol/begin", "application/json"],
  ];

  test("a body without end is cut off", async () => {
    const chunk = `${(4_096).toString(16)}\r\n${"a".repeat(4_096)}\r\n`;
    await Promise.all(bodies.map(async ([path, type]) => {
      let sent = 0;
      const feed = (socket) => {
        const more = () => {
          while (!socket.destroyed && sent < 64 * 1024 * 1024) {
            sent += chunk.length;
            if (!socket.write(chunk)) return socket.once("drain", more);
          }
        };
        more();
      };
      const answer = await raw(lock.port, head(path, type), { feed, timeout_ms: 30_000 });
      assert.ok(answer.closed || Math.trunc(answer.status / 100) === 4, `${path}: ${answer.text.slice(0, 200)}`);
      assert.ok(sent < 32 * 1024 * 1024, `${path}: took ${sent} bytes`);
    }));
  });

  test("a body that trickles, and a head that does, are cut off within 15 seconds", async () => {
    const trickle = (bytes, every) => (socket) => {
      const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write(bytes)), every);
      socket.on("close", () => clearInterval(timer));
    };
    const bodiesCut = bodies.map(async ([path, type]) => {
      const answer = await raw(lock.port, head(path, type), { feed: trickle("1\r\na\r\n", 500), timeout_ms: 15_000 });
      assert.ok(answer.closed || Math.trunc(answer.status / 100) === 4, `${path}: ${answer.text.slice(0, 200)}`);
    });
    const headCut = raw(lock.port, "GET /account HTTP/1.1\r\nHost: localhost\r\n", { feed: trickle("X: a\r\n", 500), timeout_ms: 15_000, enough: () => false });
    await Promise.all([...bodiesCut, headCut]);
    assert.equal((await visitor.get("/account")).status, 200, "after all this the server is gone");
  });
});

test("nothing of this was a failure of the server, and no secret came to stand in its log", async () => {
  const secrets = [lock.secrets.app, lock.links.ada.split("#")[1], visitor.cookies.get("lockgate")];
  for (const secret of secrets) assert.ok(!lock.log.includes(secret), "a secret is in the log");
  assert.doesNotMatch(lock.log, /panicked|ERROR/);
  await lock.stop();
  lock.run(["audit-log", "verify", "--config", lock.config]);
});
