// The metadata as a list of promises: every algorithm, method and mode that is announced is tried with a foreign library. And names, secrets
// and addresses with characters that parsers trip over.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as jose from "jose";
import * as oauth from "oauth4webapi";
import { keyed, redirect, signer, walk, web, world } from "../lib/foreign.mjs";
import { App, discover, plain } from "../lib/oauth4.mjs";

const ALGS = ["ES256", "ES384", "ES512", "EdDSA", "Ed25519", "PS256", "PS384", "PS512", "RS256"];
const ODD = {
  secret: `p+ss:w/rd%41&=?#"'~^{} ${"x".repeat(32)}`.replaceAll(" ", "_"), redirect: "https://odd.example.org/callback?tenant=a%20b&x=%C3%A9", state: `~ "'&=+%00%25<>é🚢`,
};

let lock, visitor, close, as, keys;

before(async () => {
  keys = Object.fromEntries(await Promise.all(ALGS.map(async (alg) => [alg, await signer(alg)])));
  const clients = [
    ...ALGS.map((alg) => keyed(`by-${alg}`.toLowerCase(), keys[alg])), web("rs256", { id_token_signed_response_alg: "RS256" }), web("modes", { lockgate: { response_modes: ["query", "form_post", "query.jwt", "form_post.jwt"] } }),
    web("urn:app:1", { client_secret: ODD.secret, redirect_uris: [ODD.redirect] }), web("post", { client_secret: ODD.secret, token_endpoint_auth_method: "client_secret_post" }),
    {
      client_id: "native", client_name: "Native", redirect_uris: ["http://127.0.0.1/callback", "http://[::1]/callback", "org.example.app:/callback"], token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"], scope: "openid offline_access", subject_type: "public", lockgate: { kind: "native" },
    },
  ];
  ({ lock, visitor, close } = await world({ clients }));
  keys.secrets = Object.fromEntries(clients.map(({ client_id: id, client_secret: secret }) => [id, secret]));
  as = await discover(lock.issuer);
});
after(() => close?.());

test("every address in the metadata is ours, and there", async () => {
  const addresses = Object.entries(as).filter(([name]) => /_endpoint$|^jwks_uri$/.test(name));
  assert.ok(addresses.length >= 9);
  for (const [name, address] of addresses) {
    assert.equal(new URL(address).origin, lock.issuer, name);
    const { status } = await fetch(address, { redirect: "manual" });
    assert.notEqual(status, 404, `${name}: ${address}`);
  }
});

test("every algorithm for assertions and signed requests", async () => {
  for (const list of [as.token_endpoint_auth_signing_alg_values_supported, as.request_object_signing_alg_values_supported]) assert.deepEqual([...list].sort(), [...ALGS].sort());
  for (const alg of ALGS) {
    const [id, { key, kid }] = [`by-${alg}`.toLowerCase(), keys[alg]];
    const app = new App(as, { id, auth: oauth.PrivateKeyJwt({ key, kid }), redirectUri: redirect(id), visitor });
    const request = await app.request();
    const object = await oauth.issueRequestObject(as, app.client, request.params, { key, kid });
    const url = app.pushedAddress(await app.push(new URLSearchParams({ client_id: app.client.client_id, request: object })));
    assert.ok((await app.redeem(await app.answer(url, request.state), request)).access_token, alg);
  }
});

test("every algorithm for ID tokens has a key", async () => {
  const published = jose.createLocalJWKSet(await (await fetch(as.jwks_uri)).json());
  for (const alg of as.id_token_signing_alg_values_supported) await published({ alg });
  const app = new App(as, { id: "rs256", auth: oauth.ClientSecretBasic(keys.secrets.rs256), redirectUri: redirect("rs256"), visitor, more: { id_token_signed_response_alg: "RS256" } });
  assert.equal(jose.decodeProtectedHeader((await app.tokens()).id_token).alg, "RS256");
});

test("every response mode", async () => {
  const app = new App(as, { id: "modes", auth: oauth.ClientSecretBasic(keys.secrets.modes), redirectUri: redirect("modes"), visitor });
  for (const mode of as.response_modes_supported) {
    const request = await app.request({ response_mode: mode });
    const answer = await walk(visitor, app.address(request.params));
    const parameters = answer.action ? new URLSearchParams(answer.fields) : answer.searchParams;
    const checked = parameters.has("response")
      ? await oauth.validateJwtAuthResponse(as, app.client, parameters, request.state, plain) : oauth.validateAuthResponse(as, app.client, parameters, request.state);
    assert.ok((await app.redeem(checked, request)).access_token, mode);
  }
});

test("a client id with colons, a secret with everything in it, an address with a query, a state with what hurts", async () => {
  for (const [id, auth, redirectUri] of [
    ["urn:app:1", oauth.ClientSecretBasic(ODD.secret), ODD.redirect], ["post", oauth.ClientSecretPost(ODD.secret), redirect("post")],
  ]) {
    const app = new App(as, { id, auth, redirectUri, visitor });
    for (const state of [ODD.state, "s".repeat(1_000)]) {
      const request = await app.request({ state });
      const callback = await walk(visitor, app.address(request.params));
      assert.ok(callback.href.startsWith(`${redirectUri}${redirectUri.includes("?") ? "&" : "?"}`), callback.href);
      const tokens = await app.redeem(oauth.validateAuthResponse(as, app.client, callback, state), request);
      assert.ok(tokens.refresh_token && tokens.id_token);
    }
  }
});

test("programs on a device, at whichever port they listen", async () => {
  for (const redirectUri of ["http://127.0.0.1:49152/callback", "http://[::1]:65535/callback", "org.example.app:/callback"]) {
    const app = new App(as, { id: "native", auth: oauth.None(), redirectUri, visitor });
    const request = await app.request({ scope: "openid offline_access" });
    const callback = await walk(visitor, app.address(request.params));
    assert.ok(callback.href.startsWith(`${redirectUri}?`), callback.href);
    const tokens = await app.redeem(oauth.validateAuthResponse(as, app.client, callback, request.state), request);
    assert.notEqual((await app.refresh(tokens.refresh_token)).refresh_token, tokens.refresh_token);
  }
});
