// Bad requests that any authorization server can be sent: the reference and Lockgate get the same ones. Each resolves with an answer, of
// which reference.test.mjs compares what a program would go by.

import * as jose from "jose";
import { form, send } from "../lib/http.mjs";
import { redirect } from "../lib/foreign.mjs";
import { basic, pkce } from "../lib/oauth.mjs";

export const ORDERS = "https://orders.example.org";
const GRANTS = {
  device: "urn:ietf:params:oauth:grant-type:device_code", jwt: "urn:ietf:params:oauth:grant-type:jwt-bearer",
};
const ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const FORM = { "Content-Type": "application/x-www-form-urlencoded" };

/** One server under these probes: its addresses, the secrets of its applications, and a browser whose person is signed in. */
export class Target {
  constructor({ metadata, port, secrets, key, browser, stranger }) {
    Object.assign(this, { metadata, port, secrets, key, browser, stranger });
  }

  #path(endpoint) {
    const { pathname } = new URL(this.metadata[endpoint]);
    return pathname;
  }

  /** Sends a browser, and follows what stays at the server. Resolves with the first answer that does not. */
  async visit(query, { who = this.browser } = {}) {
    let answer = await who.get(`${this.#path("authorization_endpoint")}?${typeof query === "string" ? query : form(query)}`);
    for (let steps = 0; steps < 10 && answer.location !== undefined; steps += 1) {
      const to = new URL(answer.location, who.origin);
      if (to.origin !== who.origin) return answer;
      answer = await who.get(to.pathname + to.search);
    }
    return answer;
  }

  /** Parameters of an honest request, changed; `undefined` leaves one out. */
  request(more = {}) {
    this.pair = pkce();
    return {
      client_id: "web", redirect_uri: redirect("web"), response_type: "code", scope: "openid", state: "s", nonce: "n",
      code_challenge: this.pair.challenge, code_challenge_method: "S256", ...more,
    };
  }

  authorize(more, options) {
    return this.visit(this.request(more), options);
  }

  /** Posts a form to an endpoint as `client`; `headers` may replace its credentials. */
  post(endpoint, fields, { client = "web", headers } = {}) {
    const credentials = client ? { Authorization: basic(client, this.secrets[client]) } : {};
    return send({
      port: this.port, method: "POST", path: this.#path(endpoint), body: typeof fields === "string" ? fields : form(fields), headers: { ...FORM, ...(headers ?? credentials) },
    });
  }

  token(fields, options) {
    return this.post("token_endpoint", fields, options);
  }

  get(endpoint, headers = {}) {
    return send({ port: this.port, path: this.#path(endpoint), headers });
  }

  /** A code of the application `web`, with what its redemption says. */
  async code(more) {
    const answer = await this.authorize(more);
    const code = new URL(answer.location ?? "about:blank").searchParams.get("code");
    if (!code) throw new Error(`no code from ${this.metadata.issuer}: ${answer.status} ${answer.location} ${answer.text.slice(0, 500)}`);
    return { grant_type: "authorization_code", code, code_verifier: this.pair.verifier, redirect_uri: redirect("web") };
  }

  async tokens(more) {
    const answer = await this.token(await this.code(more));
    if (answer.status !== 200) throw new Error(`no tokens from ${this.metadata.issuer}: ${answer.text}`);
    return answer.json;
  }

  /** A client assertion of the application `keyed`. */
  assertion(claims = {}, key = this.key.key) {
    const now = Math.floor(Date.now() / 1000);
    const all = { iss: "keyed", sub: "keyed", aud: this.metadata.issuer, iat: now, exp: now + 60, jti: crypto.randomUUID(), ...claims };
    return new jose.SignJWT(JSON.parse(JSON.stringify(all))).setProtectedHeader({ alg: "ES256", kid: this.key.kid }).sign(key);
  }

  async byAssertion(fields, assertion) {
    return this.token({ client_id: "keyed", client_assertion_type: ASSERTION, client_assertion: assertion, ...fields }, { client: null });
  }
}

const bearer = (token) => ({ Authorization: `Bearer ${token}` });
const own = { grant_type: "client_credentials" };

/** name → what is asked. */
export const PROBES = {
  // The authorization endpoint
  "authorize: an honest request": (t) => t.authorize(),
  "authorize: no client": (t) => t.authorize({ client_id: undefined }),
  "authorize: an unknown client": (t) => t.authorize({ client_id: "nobody" }),
  "authorize: a redirect that is not registered": (t) => t.authorize({ redirect_uri: "https://evil.example/callback" }),
  "authorize: a redirect with something appended": (t) => t.authorize({ redirect_uri: `${redirect("web")}/more` }),
  "authorize: no response type": (t) => t.authorize({ response_type: undefined }),
  "authorize: an unknown response type": (t) => t.authorize({ response_type: "tide" }),
  "authorize: the implicit response type": (t) => t.authorize({ response_type: "token" }),
  "authorize: a hybrid response type": (t) => t.authorize({ response_type: "code id_token" }),
  "authorize: no challenge": (t) => t.authorize({ code_challenge: undefined, code_challenge_method: undefined }),
  "authorize: a challenge without its method": (t) => t.authorize({ code_challenge_method: undefined }),
  "authorize: a method without its challenge": (t) => t.authorize({ code_challenge: undefined }),
  "authorize: the plain method": (t) => t.authorize({ code_challenge_method: "plain" }),
  "authorize: a challenge that is too short": (t) => t.authorize({ code_challenge: "abc" }),
  "authorize: a scope that nobody has": (t) => t.authorize({ scope: "openid tide" }),
  "authorize: a scope that this client may not have": (t) => t.authorize({ scope: "openid order" }),
  "authorize: a response mode that nobody has": (t) => t.authorize({ response_mode: "tide" }),
  "authorize: the fragment mode": (t) => t.authorize({ response_mode: "fragment" }),
  "authorize: prompt none, and nobody is signed in": (t) => t.authorize({ prompt: "none" }, { who: t.stranger() }),
  "authorize: prompt none beside login": (t) => t.authorize({ prompt: "none login" }),
  "authorize: a prompt that nobody has": (t) => t.authorize({ prompt: "tide" }),
  "authorize: a max_age below nothing": (t) => t.authorize({ max_age: "-1" }),
  "authorize: a max_age that is no number": (t) => t.authorize({ max_age: "soon" }),
  "authorize: an id_token_hint that is none": (t) => t.authorize({ id_token_hint: "x.y.z" }),
  "authorize: claims that are no JSON": (t) => t.authorize({ claims: "{" }),
  "authorize: claims that are a list": (t) => t.authorize({ claims: "[]" }),
  "authorize: a request object that is none": (t) => t.authorize({ request: "x.y.z" }),
  "authorize: a request object that nobody signed": async (t) => t.authorize({
    request: new jose.UnsecuredJWT({ client_id: "web", iss: "web", aud: t.metadata.issuer }).encode(),
  }),
  "authorize: a request by an address on the web": (t) => t.authorize({ request_uri: "https://web.example.org/request" }),
  "authorize: a pushed request that nobody pushed": (t) => t.authorize({ request_uri: "urn:ietf:params:oauth:request_uri:nobody" }),
  "authorize: a request object and a request address": (t) => t.authorize({ request: "x.y.z", request_uri: "urn:ietf:params:oauth:request_uri:nobody" }),
  "authorize: a registration in the request": (t) => t.authorize({ registration: "{}" }),
  "authorize: a resource that this client may not name": (t) => t.authorize({ resource: "https://elsewhere.example.org" }),
  "authorize: a resource with a fragment": (t) => t.authorize({ resource: `${ORDERS}#part` }),
  "authorize: a resource that is no address": (t) => t.authorize({ resource: "orders" }),
  "authorize: the state twice": (t) => t.visit(`${form(t.request())}&state=t`),
  "authorize: the client twice": (t) => t.visit(`${form(t.request())}&client_id=web`),
  "authorize: the scope twice": (t) => t.visit(`${form(t.request())}&scope=openid`),

  // Who asks at the token endpoint
  "token: an honest code": async (t) => t.token(await t.code()),
  "token: nothing at all": (t) => t.token(""),
  "token: a body that is JSON": (t) => t.token(JSON.stringify(own), { headers: { "Content-Type": "application/json", Authorization: basic("web", t.secrets.web) } }),
  "token: no grant type": (t) => t.token({ code: "x" }),
  "token: a grant that nobody has": (t) => t.token({ grant_type: "tide" }),
  "token: the password grant": (t) => t.token({ grant_type: "password", username: "ada", password: "x" }),
  "token: an assertion grant": (t) => t.token({ grant_type: GRANTS.jwt, assertion: "x.y.z" }),
  "token: the grant type twice": (t) => t.token("grant_type=client_credentials&grant_type=client_credentials", { client: "service" }),
  "token: a grant that this client may not use": (t) => t.token(own),
  "token: no client": (t) => t.token({ grant_type: "refresh_token", refresh_token: "x" }, { client: null }),
  "token: an unknown client": (t) => t.token(own, { headers: { Authorization: basic("nobody", "x".repeat(43)) } }),
  "token: a wrong secret in the header": (t) => t.token(own, { headers: { Authorization: basic("service", "x".repeat(43)) } }),
  "token: a wrong secret in the body": (t) => t.token({ ...own, client_id: "service", client_secret: "x".repeat(43) }, { client: null }),
  "token: the right secret in the wrong place": (t) => t.token({ ...own, client_id: "service", client_secret: t.secrets.service }, { client: null }),
  "token: the secret in two places": (t) => t.token({ ...own, client_id: "service", client_secret: t.secrets.service }, { client: "service" }),
  "token: another client in the body": (t) => t.token({ ...own, client_id: "web" }, { client: "service" }),
  "token: no secret where one is due": (t) => t.token({ ...own, client_id: "service" }, { client: null }),
  "token: a header that is no Basic": (t) => t.token(own, { headers: { Authorization: "Basic !!!!" } }),
  "token: an assertion that is none": (t) => t.byAssertion(own, "x.y.z"),
  "token: an honest assertion": async (t) => t.byAssertion(own, await t.assertion()),
  "token: an assertion for somebody else": async (t) => t.byAssertion(own, await t.assertion({ aud: "https://evil.example" })),
  "token: an assertion for the token endpoint": async (t) => t.byAssertion(own, await t.assertion({ aud: t.metadata.token_endpoint })),
  "token: an assertion by somebody else": async (t) => t.byAssertion(own, await t.assertion({ iss: "web" })),
  "token: an assertion that is over": async (t) => t.byAssertion(own, await t.assertion({ exp: Math.floor(Date.now() / 1000) - 120 })),
  "token: an assertion without an end": async (t) => t.byAssertion(own, await t.assertion({ exp: undefined })),
  "token: an assertion without an id": async (t) => t.byAssertion(own, await t.assertion({ jti: undefined })),
  "token: an assertion by another key": async (t) => t.byAssertion(own, await t.assertion({}, (await jose.generateKeyPair("ES256")).privateKey)),
  "token: an assertion of another kind": async (t) => t.byAssertion({ ...own, client_assertion_type: "urn:tide" }, await t.assertion()),
  "token: an assertion without its kind": async (t) => t.token({ ...own, client_id: "keyed", client_assertion: await t.assertion() }, { client: null }),
  "token: an assertion twice": async (t) => { const one = await t.assertion(); await t.byAssertion(own, one); return t.byAssertion(own, one); },

  // What they ask for
  "code: none": (t) => t.token({ grant_type: "authorization_code", redirect_uri: redirect("web"), code_verifier: pkce().verifier }),
  "code: that nobody issued": (t) => t.token({ grant_type: "authorization_code", code: "x".repeat(43), redirect_uri: redirect("web"), code_verifier: pkce().verifier }),
  "code: of another client": async (t) => t.token(await t.code(), { client: "post-like" }),
  "code: twice": async (t) => { const code = await t.code(); await t.token(code); return t.token(code); },
  "code: another verifier": async (t) => t.token({ ...await t.code(), code_verifier: pkce().verifier }),
  "code: no verifier": async (t) => t.token({ ...await t.code(), code_verifier: undefined }),
  "code: a verifier that is too short": async (t) => t.token({ ...await t.code(), code_verifier: "abc" }),
  "code: another redirect": async (t) => t.token({ ...await t.code(), redirect_uri: "https://evil.example/callback" }),
  "code: no redirect": async (t) => t.token({ ...await t.code(), redirect_uri: undefined }),
  "code: a resource that was not granted": async (t) => t.token({ ...await t.code(), resource: "https://elsewhere.example.org" }),
  "refresh: none": (t) => t.token({ grant_type: "refresh_token" }),
  "refresh: that nobody issued": (t) => t.token({ grant_type: "refresh_token", refresh_token: "x".repeat(43) }),
  "refresh: of another client": async (t) => t.token({ grant_type: "refresh_token", refresh_token: (await t.tokens()).refresh_token }, { client: "post-like" }),
  "refresh: a wider scope": async (t) => t.token({ grant_type: "refresh_token", refresh_token: (await t.tokens()).refresh_token, scope: "openid offline_access" }),
  "refresh: an empty scope": async (t) => t.token({ grant_type: "refresh_token", refresh_token: (await t.tokens()).refresh_token, scope: "" }),
  "refresh: twice, with its successor used": async (t) => {
    const { refresh_token: first } = await t.tokens();
    const second = (await t.token({ grant_type: "refresh_token", refresh_token: first })).json.refresh_token;
    await t.token({ grant_type: "refresh_token", refresh_token: second });
    return t.token({ grant_type: "refresh_token", refresh_token: first });
  },
  "own: a scope that this client may not have": (t) => t.token({ ...own, scope: "openid" }, { client: "service" }),
  "own: a scope that nobody has": (t) => t.token({ ...own, scope: "tide" }, { client: "service" }),
  "own: a resource that this client may not name": (t) => t.token({ ...own, resource: "https://elsewhere.example.org" }, { client: "service" }),
  "device: a code that nobody issued": (t) => t.token({ grant_type: GRANTS.device, device_code: "x".repeat(43), client_id: "kiosk" }, { client: null }),
  "device: no code": (t) => t.token({ grant_type: GRANTS.device, client_id: "kiosk" }, { client: null }),
  "device: not answered yet": async (t) => {
    const { device_code: code } = (await t.post("device_authorization_endpoint", { client_id: "kiosk", scope: "openid" }, { client: null })).json;
    return t.token({ grant_type: GRANTS.device, device_code: code, client_id: "kiosk" }, { client: null });
  },
  "device: begun by a client that may not": (t) => t.post("device_authorization_endpoint", { scope: "openid" }),
  "device: begun by nobody": (t) => t.post("device_authorization_endpoint", { scope: "openid" }, { client: null }),
  "device: begun by an unknown client": (t) => t.post("device_authorization_endpoint", { client_id: "nobody" }, { client: null }),
  "DPoP: a proof that is none": (t) => t.token(own, { headers: { Authorization: basic("service", t.secrets.service), DPoP: "x.y.z" } }),
  "DPoP: none from a client that must": async (t) => t.token({ ...own }, { client: "bound" }),

  // The other endpoints
  "par: an honest request": (t) => t.post("pushed_authorization_request_endpoint", t.request()),
  "par: nobody": (t) => t.post("pushed_authorization_request_endpoint", t.request({ client_id: undefined }), { client: null }),
  "par: no secret": (t) => t.post("pushed_authorization_request_endpoint", t.request(), { client: null }),
  "par: another client inside": (t) => t.post("pushed_authorization_request_endpoint", t.request({ client_id: "post-like" })),
  "par: a redirect that is not registered": (t) => t.post("pushed_authorization_request_endpoint", t.request({ redirect_uri: "https://evil.example/" })),
  "par: no challenge": (t) => t.post("pushed_authorization_request_endpoint", t.request({ code_challenge: undefined, code_challenge_method: undefined })),
  "par: the implicit response type": (t) => t.post("pushed_authorization_request_endpoint", t.request({ response_type: "token" })),
  "par: a request address": (t) => t.post("pushed_authorization_request_endpoint", t.request({ request_uri: "urn:ietf:params:oauth:request_uri:nobody" })),
  "par: a request object that is none": (t) => t.post("pushed_authorization_request_endpoint", { client_id: "web", request: "x.y.z" }),
  "introspection: nobody": (t) => t.post("introspection_endpoint", { token: "x" }, { client: null }),
  "introspection: a wrong secret": (t) => t.post("introspection_endpoint", { token: "x" }, { headers: { Authorization: basic("web", "x".repeat(43)) } }),
  "introspection: no token": (t) => t.post("introspection_endpoint", {}),
  "introspection: a token that nobody issued": (t) => t.post("introspection_endpoint", { token: "x" }),
  "introspection: a token of another client": async (t) => t.post("introspection_endpoint", { token: (await t.tokens()).access_token }, { client: "post-like" }),
  "revocation: nobody": (t) => t.post("revocation_endpoint", { token: "x" }, { client: null }),
  "revocation: no token": (t) => t.post("revocation_endpoint", {}),
  "revocation: a token that nobody issued": (t) => t.post("revocation_endpoint", { token: "x" }),
  "revocation: a token of another client": async (t) => t.post("revocation_endpoint", { token: (await t.tokens()).refresh_token }, { client: "post-like" }),
  "revocation: a kind of token that nobody has": (t) => t.post("revocation_endpoint", { token: "x", token_type_hint: "tide" }),
  "userinfo: no token": (t) => t.get("userinfo_endpoint"),
  "userinfo: a token that nobody issued": (t) => t.get("userinfo_endpoint", bearer("x.y.z")),
  "userinfo: a token of a client for itself": async (t) => t.get("userinfo_endpoint", bearer((await t.token(own, { client: "service" })).json.access_token)),
  "userinfo: a refresh token": async (t) => t.get("userinfo_endpoint", bearer((await t.tokens()).refresh_token)),
  "userinfo: a bearer token under DPoP": async (t) => t.get("userinfo_endpoint", { Authorization: `DPoP ${(await t.tokens()).access_token}` }),
};
