// Spoiled requests to the token endpoint and to userinfo: each gets the error that its standard names, and costs nobody a grant.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { b64u, fromB64u } from "../lib/bytes.mjs";
import { form, send } from "../lib/http.mjs";
import { Client, basic, pkce } from "../lib/oauth.mjs";
import { REDIRECT, SPOILED, without, world } from "../lib/spoiled.mjs";

let lock, visitor, client, close;

before(async () => { ({ lock, visitor, client, close } = await world()); });
after(() => close?.());

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

test("userinfo: a token in the wrong place, the wrong token, a spoiled one", async () => {
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
