// What the tests with foreign clients share: a Lockgate with applications of every make, a person with a browser, keys, and a receiver.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import http from "node:http";
import * as jose from "jose";
import { Visitor } from "./http.mjs";
import { Lockgate } from "./server.mjs";
import { SoftPasskey } from "./soft.mjs";

/** The redirect URI of the application `id`. */
export const redirect = (id) => `https://${id}.example.org/callback`;

/** An application on a server, with a secret, as a static clients file has it. */
export function web(id, { lockgate = {}, ...more } = {}) {
  return {
    client_id: id, client_name: `Application ${id}`, client_secret: randomBytes(32).toString("base64url"), redirect_uris: [redirect(id)],
    token_endpoint_auth_method: "client_secret_basic", grant_types: ["authorization_code", "refresh_token"],
    scope: "openid offline_access", lockgate: { kind: "web", consent: "trusted", ...lockgate }, ...more,
  };
}

/** An application that proves itself with a key. */
export function keyed(id, signer, more = {}) {
  const { client_secret: _, ...rest } = web(id, more);
  return {
    ...rest, token_endpoint_auth_method: "private_key_jwt", token_endpoint_auth_signing_alg: signer.alg, jwks: { keys: [signer.jwk] }, ...more,
    lockgate: rest.lockgate,
  };
}

/** A key pair: `key` to sign with, `jwk` to publish. */
export async function signer(alg = "ES256") {
  const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true });
  const jwk = { ...await jose.exportJWK(publicKey), alg, use: "sig", kid: randomBytes(8).toString("hex") };
  return { alg, jwk, key: privateKey, kid: jwk.kid, pem: await jose.exportPKCS8(privateKey), pair: { publicKey, privateKey } };
}

/** A Lockgate with these applications, and Ada, who is signed in with her passkey. With `movable` its clock can be moved. */
export async function world({ clients, movable = false, ...more }) {
  const lock = await Lockgate.conformance({ people: ["ada"], clients, ...more });
  if (movable) lock.movableClock();
  const passkey = new SoftPasskey();
  let visitor;
  try {
    await lock.start();
    visitor = new Visitor(lock.port, lock.tls ? { tls: { ca: lock.certificate } } : {});
    const enrolled = await visitor.enrol(lock.links.ada, passkey);
    assert.equal(enrolled.status, 200, enrolled.text);
    // Tokens shall tell of a sign-in with the passkey, not of its enrolment.
    await visitor.form("/sign-out", {});
    await signIn(visitor, passkey);
  } catch (failure) {
    visitor?.close();
    await lock.close();
    throw failure;
  }

  /** Ends it all. Nothing failed inside, no secret stands in the log, and the audit log is whole. */
  async function close() {
    visitor.close();
    try {
      for (const { client_secret: secret } of clients) assert.ok(!secret || !lock.log.includes(secret), "a secret is in the log");
      assert.doesNotMatch(lock.log, /panicked|ERROR/);
      await lock.stop();
      lock.run(["audit-log", "verify", "--config", lock.config]);
    } finally {
      await lock.close();
    }
  }
  return { lock, visitor, passkey, close };
}

/** Signs in to My account. */
export async function signIn(visitor, passkey) {
  const answer = await visitor.signIn(passkey);
  assert.equal(answer.status, 200, answer.text);
}

const decoded = (text) => text.replaceAll("&quot;", '"').replaceAll(/&#(?:x([0-9a-f]+)|(\d+));/gi, (_, hex, dec) => String.fromCodePoint(hex ? parseInt(hex, 16) : Number(dec)))
  .replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** The form of a page: where it goes, and its hidden fields. */
export function formOf(text, action = "[^\"]+") {
  const [, where, inside] = new RegExp(`<form[^>]* action="(${action})"[^>]*>(.*?)</form>`, "s").exec(text) ?? [];
  if (where === undefined) return null;
  const fields = [...inside.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(([, name, value]) => [decoded(name), decoded(value)]);
  return { action: decoded(where), fields: Object.fromEntries(fields) };
}

/**
 * Walks a browser from `url` to where the answer goes, allowing what is asked. Resolves with the address of the redirect, or with
 * `{action, fields}` when the answer is a form that posts itself.
 */
export async function walk(visitor, url, { answer: said = "allow" } = {}) {
  const { pathname, search } = new URL(url);
  let answer = await visitor.get(pathname + search);
  for (let steps = 0; steps < 6; steps += 1) {
    if (answer.status === 200) {
      const consent = formOf(answer.text, "/authorize/consent");
      if (!consent) {
        const own = formOf(answer.text);
        assert.ok(own && new URL(own.action, visitor.origin).origin !== visitor.origin, `the walk ended on a page:\n${answer.text.slice(0, 1500)}`);
        return own;
      }
      answer = await visitor.form(consent.action, { ...consent.fields, answer: said });
      continue;
    }
    assert.equal(answer.status, 303, `${answer.status}: ${answer.text.slice(0, 1500)}`);
    const to = new URL(answer.location, visitor.origin);
    if (to.origin !== visitor.origin) return to;
    answer = await visitor.get(to.pathname + to.search);
  }
  throw new Error("the walk did not end");
}

/** An HTTP server on this machine that keeps what it is sent; `seen()` waits for the next request. */
export async function receiver(handle = (_, response) => response.writeHead(200).end()) {
  const [kept, waiting] = [[], []];
  const server = http.createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const one = { method: request.method, path: request.url, headers: request.headers, text: Buffer.concat(parts).toString("utf8") };
    if (waiting.length) waiting.shift()(one);
    else kept.push(one);
    await handle(one, response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    kept,
    seen: (ms_max = 15_000) => new Promise((resolve, reject) => {
      if (kept.length) return resolve(kept.shift());
      const late = setTimeout(() => reject(new Error(`nothing came within ${ms_max} ms`)), ms_max);
      waiting.push((one) => { clearTimeout(late); resolve(one); });
    }),
    close: () => { server.closeAllConnections(); return new Promise((resolve) => server.close(resolve)); },
  };
}

/** The claims of a signed token, unverified. */
export const claimsOf = (token) => jose.decodeJwt(token);
