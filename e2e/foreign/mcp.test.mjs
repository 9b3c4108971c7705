// The Model Context Protocol's own library on both sides of Lockgate: its server guards a tool with our tokens, and its client finds its way
// from a 401 to the tool: protected resource metadata, our metadata, registration, code with PKCE, token, refresh.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import * as oauth from "oauth4webapi";
import { claimsOf, web, world } from "../lib/foreign.mjs";
import { Keeper, SCOPE, arrive, connect, showing, tideServer, useTool } from "../lib/mcp.mjs";
import { App, discover } from "../lib/oauth4.mjs";
import { freePort } from "../lib/server.mjs";

let lock, visitor, close, as, tides, server;

before(async () => {
  const port = await freePort();
  const resource = `http://localhost:${port}/mcp`;
  server = web("tides", { grant_types: ["client_credentials"], scope: SCOPE, redirect_uris: [], lockgate: { kind: "service", serves: [resource] } });
  ({ lock, visitor, close } = await world({ clients: [server] }));
  as = await discover(lock.issuer);
  const introspects = new App(as, { id: "tides", auth: oauth.ClientSecretBasic(server.client_secret) });
  tides = { resource, visitor, ...await tideServer({ port, resource, metadata: as, introspects }) };
});
after(async () => { await tides?.close(); await close?.(); });

function access() {
  const printed = lock.run([
    "registration", "token", "add", "--config", lock.config, "--scope", SCOPE, "--redirect-host", "127.0.0.1", "--resource", tides.resource, "--uses", "1", "--hours", "1",
  ]);
  return /lgi_[\w-]+/.exec(printed)?.[0] ?? assert.fail(`no token in what was printed:\n${printed}`);
}

test("an MCP client registers itself, and uses the tool", async () => {
  const keeper = new Keeper();
  const text = await useTool(await arrive(tides, keeper, showing(access())));
  const claims = claimsOf(keeper.kept.tokens.access_token);
  assert.deepEqual([claims.aud, claims.client_id, claims.scope], [tides.resource, keeper.kept.client.client_id, SCOPE]);
  assert.ok(text.endsWith(claims.sub));

  // Its access token is gone; the library refreshes, and comes through.
  const before = keeper.kept.tokens;
  keeper.kept.tokens = { ...before, access_token: "gone" };
  await useTool(await connect(tides.resource, keeper));
  assert.notEqual(keeper.kept.tokens.refresh_token, before.refresh_token);
  assert.equal(claimsOf(keeper.kept.tokens.access_token).aud, tides.resource);
});

test("a token for something else does not open the tool", async () => {
  const { access_token: token } = await new App(as, { id: "tides", auth: oauth.ClientSecretBasic(server.client_secret) }).own({ scope: SCOPE });
  for (const wrong of [token, "gone"]) {
    const answer = await fetch(tides.resource, { method: "POST", headers: { Authorization: `Bearer ${wrong}`, "Content-Type": "application/json" }, body: "{}" });
    assert.equal(answer.status, 401);
    assert.match(answer.headers.get("www-authenticate"), /resource_metadata="/);
  }
});

test("a client that may not register gets nowhere", async () => {
  const keeper = new Keeper();
  await assert.rejects(connect(tides.resource, keeper), (failure) => !(failure instanceof UnauthorizedError));
  assert.equal(keeper.kept.sent, undefined, "it was sent to sign somebody in");
});
