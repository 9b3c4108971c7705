// The Model Context Protocol's own library, both halves of it: a server that guards a tool with tokens, and a client that gets one.

import assert from "node:assert/strict";
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { InvalidTokenError } from "@modelcontextprotocol/sdk/server/auth/errors.js";
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
import { getOAuthProtectedResourceMetadataUrl, mcpAuthMetadataRouter } from "@modelcontextprotocol/sdk/server/auth/router.js";
import { createMcpExpressApp } from "@modelcontextprotocol/sdk/server/express.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import * as oauth from "oauth4webapi";
import { walk } from "./foreign.mjs";

export const REDIRECT = "http://127.0.0.1:7777/callback";
export const SCOPE = "tides:read";

/** An MCP server with one tool, for whoever brings a token of Lockgate's for this very resource. */
export async function tideServer({ port, resource, metadata, introspects }) {
  const app = createMcpExpressApp();
  app.use(mcpAuthMetadataRouter({ oauthMetadata: metadata, resourceServerUrl: new URL(resource), scopesSupported: [SCOPE], resourceName: "Tides" }));
  const verifier = {
    async verifyAccessToken(token) {
      const told = await introspects.introspect(token);
      if (!told.active || ![told.aud].flat().includes(resource)) throw new InvalidTokenError("It is not for this server, or not any more");
      return { token, clientId: told.client_id, scopes: told.scope.split(" "), expiresAt: told.exp, resource: new URL(resource), extra: { subject: told.sub } };
    },
  };
  const guard = requireBearerAuth({ verifier, requiredScopes: [SCOPE], resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(new URL(resource)), expectedResource: new URL(resource) });
  app.post("/mcp", guard, async (request, response) => {
    const server = new McpServer({ name: "tides", version: "1.0.0" });
    server.registerTool("high-water", { description: "The next high water" }, ({ authInfo }) => ({ content: [{ type: "text", text: `06:12, ${authInfo.extra.subject}` }] }));
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    response.on("close", () => { transport.close(); server.close(); });
    await server.connect(transport);
    await transport.handleRequest(request, response, request.body);
  });
  app.get("/mcp", guard, (_, response) => response.status(405).end());
  const listener = await new Promise((resolve) => { const one = app.listen(port, "127.0.0.1", () => resolve(one)); });
  return { close: () => { listener.closeAllConnections(); return new Promise((resolve) => listener.close(resolve)); } };
}

/** What an MCP application keeps of its own: the library asks it for everything. */
export class Keeper {
  constructor(more = {}) {
    this.kept = {};
    Object.assign(this, more);
  }

  get redirectUrl() { return REDIRECT; }

  get clientMetadata() {
    return { client_name: "Tide Agent", redirect_uris: [REDIRECT], grant_types: ["authorization_code", "refresh_token"], response_types: ["code"], token_endpoint_auth_method: "none", scope: SCOPE };
  }

  state() { return this.kept.state ??= oauth.generateRandomState(); }
  clientInformation() { return this.kept.client; }
  saveClientInformation(client) { this.kept.client = client; }
  tokens() { return this.kept.tokens; }
  saveTokens(tokens) { this.kept.tokens = tokens; }
  redirectToAuthorization(url) { this.kept.sent = url; }
  saveCodeVerifier(verifier) { this.kept.verifier = verifier; }
  codeVerifier() { return this.kept.verifier; }
}

/** A fetch that shows an initial access token where applications register: the library knows no such thing. */
export const showing = (token) => (url, options = {}) => {
  if (new URL(url).pathname !== "/register") return fetch(url, options);
  const headers = new Headers(options.headers);
  headers.set("Authorization", `Bearer ${token}`);
  return fetch(url, { ...options, headers });
};

export const connect = async (resource, keeper, fetchLike) => {
  const transport = new StreamableHTTPClientTransport(new URL(resource), { authProvider: keeper, ...(fetchLike ? { fetch: fetchLike } : {}) });
  const client = new Client({ name: "agent", version: "1.0.0" });
  await client.connect(transport).catch((failure) => { failure.transport = transport; throw failure; });
  return client;
};

/** From nothing to a connection: turned away, sent to Lockgate, back with a code. */
export async function arrive({ resource, visitor }, keeper, fetchLike) {
  const turnedAway = await connect(resource, keeper, fetchLike).then(() => assert.fail("it was let in"), (failure) => failure);
  assert.ok(turnedAway instanceof UnauthorizedError, turnedAway.stack);
  const { searchParams } = keeper.kept.sent;
  assert.deepEqual([searchParams.get("resource"), searchParams.get("code_challenge_method"), searchParams.get("scope")], [resource, "S256", SCOPE]);
  const callback = await walk(visitor, keeper.kept.sent);
  assert.equal(callback.searchParams.get("state"), keeper.kept.state);
  await turnedAway.transport.finishAuth(callback.searchParams.get("code"));
  return connect(resource, keeper, fetchLike);
}

export async function useTool(client) {
  const { tools } = await client.listTools();
  assert.deepEqual(tools.map(({ name }) => name), ["high-water"]);
  const { content } = await client.callTool({ name: "high-water", arguments: {} });
  assert.match(content[0].text, /^06:12, \S+$/);
  await client.close();
  return content[0].text;
}
