// Clients that prove themselves by a TLS certificate, and tokens that are bound to one (RFC 8705), as `oauth4webapi` has it, over real TLS.

import assert from "node:assert/strict";
import { X509Certificate, createHash, createPublicKey } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import * as oauth from "oauth4webapi";
import { claimsOf, keyed, redirect, signer, web, world } from "../lib/foreign.mjs";
import { App, discover, refused } from "../lib/oauth4.mjs";
import { freePort } from "../lib/server.mjs";
import { certificate, fetchWith } from "../lib/tls.mjs";

let dir, lock, visitor, close, as, own, other, named, authority, signature;

const thumbprint = ({ cert }) => createHash("sha256").update(new X509Certificate(cert).raw).digest("base64url");

before(async () => {
  dir = mkdtempSync(path.join(tmpdir(), "lockgate-mtls-"));
  [own, other] = [certificate(dir, "own"), certificate(dir, "other")];
  authority = certificate(dir, "authority", { authority: true });
  named = {
    right: certificate(dir, "right", { subject: "/O=Harbour/CN=night", issuer: authority }), wrong: certificate(dir, "wrong", { subject: "/O=Harbour/CN=day", issuer: authority }),
    pretended: certificate(dir, "pretended", { subject: "/O=Harbour/CN=night" }),
  };
  signature = await signer("ES256");
  const jwk = { ...createPublicKey(own.cert).export({ format: "jwk" }), use: "sig", alg: "ES256", kid: "own", x5c: [new X509Certificate(own.cert).raw.toString("base64")] };
  const bound = { tls_client_certificate_bound_access_tokens: true };
  const { client_secret: _, ...self } = web("self", { ...bound, token_endpoint_auth_method: "self_signed_tls_client_auth", jwks: { keys: [jwk] } });
  const { client_secret: __, ...night } = web("night", {
    token_endpoint_auth_method: "tls_client_auth", tls_client_auth_subject_dn: "CN=night,O=Harbour", grant_types: ["client_credentials"], scope: "report:write", redirect_uris: [],
    lockgate: { kind: "service" },
  });
  const mtls = await freePort();
  ({ lock, visitor, close } = await world({
    clients: [self, night, keyed("keyed", signature, bound)], tls: true,
    settings: `[certificates]\nlisten = "127.0.0.1:${mtls}"\norigin = "https://localhost:${mtls}"\nauthorities = "${authority.certFile}"`,
  }));
  as = await discover(lock.issuer, "oidc", fetchWith({ ca: lock.certificate }));
});
after(async () => {
  await close?.();
  if (dir) rmSync(dir, { recursive: true, force: true });
});

function app(id, shown, auth = oauth.TlsClientAuth()) {
  return new App(as, {
    id, auth, redirectUri: redirect(id), visitor, more: { use_mtls_endpoint_aliases: true },
    fetch: fetchWith({ ca: lock.certificate, ...(shown ? { cert: shown.cert, key: shown.key } : {}) }),
  });
}

test("the metadata leads to the listener that asks for certificates", () => {
  assert.equal(as.tls_client_certificate_bound_access_tokens, true);
  for (const method of ["tls_client_auth", "self_signed_tls_client_auth"]) assert.ok(as.token_endpoint_auth_methods_supported.includes(method), method);
  assert.notEqual(new URL(as.mtls_endpoint_aliases.token_endpoint).origin, lock.issuer);
});

test("a client known by its certificate's key: code, tokens bound to the certificate, refresh, userinfo", async () => {
  const client = app("self", own);
  const tokens = await client.tokens({ scope: "openid offline_access" }, { pushed: true });
  const subject = oauth.getValidatedIdTokenClaims(tokens).sub;
  assert.equal(claimsOf(tokens.access_token).cnf["x5t#S256"], thumbprint(own));
  assert.equal((await client.userinfo(tokens.access_token, subject)).sub, subject);
  assert.equal((await client.introspect(tokens.access_token)).cnf["x5t#S256"], thumbprint(own));
  await assert.rejects(app("self", other).userinfo(tokens.access_token, subject), { status: 401 });
  await assert.rejects(app("self").userinfo(tokens.access_token, subject), { status: 401 });
  await refused(app("self", other).refresh(tokens.refresh_token), "invalid_client");
  await refused(app("self").refresh(tokens.refresh_token), "invalid_client");
  assert.equal(claimsOf((await client.refresh(tokens.refresh_token)).access_token).cnf["x5t#S256"], thumbprint(own));
});

test("a client known by the name that an authority put into its certificate", async () => {
  assert.equal(claimsOf((await app("night", named.right).own({ scope: "report:write" })).access_token).client_id, "night");
  await refused(app("night", named.wrong).own({ scope: "report:write" }), "invalid_client");
  await refused(app("night", named.pretended).own({ scope: "report:write" }), "invalid_client");
  await refused(app("night", own).own({ scope: "report:write" }), "invalid_client");
  await refused(app("night").own({ scope: "report:write" }), "invalid_client");
});

test("a client with a key may bind its tokens to a certificate, and must where it said so", async () => {
  const auth = () => oauth.PrivateKeyJwt({ key: signature.key, kid: signature.kid });
  const tokens = await app("keyed", other, auth()).tokens();
  assert.equal(claimsOf(tokens.access_token).cnf["x5t#S256"], thumbprint(other));
  await refused(app("keyed", undefined, auth()).tokens(), "invalid_request", "invalid_grant", "invalid_client");
});

test("a header cannot stand in for a certificate", async () => {
  const header = `:${new X509Certificate(own.cert).raw.toString("base64")}:`;
  const plain = fetchWith({ ca: lock.certificate });
  const liar = (url, options) => plain(url, { ...options, headers: { ...options.headers, "client-cert": header, "x-client-cert": header, "x-forwarded-client-cert": header } });
  const client = new App(as, { id: "self", auth: oauth.TlsClientAuth(), redirectUri: redirect("self"), visitor, fetch: liar });
  const request = await client.request();
  await refused(client.push(request.params), "invalid_client");
});
