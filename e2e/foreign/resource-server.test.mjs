// The example API takes what it should and nothing else, and a client that others wrote steps up when the API asks for more.

import assert from "node:assert/strict";
import { createHash, pbkdf2Sync, randomUUID } from "node:crypto";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import * as jose from "jose";
import * as oauth from "oauth4webapi";
import { claimsOf, redirect, walk, web } from "../lib/foreign.mjs";
import { Visitor } from "../lib/http.mjs";
import { App, discover, plain } from "../lib/oauth4.mjs";
import { root } from "../lib/programs.mjs";
import { Lockgate, freePort } from "../lib/server.mjs";
import { SoftPasskey } from "../lib/soft.mjs";

const closing = [];
let tideTables, keysOf;

before(async () => {
  // As somebody would install it: a folder of its own, with its dependency beside it.
  const folder = mkdtempSync(path.join(tmpdir(), "lockgate-example-"));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(path.join(root, "examples/resource-server"), folder, { recursive: true });
  symlinkSync(path.join(root, "e2e/node_modules"), path.join(folder, "node_modules"));
  ({ tideTables } = await import(path.join(folder, "tides.mjs")));
  ({ keysOf } = await import(path.join(folder, "access.mjs")));
});
after(async () => { for (const close of closing.reverse()) await close(); });

/** Starts the API for tokens of `issuer`; resolves with its address. */
async function api(issuer, { now, port } = {}) {
  port ??= await freePort();
  const resource = `http://127.0.0.1:${port}`;
  const server = tideTables({ issuer, resource, keys: await keysOf(issuer), now });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  closing.push(() => { server.closeAllConnections(); server.close(); });
  return resource;
}

const sha256 = (text) => createHash("sha256").update(text).digest("base64url");
const seconds = () => Math.floor(Date.now() / 1000);

/** An issuer of this test, so that tokens can be wrong in every way. */
async function madeUp() {
  const { publicKey, privateKey } = await jose.generateKeyPair("ES256");
  const jwk = { ...await jose.exportJWK(publicKey), alg: "ES256", use: "sig", kid: "made-up" };
  const server = http.createServer((request, response) => {
    const metadata = { issuer: made.issuer, jwks_uri: `${made.issuer}/jwks.json` };
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end(JSON.stringify(request.url === "/jwks.json" ? { keys: [jwk] } : metadata));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => { server.closeAllConnections(); server.close(); });
  const made = { issuer: `http://127.0.0.1:${server.address().port}` };
  made.token = (resource, claims = {}, header = {}, key = privateKey) => new jose.SignJWT({
    iss: made.issuer, aud: resource, sub: "somebody", client_id: "boat", jti: randomUUID(), iat: seconds(), exp: seconds() + 300,
    scope: "openid tides.read sluice.move", acr: "phr", auth_time: seconds(), ...claims,
  }).setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: "made-up", ...header }).sign(key);
  return made;
}

test("tokens that are wrong in one way are refused, each for its reason", async () => {
  const made = await madeUp();
  const resource = await api(made.issuer);
  const call = (token, method = "GET", where = "/tides", headers = {}) => fetch(resource + where, { method, headers: { Authorization: `Bearer ${token}`, ...headers } });
  const says = (answer) => /error="([^"]+)"/.exec(answer.headers.get("www-authenticate") ?? "")?.[1];

  assert.equal((await call(await made.token(resource))).status, 200);
  assert.equal((await call(await made.token([resource, "https://other.example"]))).status, 200);
  assert.equal((await call(await made.token(resource), "POST", "/sluice")).status, 200);
  assert.equal((await call(await made.token(resource, { acr: "phrh" }), "POST", "/sluice")).status, 200, "phrh is phr and more");

  const another = (await jose.generateKeyPair("ES256")).privateKey;
  for (const [flaw, token, status, error] of [
    ["an ID token", await made.token(resource, {}, { typ: "JWT" }), 401, "invalid_token"],
    ["for another API", await made.token("https://other.example"), 401, "invalid_token"],
    ["of another issuer", await made.token(resource, { iss: "https://other.example" }), 401, "invalid_token"],
    ["over", await made.token(resource, { exp: seconds() - 1 }), 401, "invalid_token"],
    ["without an end", await made.token(resource, { exp: undefined }), 401, "invalid_token"],
    ["by another key", await made.token(resource, {}, {}, another), 401, "invalid_token"],
    ["bound to a certificate", await made.token(resource, { cnf: { "x5t#S256": sha256("certificate") } }), 401, "invalid_token"],
    ["bound to a key, shown without it", await made.token(resource, { cnf: { jkt: sha256("key") } }), 401, "invalid_token"],
    ["for less", await made.token(resource, { scope: "openid tides.reader" }), 403, "insufficient_scope"],
    ["without scope", await made.token(resource, { scope: undefined }), 403, "insufficient_scope"],
    ["no token at all", "a.b.c", 401, "invalid_token"],
    ["two words", "a b", 400, "invalid_request"],
  ]) {
    const answer = await call(token);
    assert.deepEqual([flaw, answer.status, says(answer)], [flaw, status, error]);
    assert.doesNotMatch(answer.headers.get("www-authenticate"), /acr_values|max_age/, flaw);
  }
  for (const [flaw, claims, member] of [
    ["signed in with a password", { acr: undefined }, 'acr_values="phr"'],
    ["signed in otherwise", { acr: "something" }, 'acr_values="phr"'],
    ["signed in long ago", { auth_time: seconds() - 302 }, 'max_age="300"'],
    ["signed in nobody knows when", { auth_time: undefined }, 'max_age="300"'],
  ]) {
    const answer = await call(await made.token(resource, claims), "POST", "/sluice");
    assert.deepEqual([flaw, answer.status, says(answer)], [flaw, 401, "insufficient_user_authentication"]);
    assert.ok(answer.headers.get("www-authenticate").includes(member), flaw);
    assert.equal((await call(await made.token(resource, claims))).status, 200, `${flaw}: reading asks no more than the token`);
  }
  // RFC 6750 §3.1: whoever sent nothing is told what to send and nothing about errors; RFC 9728 §5.1: and where to ask.
  const bare = await fetch(`${resource}/tides`);
  assert.equal(bare.status, 401);
  assert.equal(says(bare), undefined);
  assert.match(bare.headers.get("www-authenticate"), /^DPoP algs="ES256 [^"]*", resource_metadata="[^"]+", Bearer resource_metadata="[^"]+"$/);
  assert.equal((await fetch(`${resource}/elsewhere`)).status, 404);
});

test("proofs that are wrong in one way are refused, and a right one counts once", async () => {
  const made = await madeUp();
  const resource = await api(made.issuer);
  const pair = await jose.generateKeyPair("ES256", { extractable: true });
  const jwk = await jose.exportJWK(pair.publicKey);
  const token = await made.token(resource, { cnf: { jkt: await jose.calculateJwkThumbprint(jwk) } });
  const proof = (claims = {}, header = {}, key = pair.privateKey) => new jose.SignJWT({
    htm: "GET", htu: `${resource}/tides`, iat: seconds(), jti: randomUUID(), ath: sha256(token), ...claims,
  }).setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk, ...header }).sign(key);
  const call = (proofs, scheme = "DPoP") => new Promise((resolve, reject) => {
    const headers = { Authorization: `${scheme} ${token}`, ...(proofs.length ? { DPoP: proofs } : {}) };
    http.get(`${resource}/tides?from=today`, { headers }, (answer) => { answer.resume(); resolve(answer); }).on("error", reject);
  });
  const says = (answer) => /^DPoP .*error="([^"]+)"/.exec(answer.headers["www-authenticate"] ?? "")?.[1];

  const right = await proof();
  assert.equal((await call([right])).statusCode, 200);
  assert.equal((await call([await proof({ htu: `${resource}/a/../tides` })])).statusCode, 200, "addresses are compared after normalization");

  const stranger = await jose.generateKeyPair("ES256");
  const strangers = await jose.exportJWK(stranger.publicKey);
  const secret = await jose.exportJWK(pair.privateKey);
  for (const [flaw, proofs] of [
    ["used before", [right]],
    ["none", []],
    ["two", [await proof(), await proof()]],
    ["for another method", [await proof({ htm: "POST" })]],
    ["for another path", [await proof({ htu: `${resource}/sluice` })]],
    ["for another host", [await proof({ htu: "https://other.example/tides" })]],
    ["for no address", [await proof({ htu: undefined })]],
    ["for another token", [await proof({ ath: sha256("another") })]],
    ["for no token", [await proof({ ath: undefined })]],
    ["old", [await proof({ iat: seconds() - 62 })]],
    ["of tomorrow", [await proof({ iat: seconds() + 20 })]],
    ["of no time", [await proof({ iat: undefined })]],
    ["without an id", [await proof({ jti: undefined })]],
    ["of another type", [await proof({}, { typ: "JWT" })]],
    ["by another key", [await proof({}, { jwk: strangers }, stranger.privateKey)]],
    ["signed by another key than it shows", [await proof({}, {}, stranger.privateKey)]],
    ["with a private key inside", [await proof({}, { jwk: secret })]],
    ["no proof at all", ["a.b.c"]],
  ]) {
    const answer = await call(proofs);
    assert.deepEqual([flaw, answer.statusCode, says(answer)], [flaw, 401, "invalid_dpop_proof"]);
  }
  assert.equal((await call([await proof()], "Bearer")).statusCode, 401, "a bound token was taken as a bearer token");
});

/** A Lockgate, the API, an application that may name it, and Ada, who has a passkey. Every clock can be moved. */
async function harbour() {
  const port = await freePort();
  const resources = [`http://127.0.0.1:${port}`];
  const client = web("boat", { scope: "openid tides.read sluice.move", dpop_bound_access_tokens: true, lockgate: { resources } });
  const lock = await Lockgate.conformance({ people: ["ada"], clients: [client] });
  closing.push(() => lock.close());
  await lock.movableClock().start();
  let later = 0;
  const resource = await api(lock.issuer, { port, now: () => Date.now() + later * 1000 });
  const passkey = new SoftPasskey();
  const visitor = newVisitor(lock);
  const enrolled = await visitor.enrol(lock.links.ada, passkey);
  assert.equal(enrolled.status, 200, enrolled.text);

  // RFC 9728 §3: from the address of the API to the server that may issue tokens for it.
  const described = await oauth.processResourceDiscoveryResponse(new URL(resource), await oauth.resourceDiscoveryRequest(new URL(resource), plain));
  assert.deepEqual(described.authorization_servers, [lock.issuer]);
  const as = await discover(described.authorization_servers[0]);
  const keys = await oauth.generateKeyPair("ES256");
  const boat = new App(as, { id: "boat", auth: oauth.ClientSecretBasic(client.client_secret), redirectUri: redirect("boat"), keys, visitor });

  return {
    lock, visitor, passkey, boat, wanted: { scope: "openid tides.read sluice.move", resource },
    call: (token, method, where) => oauth.protectedResourceRequest(token, method, new URL(where, resource), undefined, undefined, boat.options),
    wait: (by) => {
      lock.later(by);
      boat.client[oauth.clockSkew] = later += by;
      boat.options.DPoP = oauth.DPoP(boat.client, keys); // it looks at the clock when it is made
    },
  };
}

function newVisitor(lock) {
  const visitor = new Visitor(lock.port);
  closing.push(() => visitor.close());
  return visitor;
}

/** What the API asks for, of somebody who wants to move the sluice with this token. */
async function challenge(call, token) {
  const refused = await call(token, "POST", "/sluice").then(() => assert.fail("the sluice moved"), (error) => error);
  const { parameters } = refused.cause.find(({ scheme }) => scheme === "dpop");
  assert.deepEqual([refused.status, parameters.error], [401, "insufficient_user_authentication"]);
  return { acr_values: parameters.acr_values, max_age: parameters.max_age };
}

/** Sends the browser with a request that ends at the sign-in page; resolves with the journey. */
async function asked(visitor, url) {
  const { status, location } = await visitor.get(url.pathname + url.search);
  const journey = /^\/sign-in\?j=([^&]+)$/.exec(location ?? "")?.[1];
  assert.ok(journey, `the person was not asked: ${status} ${location}`);
  return journey;
}

/** RFC 9470 §4: the client asks for what the challenge names, and the person proves it. Resolves with the new tokens. */
async function stepUp(boat, wanted, asks, visitor, passkey) {
  const request = await boat.request({ ...wanted, ...asks });
  const proved = await visitor.signIn(passkey, await asked(visitor, boat.address(request.params)));
  assert.equal(proved.status, 200, proved.text);
  const back = await walk(visitor, new URL(proved.json.next, visitor.origin));
  return boat.redeem(oauth.validateAuthResponse(boat.as, boat.client, back, request.state), request);
}

test("a client finds the authorization server by the API alone, reads, and steps up when a sign-in is too old", async () => {
  const { visitor, passkey, boat, wanted, call, wait } = await harbour();
  const tokens = await boat.tokens(wanted);
  assert.equal(claimsOf(tokens.access_token).aud, wanted.resource);
  assert.equal((await call(tokens.access_token, "GET", "/tides")).status, 200);
  assert.equal((await call(tokens.access_token, "POST", "/sluice")).status, 200);

  // The session goes on, so a new token comes without a question; but who signed in ten minutes ago moves no sluice.
  wait(600);
  const stale = await boat.tokens(wanted);
  assert.equal((await call(stale.access_token, "GET", "/tides")).status, 200);
  const asks = await challenge(call, stale.access_token);
  assert.deepEqual(asks, { acr_values: "phr", max_age: "300" });

  const fresh = await stepUp(boat, wanted, asks, visitor, passkey);
  assert.ok(claimsOf(fresh.access_token).auth_time >= claimsOf(stale.access_token).auth_time + 600);
  assert.equal((await call(fresh.access_token, "POST", "/sluice")).status, 200);
});

test("a sign-in by password reads, and steps up to a passkey when the API asks for it", async () => {
  const { lock, passkey, boat, wanted, call } = await harbour();
  const [password, salt, rounds] = ["a tide waits for nobody at all", "0123456789abcdef", 100_000];
  const hash = pbkdf2Sync(password, salt, rounds, 32, "sha256").toString("base64");
  const list = path.join(lock.dir, "hashes.csv");
  writeFileSync(list, `ada,pbkdf2_sha256$${rounds}$${salt}$${hash}\n`);
  lock.run(["person", "password-import", list, "--config", lock.config]);

  const browser = newVisitor(lock);
  boat.visitor = browser;
  const request = await boat.request(wanted);
  const journey = await asked(browser, boat.address(request.params));
  await browser.form("/sign-in/name", { journey, name: "ada" });
  const signedIn = await browser.form("/sign-in/password", { journey, password });
  assert.equal(signedIn.status, 303, signedIn.text);
  const back = await walk(browser, new URL(signedIn.location, lock.issuer));
  const weak = await boat.redeem(oauth.validateAuthResponse(boat.as, boat.client, back, request.state), request);
  assert.equal(claimsOf(weak.access_token).acr, undefined);
  assert.equal((await call(weak.access_token, "GET", "/tides")).status, 200);
  const asks = await challenge(call, weak.access_token);

  const strong = await stepUp(boat, wanted, asks, browser, passkey);
  assert.equal(claimsOf(strong.access_token).acr, "phr");
  assert.equal(claimsOf(strong.access_token).sub, claimsOf(weak.access_token).sub);
  assert.equal((await call(strong.access_token, "POST", "/sluice")).status, 200);
  assert.deepEqual(await challenge(call, weak.access_token), asks, "the weak token became stronger");
});
