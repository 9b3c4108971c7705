// `oauth4webapi` with what it is told each time: plain HTTP on loopback, discovery, and one call for each step of the flow.

import assert from "node:assert/strict";
import * as oauth from "oauth4webapi";
import { walk } from "./foreign.mjs";

/** Lets the library speak HTTP, which it refuses by default. */
export const plain = { [oauth.allowInsecureRequests]: true };

/** Options for a fetch of one's own, where it needs certificates. */
const by = (fetch) => (fetch ? { [oauth.customFetch]: fetch } : {});

/** The server's metadata, by discovery. `algorithm` is "oidc" or "oauth2". */
export async function discover(issuer, algorithm = "oidc", fetch = undefined) {
  const url = new URL(issuer);
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, { algorithm, ...plain, ...by(fetch) }));
}

/** Asks, and asks again with the nonce when the server wants one in the proof, as the library's documentation has it. */
async function withNonce(ask) {
  try {
    return await ask();
  } catch (failure) {
    if (!oauth.isDPoPNonceError(failure)) throw failure;
    return ask();
  }
}

/** The error code in an answer: some refusals come as a challenge, of which the library reads the header alone. */
export async function errorOf(refusal) {
  return refusal.error ?? (await refusal.response?.json().catch(() => ({})))?.error ?? String(refusal);
}

/** Expects that something is refused with one of these errors. */
export async function refused(promise, ...errors) {
  const refusal = await promise.then((value) => assert.fail(`it was not refused: ${JSON.stringify(value)}`), (failure) => failure);
  if (refusal instanceof assert.AssertionError) throw refusal;
  const error = await errorOf(refusal);
  assert.ok(errors.includes(error), `${errors.join(" or ")} was expected, and it is ${error}: ${refusal.error_description ?? refusal.stack}`);
}

/** One application: how it proves itself, and the key that its tokens are bound to, if they are. */
export class App {
  constructor(as, { id, auth, redirectUri, keys, visitor, more, fetch }) {
    Object.assign(this, { as, auth, redirectUri, visitor });
    this.client = { client_id: id, ...more };
    this.plain = { ...plain, ...by(fetch) };
    this.options = { ...this.plain };
    if (keys) this.options.DPoP = oauth.DPoP(this.client, keys);
  }

  /** A fresh request: its parameters, and what must match later. */
  async request(more = {}) {
    const verifier = oauth.generateRandomCodeVerifier();
    const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
    const params = new URLSearchParams({
      client_id: this.client.client_id, redirect_uri: this.redirectUri, response_type: "code", scope: "openid", state, nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256", ...more,
    });
    return { params, verifier, state, nonce };
  }

  /** Pushes parameters; resolves with the request URI. */
  push(params) {
    return withNonce(async () => {
      const response = await oauth.pushedAuthorizationRequest(this.as, this.client, this.auth, params, this.options);
      return (await oauth.processPushedAuthorizationResponse(this.as, this.client, response)).request_uri;
    });
  }

  /** Where the browser is sent with these parameters. */
  address(params) {
    const url = new URL(this.as.authorization_endpoint);
    for (const [name, value] of params) url.searchParams.append(name, value);
    return url;
  }

  /** The address of a request that was pushed. */
  pushedAddress(requestUri) {
    return this.address(new URLSearchParams({ client_id: this.client.client_id, request_uri: requestUri }));
  }

  /** Sends the browser, and checks the answer as the library does. */
  async answer(url, state) {
    return oauth.validateAuthResponse(this.as, this.client, await walk(this.visitor, url), state);
  }

  /** Redeems a checked answer. */
  redeem(answer, { verifier, nonce }, options = {}) {
    return withNonce(async () => {
      const response = await oauth.authorizationCodeGrantRequest(
        this.as, this.client, this.auth, answer, this.redirectUri, verifier, { ...this.options, ...options },
      );
      const tokens = await oauth.processAuthorizationCodeResponse(this.as, this.client, response, { expectedNonce: nonce, requireIdToken: true });
      await oauth.validateApplicationLevelSignature(this.as, response, this.plain);
      return tokens;
    });
  }

  /** The whole flow. */
  async tokens(more = {}, { pushed = false, ...options } = {}) {
    const request = await this.request(more);
    const url = pushed ? this.pushedAddress(await this.push(request.params)) : this.address(request.params);
    return this.redeem(await this.answer(url, request.state), request, options);
  }

  /** With `once` a demand for a nonce is an error like any other. */
  refresh(token, more = {}, { once = false, ...options } = {}) {
    const ask = async () => {
      const response = await oauth.refreshTokenGrantRequest(
        this.as, this.client, this.auth, token, { ...this.options, additionalParameters: more, ...options },
      );
      return oauth.processRefreshTokenResponse(this.as, this.client, response);
    };
    return once ? ask() : withNonce(ask);
  }

  /** With `once` a demand for a nonce is an error like any other. */
  userinfo(token, subject, { once = false, ...options } = {}) {
    const ask = async () => {
      const response = await oauth.userInfoRequest(this.as, this.client, token, { ...this.options, ...options });
      return oauth.processUserInfoResponse(this.as, this.client, subject, response);
    };
    return once ? ask() : withNonce(ask);
  }

  own(parameters, options = {}) {
    return withNonce(async () => {
      const response = await oauth.clientCredentialsGrantRequest(this.as, this.client, this.auth, parameters, { ...this.options, ...options });
      return oauth.processClientCredentialsResponse(this.as, this.client, response);
    });
  }

  async introspect(token, options = {}) {
    const response = await oauth.introspectionRequest(this.as, this.client, this.auth, token, { ...this.plain, ...options });
    const told = await oauth.processIntrospectionResponse(this.as, this.client, response);
    if (options.requestJwtResponse) await oauth.validateApplicationLevelSignature(this.as, response, this.plain);
    return told;
  }

  async revoke(token, options = {}) {
    return oauth.processRevocationResponse(await oauth.revocationRequest(this.as, this.client, this.auth, token, { ...this.plain, ...options }));
  }
}
