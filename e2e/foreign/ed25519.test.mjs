// Ed25519 keys have two names in signatures: EdDSA (RFC 8037), and Ed25519 (RFC 9864), which took its place. Libraries use either.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as jose from "jose";
import * as oauth from "oauth4webapi";
import { claimsOf, keyed, redirect, signer, world } from "../lib/foreign.mjs";
import { App, discover } from "../lib/oauth4.mjs";

let lock, visitor, close, as, keys;

before(async () => {
  keys = { EdDSA: await signer("EdDSA"), Ed25519: await signer("Ed25519") };
  ({ lock, visitor, close } = await world({ clients: Object.entries(keys).map(([id, key]) => keyed(id, key, { redirect_uris: [redirect("app")] })) }));
  as = await discover(lock.issuer);
});
after(() => close?.());

test("both names are announced", () => {
  for (const list of ["dpop_signing_alg_values_supported", "token_endpoint_auth_signing_alg_values_supported", "request_object_signing_alg_values_supported"]) {
    for (const name of Object.keys(keys)) assert.ok(as[list].includes(name), `${list} lacks ${name}`);
  }
});

for (const id of ["EdDSA", "Ed25519"]) {
  test(`assertions, requests and proofs by a key that was registered for ${id}, signed under the other name or the same`, async () => {
    const { key, kid } = keys[id];
    // This library names it Ed25519, whatever the key says.
    const pair = await jose.generateKeyPair("Ed25519", { extractable: true });
    const app = new App(as, { id, auth: oauth.PrivateKeyJwt({ key, kid }), redirectUri: redirect("app"), keys: pair, visitor });
    const tokens = await app.tokens({}, { pushed: true });
    assert.equal(claimsOf(tokens.access_token).cnf.jkt, await jose.calculateJwkThumbprint(await jose.exportJWK(pair.publicKey)));
    const now = Math.floor(Date.now() / 1000);
    const assertion = await new jose.SignJWT({ iss: id, sub: id, aud: as.issuer, iat: now, exp: now + 60, jti: crypto.randomUUID() }).setProtectedHeader({ alg: "EdDSA", kid }).sign(key);
    const answer = await fetch(as.introspection_endpoint, {
      method: "POST", body: new URLSearchParams({ token: "x", client_id: id, client_assertion: assertion, client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" }),
    });
    assert.equal(answer.status, 200, await answer.text());
  });
}
