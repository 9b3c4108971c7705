// An application that is known by the address of a document about itself, as the Model Context Protocol's client uses it
// (draft-ietf-oauth-client-id-metadata-document).

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as oauth from "oauth4webapi";
import { claimsOf, web, world } from "../lib/foreign.mjs";
import { Keeper, REDIRECT, SCOPE, arrive, tideServer, useTool } from "../lib/mcp.mjs";
import { pkce } from "../lib/oauth.mjs";
import { App, discover } from "../lib/oauth4.mjs";
import { freePort } from "../lib/server.mjs";
import { httpsServer } from "../lib/tls.mjs";

let lock, visitor, close, as, tides, documents;

before(async () => {
  const port = await freePort();
  const resource = `http://localhost:${port}/mcp`;
  documents = await httpsServer("agent.example.org");
  documents.id = `${documents.origin}/agent.json`;
  documents.pages["/agent.json"] = {
    client_id: documents.id, client_name: "Tide Agent", redirect_uris: [REDIRECT], grant_types: ["authorization_code", "refresh_token"], response_types: ["code"],
    token_endpoint_auth_method: "none", scope: SCOPE,
  };
  const server = web("tides", { grant_types: ["client_credentials"], scope: SCOPE, redirect_uris: [], lockgate: { kind: "service", serves: [resource] } });
  ({ lock, visitor, close } = await world({ clients: [server], extraCa: documents.certificate, ownNames: true, settings: `
[client_documents]
hosts = [".example.org"]
scopes = ["${SCOPE}"]
resources = ["${resource}"]
` }));
  as = await discover(lock.issuer);
  const introspects = new App(as, { id: "tides", auth: oauth.ClientSecretBasic(server.client_secret) });
  tides = { resource, visitor, ...await tideServer({ port, resource, metadata: as, introspects }) };
});
after(async () => { await tides?.close(); await close?.(); await documents?.close(); });

const request = (client) => `/authorize?${new URLSearchParams({
  client_id: client, redirect_uri: REDIRECT, response_type: "code", scope: SCOPE, resource: tides.resource, state: "s", code_challenge: pkce().challenge, code_challenge_method: "S256",
})}`;

test("an MCP client is known by its document, and uses the tool", async () => {
  assert.equal(as.client_id_metadata_document_supported, true);
  const keeper = new Keeper({ clientMetadataUrl: documents.id });
  await useTool(await arrive(tides, keeper));
  assert.equal(keeper.kept.client.client_id, documents.id);
  assert.equal(claimsOf(keeper.kept.tokens.access_token).client_id, documents.id);
  assert.deepEqual(documents.asked, ["/agent.json"], "the document was fetched more than once while it was fresh");
});

test("the person sees whose document it is, and is asked each time", async () => {
  for (let times = 0; times < 2; times += 1) {
    const page = await visitor.get(request(documents.id));
    assert.equal(page.status, 200, page.location ?? page.text);
    assert.match(page.text, /agent\.example\.org/);
    assert.match(page.text, /asked each time/);
  }
});

test("documents that are not there, say something else, or hold what they must not", async () => {
  const honest = documents.pages["/agent.json"];
  const wrong = {
    "/missing.json": undefined,
    "/other.json": honest,
    "/secret.json": { ...honest, client_id: `${documents.origin}/secret.json`, token_endpoint_auth_method: "client_secret_post", client_secret: "x".repeat(43) },
    "/elsewhere.json": { ...honest, client_id: `${documents.origin}/elsewhere.json`, redirect_uris: ["https://evil.example/callback"] },
    "/huge.json": { ...honest, client_id: `${documents.origin}/huge.json`, client_name: "a".repeat(6_000) },
    "/scope.json": { ...honest, client_id: `${documents.origin}/scope.json`, scope: "openid admin" },
    "/list.json": [],
  };
  for (const [path, page] of Object.entries(wrong)) {
    documents.pages[path] = page;
    const answer = await visitor.get(request(`${documents.origin}${path}`));
    assert.ok([400, 503].includes(answer.status) && answer.location === undefined, `${path}: ${answer.status} ${answer.location}`);
  }
  for (const id of [`${documents.origin}/`, `${documents.origin}/agent.json?x=1`, documents.id.replace("https", "http"), `${documents.origin}/x/../agent.json`, "https://127.0.0.1/agent.json"]) {
    const answer = await visitor.get(request(id));
    assert.ok([400, 503].includes(answer.status) && answer.location === undefined, `${id}: ${answer.status} ${answer.location}`);
  }
});
