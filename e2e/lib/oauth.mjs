// The client's part of the code flow, by hand: for tests that must send what no client library would.

import { createHash, randomBytes } from "node:crypto";
import { form, send } from "./http.mjs";

/** A PKCE pair (RFC 7636 §4). */
export function pkce() {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

/** Parameters of an honest authorization request. */
export function authorizeParams({ client, redirectUri, scope = "openid", challenge = pkce().challenge, ...more }) {
  return {
    response_type: "code", client_id: client, redirect_uri: redirectUri, scope, state: randomBytes(8).toString("hex"),
    code_challenge: challenge, code_challenge_method: "S256", ...more,
  };
}

/** `Authorization: Basic` of a client (RFC 6749 §2.3.1). */
export const basic = (client, secret) =>
  `Basic ${Buffer.from(`${encodeURIComponent(client)}:${encodeURIComponent(secret)}`).toString("base64")}`;

/** A client that talks to the token endpoint. Without a secret it is a public one. */
export class Client {
  constructor(port, { id, secret, redirectUri, agent }) {
    Object.assign(this, { port, id, secret, redirectUri, agent });
  }

  /** Posts to the token endpoint; `fields` may override everything. */
  token(fields, headers = {}) {
    const authentication = this.secret ? { Authorization: basic(this.id, this.secret) } : {};
    const identity = this.secret ? {} : { client_id: this.id };
    return send({
      port: this.port, method: "POST", path: "/token", agent: this.agent, body: form({ ...identity, ...fields }),
      headers: { "Content-Type": "application/x-www-form-urlencoded", ...authentication, ...headers },
    });
  }

  /** Asks for a code in the visitor's session. Returns what its redemption needs. */
  async code(visitor, more = {}) {
    const { verifier, challenge } = pkce();
    const answer = await visitor.authorize(authorizeParams({ client: this.id, redirectUri: this.redirectUri, challenge, ...more }));
    const code = answer.get("code");
    if (!code) throw new Error(`no code: ${answer}`);
    return { code, verifier };
  }

  redeem({ code, verifier }) {
    return this.token({ grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: this.redirectUri });
  }

  refresh(refreshToken) {
    return this.token({ grant_type: "refresh_token", refresh_token: refreshToken });
  }
}
