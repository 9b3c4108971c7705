// npm's `oidc-provider` as the reference: an authorization server that shares no code with Lockgate, with the same applications. Whoever
// comes is signed in as Ada and allows everything, so that a browser gets through without pages.

import http from "node:http";
import * as jose from "jose";
import Provider, { errors } from "oidc-provider";
import { freePort } from "../lib/server.mjs";

/** Starts the reference with `clients` as a static clients file has them. `resources` may be named in requests. */
export async function reference({ clients, resources }) {
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const { privateKey } = await jose.generateKeyPair("ES256", { extractable: true });
  const provider = new Provider(issuer, {
    clients: clients.map(({ lockgate: _, ...metadata }) => ({ response_types: metadata.redirect_uris.length ? ["code"] : [], id_token_signed_response_alg: "ES256", ...metadata })),
    jwks: { keys: [{ ...await jose.exportJWK(privateKey), alg: "ES256", use: "sig" }] },
    scopes: ["openid", "offline_access", "order"],
    cookies: { keys: ["only-for-this-test"] },
    clientAuthMethods: ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"],
    enabledJWA: { requestObjectSigningAlgValues: ["ES256"], clientAuthSigningAlgValues: ["ES256"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    pkce: { required: () => true },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    renderError: (context, { error }) => { context.type = "text/plain"; context.body = error; },
    features: {
      devInteractions: { enabled: false }, clientCredentials: { enabled: true }, deviceFlow: { enabled: true }, dPoP: { enabled: true },
      introspection: { enabled: true, allowedPolicy: (_, client, token) => token.clientId === client.clientId },
      pushedAuthorizationRequests: { enabled: true }, requestObjects: { enabled: true }, claimsParameter: { enabled: true },
      resourceIndicators: {
        enabled: true, useGrantedResource: () => true,
        getResourceServerInfo: (_, resource) => {
          if (!resources.includes(resource)) throw new errors.InvalidTarget();
          return { scope: "order", audience: resource, accessTokenFormat: "jwt", accessTokenTTL: 300 };
        },
      },
      revocation: { enabled: true, allowedPolicy: (_, client, token) => token.clientId === client.clientId }, userinfo: { enabled: true },
    },
  });

  async function agree(request, response) {
    const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
    let result = { login: { accountId: "ada" } };
    if (prompt.name === "consent") {
      const grant = grantId ? await provider.Grant.find(grantId) : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
      grant.addOIDCScope(params.scope);
      for (const resource of [params.resource ?? []].flat()) grant.addResourceScope(resource, "order");
      result = { consent: { grantId: await grant.save() } };
    }
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
  }

  const answer = provider.callback();
  const server = http.createServer((request, response) => {
    if (!request.url.startsWith("/interaction/")) return answer(request, response);
    return agree(request, response).catch((failure) => response.writeHead(500).end(String(failure)));
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { issuer, port, close: () => { server.closeAllConnections(); return new Promise((resolve) => server.close(resolve)); } };
}
