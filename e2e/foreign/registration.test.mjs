// Applications that register themselves, as two foreign libraries do it (RFC 7591), and manage what they registered (RFC 7592).

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as oauth from "oauth4webapi";
import * as oidc from "openid-client";
import { redirect, signer, walk, web, world } from "../lib/foreign.mjs";
import { App, discover, plain } from "../lib/oauth4.mjs";
import { httpsServer } from "../lib/tls.mjs";

let lock, visitor, close, as, key, sector;

before(async () => {
  key = await signer("ES256");
  sector = await httpsServer("sector.example.org");
  sector.pages["/redirects.json"] = [redirect("tide"), redirect("ebb")];
  sector.pages["/keys.json"] = { keys: [key.jwk] };
  ({ lock, visitor, close } = await world({ clients: [web("present")], extraCa: sector.certificate, ownNames: true }));
  as = await discover(lock.issuer);
});
after(async () => { await close?.(); await sector?.close(); });

/** An initial access token for `uses` registrations. */
function access({ scopes = ["openid", "offline_access"], hosts = [".example.org"], uses = 1 } = {}) {
  const printed = lock.run([
    "registration", "token", "add", "--config", lock.config, ...scopes.flatMap((scope) => ["--scope", scope]), ...hosts.flatMap((host) => ["--redirect-host", host]),
    "--uses", `${uses}`, "--hours", "1",
  ]);
  return /lgi_[\w-]+/.exec(printed)?.[0] ?? assert.fail(`no token in what was printed:\n${printed}`);
}

const METADATA = { client_name: "Tide Tables", redirect_uris: [redirect("tide")], grant_types: ["authorization_code", "refresh_token"], scope: "openid offline_access" };

test("openid-client registers itself, and goes on to sign somebody in", async () => {
  const config = await oidc.dynamicClientRegistration(new URL(lock.issuer), METADATA, undefined, {
    initialAccessToken: access(), execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks],
  });
  const client = config.clientMetadata();
  assert.notEqual(client.client_id, undefined);
  assert.deepEqual(client.redirect_uris, METADATA.redirect_uris);
  const [verifier, state] = [oidc.randomPKCECodeVerifier(), oidc.randomState()];
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirect("tide"), scope: "openid", state, code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256",
  });
  const tokens = await oidc.authorizationCodeGrant(config, await walk(visitor, url), { pkceCodeVerifier: verifier, expectedState: state });
  assert.ok(tokens.claims().sub);
});

test("oauth4webapi registers a client with a key", async () => {
  const metadata = { ...METADATA, token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [key.jwk] } };
  const response = await oauth.dynamicClientRegistrationRequest(as, metadata, { initialAccessToken: access(), ...plain });
  const registered = await oauth.processDynamicClientRegistrationResponse(response);
  assert.equal(registered.client_secret, undefined, "a secret for a client that has a key");
  assert.equal(registered.token_endpoint_auth_method, "private_key_jwt");
  const app = new App(as, { id: registered.client_id, auth: oauth.PrivateKeyJwt({ key: key.key, kid: key.kid }), redirectUri: redirect("tide"), visitor });
  assert.ok((await app.tokens({}, { pushed: true })).access_token);
});

const post = (metadata, token) => fetch(as.registration_endpoint, {
  method: "POST", body: typeof metadata === "string" ? metadata : JSON.stringify(metadata),
  headers: { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) },
});

test("a client reads, changes and removes what it registered", async () => {
  const response = await post(METADATA, access());
  assert.equal(response.status, 201);
  assert.equal(response.headers.get("cache-control"), "no-store");
  const registered = await response.json();
  assert.equal(registered.client_secret_expires_at, 0); // RFC 7591 §3.2.1
  const manage = async (method, body, token = registered.registration_access_token) => fetch(registered.registration_client_uri, {
    method, body: body && JSON.stringify(body), headers: { Authorization: `Bearer ${token}`, ...(body ? { "Content-Type": "application/json" } : {}) },
  });
  const read = await manage("GET");
  assert.equal(read.status, 200);
  assert.equal((await read.json()).client_name, "Tide Tables");
  const renamed = { ...METADATA, client_id: registered.client_id, client_name: "Tide Tables 2", redirect_uris: [redirect("tide2")] };
  const changed = await manage("PUT", renamed);
  assert.equal(changed.status, 200, await changed.clone().text());
  assert.deepEqual((await changed.json()).redirect_uris, [redirect("tide2")]);
  assert.equal((await manage("PUT", { ...renamed, client_id: "present" })).status, 400, "it became another client");
  for (const token of ["lgm_nobody", access(), ""]) assert.equal((await manage("GET", undefined, token)).status, 401);
  assert.equal((await manage("DELETE")).status, 204);
  assert.equal((await manage("GET")).status, 401);
  const gone = await visitor.get(`/authorize?${new URLSearchParams({ client_id: registered.client_id, response_type: "code", redirect_uri: redirect("tide2") })}`);
  assert.deepEqual([gone.status, gone.location], [400, undefined]);
});

test("an initial access token is needed, and is good as often as it says", async () => {
  for (const token of [undefined, "lgi_nobody", "x".repeat(5_000)]) {
    const answer = await post(METADATA, token);
    assert.equal(answer.status, 401, token);
    assert.match(answer.headers.get("www-authenticate") ?? "", /^Bearer/);
  }
  const twice = access({ uses: 2 });
  assert.deepEqual([(await post(METADATA, twice)).status, (await post(METADATA, twice)).status, (await post(METADATA, twice)).status], [201, 201, 401]);
  const raced = access();
  const statuses = (await Promise.all(Array.from({ length: 20 }, () => post(METADATA, raced)))).map(({ status }) => status);
  assert.deepEqual(statuses.filter((status) => status === 201).length, 1, `${statuses}`);
});

test("what may not be registered", async () => {
  const token = access({ uses: 100 });
  const wrong = {
    "a redirect to http": [{ redirect_uris: ["http://tide.example.org/callback"] }, "invalid_redirect_uri"],
    "a redirect elsewhere": [{ redirect_uris: ["https://evil.example/callback"] }, "invalid_redirect_uri"],
    "a redirect with a fragment": [{ redirect_uris: [`${redirect("tide")}#x`] }, "invalid_redirect_uri"],
    "a redirect with a star": [{ redirect_uris: ["https://*.example.org/callback"] }, "invalid_redirect_uri"],
    "no redirect": [{ redirect_uris: [] }, "invalid_redirect_uri", "invalid_client_metadata"],
    "the implicit grant": [{ grant_types: ["implicit"] }, "invalid_client_metadata"],
    "the password grant": [{ grant_types: ["password"] }, "invalid_client_metadata"],
    "an implicit response": [{ response_types: ["token"] }, "invalid_client_metadata"],
    "a grant beyond the token": [{ grant_types: ["client_credentials"] }, "invalid_client_metadata"],
    "a scope beyond the token": [{ scope: "openid admin" }, "invalid_client_metadata"],
    "an assertion method without keys": [{ token_endpoint_auth_method: "private_key_jwt" }, "invalid_client_metadata"],
    "keys in two places": [{ jwks: { keys: [key.jwk] }, jwks_uri: "https://tide.example.org/keys", token_endpoint_auth_method: "private_key_jwt" }, "invalid_client_metadata"],
    "a private key": [{ jwks: { keys: [{ ...key.jwk, d: "AAAA" }] }, token_endpoint_auth_method: "private_key_jwt" }, "invalid_client_metadata"],
    "a software statement": [{ software_statement: "e30.e30.e30" }, "invalid_software_statement", "unapproved_software_statement"],
    "a logout address elsewhere": [{ backchannel_logout_uri: "https://evil.example/bye" }, "invalid_client_metadata", "invalid_redirect_uri"],
    "unsigned ID tokens": [{ id_token_signed_response_alg: "none" }, "invalid_client_metadata"],
  };
  for (const [what, [change, ...errors]] of Object.entries(wrong)) {
    const answer = await post({ ...METADATA, ...change }, token);
    assert.equal(answer.status, 400, `${what}: ${answer.status} ${await answer.clone().text()}`);
    const { error } = await answer.json();
    assert.ok(errors.includes(error), `${what}: ${error}`);
  }
  for (const text of ["", "[]", "{", '{"redirect_uris":"x"}', "null", `{"client_name":"${"a".repeat(70_000)}"}`]) {
    const answer = await post(text, token);
    assert.ok([400, 413].includes(answer.status), `${text.slice(0, 20)}: ${answer.status}`);
  }
  assert.equal((await post(METADATA, token)).status, 201);
});

test("clients of one sector see one person as the same, and others don't (OpenID Connect Registration §5)", async () => {
  const subject = async (name, more) => {
    const response = await oauth.dynamicClientRegistrationRequest(as, {
      ...METADATA, redirect_uris: [redirect(name)], token_endpoint_auth_method: "private_key_jwt", jwks_uri: `${sector.origin}/keys.json`, ...more,
    }, { initialAccessToken: access(), ...plain });
    const { client_id: id } = await oauth.processDynamicClientRegistrationResponse(response);
    const tokens = await new App(as, { id, auth: oauth.PrivateKeyJwt({ key: key.key, kid: key.kid }), redirectUri: redirect(name), visitor }).tokens();
    return oauth.getValidatedIdTokenClaims(tokens).sub;
  };
  const shared = { subject_type: "pairwise", sector_identifier_uri: `${sector.origin}/redirects.json` };
  const [tide, ebb, alone] = [await subject("tide", shared), await subject("ebb", shared), await subject("ebb", {})];
  assert.equal(tide, ebb);
  assert.notEqual(alone, ebb);
  for (const [change, what] of [
    [{ redirect_uris: [redirect("flood")] }, "an address that the document does not hold"],
    [{ redirect_uris: [redirect("tide")], sector_identifier_uri: `${sector.origin}/nothing.json` }, "a document that is not there"],
    [{ redirect_uris: [redirect("tide")], sector_identifier_uri: `${sector.origin}/keys.json` }, "a document that is no list"],
    [{ redirect_uris: [redirect("tide")], sector_identifier_uri: "http://sector.example.org/redirects.json" }, "a document that anybody on the way can change"],
  ]) {
    const answer = await post({ ...METADATA, ...shared, ...change }, access());
    assert.equal(answer.status, 400, `${what}: ${answer.status}`);
    assert.ok(["invalid_client_metadata", "invalid_redirect_uri"].includes((await answer.json()).error), what);
  }
});
