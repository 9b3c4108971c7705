// An application's end of a sign-in in a real browser: an address on this machine that notes what arrives.

import http from "node:http";
import { form } from "./http.mjs";
import { Client, authorizeParams, pkce } from "./oauth.mjs";

/** Listens at a redirect address; `arrived` are the addresses that browsers came with. */
export async function listening() {
  const application = { arrived: [] };
  const server = http.createServer((request, response) => {
    const url = new URL(request.url, application.redirectUri);
    if (url.pathname === "/callback") application.arrived.push(url);
    response.writeHead(200, { "Content-Type": "text/html" }).end('<!doctype html><html lang="en"><title>Arrived</title><link rel="icon" href="data:,"><h1>Arrived</h1>');
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  application.origin = `http://127.0.0.1:${server.address().port}`;
  application.redirectUri = `${application.origin}/callback`;
  application.close = () => { server.closeAllConnections(); return new Promise((resolve) => server.close(resolve)); };
  return application;
}

/** One request of a client at `lock`: the address to open, and what comes of the answer. */
export class Request {
  constructor(lock, id, redirectUri, more = {}) {
    const { verifier, challenge } = pkce();
    this.verifier = verifier;
    this.client = new Client(lock.port, { id, secret: lock.secrets[id], redirectUri });
    this.url = `${lock.issuer}/authorize?${form(authorizeParams({ client: id, redirectUri, challenge, ...more }))}`;
  }

  /** Redeems the answer that a browser came with. */
  redeem(arrived) {
    return this.client.redeem({ code: arrived.searchParams.get("code"), verifier: this.verifier });
  }
}

/** The claims of a token, unverified. */
export const claims = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
