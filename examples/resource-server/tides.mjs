// The API itself: tides may be read by many, and a sluice is moved only by somebody who has shown a passkey a moment ago.

import http from "node:http";
import { Refused, TokenCheck } from "./access.mjs";

/** What each route asks of a token. `acr_values`: one of these; `max_age`: seconds since the person signed in (RFC 9470 §4). */
const ROUTES = {
  "GET /tides": { scope: "tides.read", answer: () => ({ high: "06:12", low: "12:25" }) },
  "POST /sluice": {
    scope: "sluice.move", acr_values: ["phr"], max_age: 300,
    answer: ({ sub }) => ({ sluice: "open", moved_by: sub }),
  },
};

/** A server for the API that is known as `resource`, with tokens of `issuer`. `now` gives milliseconds. */
export function tideTables({ issuer, resource, keys, now = Date.now }) {
  const metadata = `${resource}/.well-known/oauth-protected-resource`;
  const check = new TokenCheck({ issuer, resource, keys, now });

  async function answer(request) {
    const path = request.url.split("?")[0];
    if (request.method === "GET" && path === "/.well-known/oauth-protected-resource") return describe(issuer, resource);
    const route = ROUTES[`${request.method} ${path}`];
    if (!route) throw new Refused(404);
    return route.answer(await check.admit(request, route));
  }

  return http.createServer((request, response) => {
    request.resume(); // no route reads a body
    answer(request).then(
      (body) => response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-store" }).end(JSON.stringify(body)),
      (error) => refuse(request, response, error, metadata),
    );
  });
}

/** RFC 9728 §2: from this a client that knows only the API's address finds everything else. */
const describe = (issuer, resource) => ({
  resource,
  authorization_servers: [issuer],
  scopes_supported: Object.values(ROUTES).map(({ scope }) => scope),
  bearer_methods_supported: ["header"],
  dpop_signing_alg_values_supported: TokenCheck.proofAlgorithms,
  resource_name: "Tide tables",
});

/** RFC 9728 §5.1: each challenge says where the metadata is. It names the scheme that was used; a request without one hears of both. */
function refuse(request, response, error, metadata) {
  if (!(error instanceof Refused)) console.error("a check could not be made:", error.message);
  const { status, challenge } = error instanceof Refused ? error : new Refused(503);
  const headers = { "Cache-Control": "no-store" };
  if (challenge) {
    const used = request.headers.authorization?.split(" ")[0].toLowerCase();
    const schemes = { DPoP: { algs: TokenCheck.proofAlgorithms.join(" ") }, Bearer: {} };
    const named = Object.keys(schemes).filter((scheme) => scheme.toLowerCase() === used);
    headers["WWW-Authenticate"] = (named.length ? named : Object.keys(schemes)).map((scheme) => {
      const members = { ...challenge, ...schemes[scheme], resource_metadata: metadata };
      return `${scheme} ${Object.entries(members).map(([name, value]) => `${name}="${value}"`).join(", ")}`;
    });
  }
  response.writeHead(status, headers).end();
}
