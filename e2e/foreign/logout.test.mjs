// Signing out: `openid-client` sends people here to sign out, and a receiver gets the logout tokens that its application would get.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as jose from "jose";
import * as oidc from "openid-client";
import { Visitor } from "../lib/http.mjs";
import { formOf, receiver, redirect, signIn, walk, web, world } from "../lib/foreign.mjs";
import { until } from "../lib/server.mjs";

const AFTER = "https://shop.example.org/goodbye";
const EVENT = "http://schemas.openid.net/event/backchannel-logout";

let lock, visitor, passkey, close, clients, ears;

before(async () => {
  ears = { shop: await receiver(), desk: await receiver() };
  clients = [
    web("shop", {
      post_logout_redirect_uris: [AFTER, `${AFTER}?from=lockgate`], backchannel_logout_uri: `${ears.shop.origin}/back-channel`, backchannel_logout_session_required: true,
    }),
    web("desk", { backchannel_logout_uri: `${ears.desk.origin}/bye` }),
    web("quiet"),
  ];
  ({ lock, visitor, passkey, close } = await world({ clients }));
});
after(async () => {
  await close?.();
  for (const ear of Object.values(ears ?? {})) await ear.close();
});

const discovered = (id) => oidc.discovery(new URL(lock.issuer), id, {},
  oidc.ClientSecretBasic(clients.find(({ client_id: one }) => one === id).client_secret), { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] });

async function tokens(id, by = visitor) {
  const config = await discovered(id);
  const [verifier, state] = [oidc.randomPKCECodeVerifier(), oidc.randomState()];
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirect(id), scope: "openid", state, code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256",
  });
  const granted = await oidc.authorizationCodeGrant(config, await walk(by, url), { pkceCodeVerifier: verifier, expectedState: state });
  return { config, granted, claims: granted.claims() };
}

const isSignedIn = async (who) => (await who.get("/account")).status === 200;
async function signedIn() {
  if (!await isSignedIn(visitor)) await signIn(visitor, passkey);
}

/** A logout token, checked as OpenID Connect Back-Channel Logout 1.0 §2.6 has it. */
async function logoutToken(post, id) {
  assert.equal(post.method, "POST");
  assert.match(post.headers["content-type"], /^application\/x-www-form-urlencoded/);
  const form = new URLSearchParams(post.text);
  assert.deepEqual([...form.keys()], ["logout_token"]);
  const keys = jose.createRemoteJWKSet(new URL(`${lock.issuer}/jwks.json`));
  const { payload } = await jose.jwtVerify(form.get("logout_token"), keys, {
    issuer: lock.issuer, audience: id, typ: "logout+jwt", algorithms: ["ES256"], requiredClaims: ["iat", "exp", "jti", "events"],
  });
  assert.deepEqual(payload.events, { [EVENT]: {} });
  assert.equal(payload.nonce, undefined, "§2.4: no nonce");
  assert.ok(payload.exp - payload.iat <= 120, "§4: two minutes at most");
  return payload;
}

test("signing out at an application ends the session, and tells every application that was opened with it", async () => {
  await signedIn();
  const shop = await tokens("shop");
  const desk = await tokens("desk");
  const quiet = await tokens("quiet");
  assert.ok(shop.claims.sid && desk.claims.sid, "ID tokens name no session");
  assert.notEqual(shop.claims.sid, desk.claims.sid, "two applications can compare sessions");

  const state = oidc.randomState();
  const url = oidc.buildEndSessionUrl(shop.config, { post_logout_redirect_uri: AFTER, id_token_hint: shop.granted.id_token, state });
  const back = await visitor.get(url.pathname + url.search);
  assert.equal(back.status, 303, back.text.slice(0, 1500));
  assert.equal(back.location, `${AFTER}?state=${state}`);
  assert.equal(await isSignedIn(visitor), false, "the session goes on");

  const told = await logoutToken(await ears.shop.seen(), "shop");
  assert.deepEqual([told.sid, told.sub], [shop.claims.sid, shop.claims.sub]);
  const toldDesk = await logoutToken(await ears.desk.seen(), "desk");
  assert.deepEqual([toldDesk.sid, toldDesk.sub], [desk.claims.sid, desk.claims.sub]);
  assert.notEqual(told.jti, toldDesk.jti);
  // What hung on the session ends with it, whether its application was told or not.
  for (const { config, granted } of [shop, quiet]) {
    await assert.rejects(oidc.refreshTokenGrant(config, granted.refresh_token), { error: "invalid_grant" });
  }
});

test("signing out at Lockgate tells the applications as well", async () => {
  await signedIn();
  const desk = await tokens("desk");
  await visitor.form("/sign-out", {});
  assert.equal((await logoutToken(await ears.desk.seen(), "desk")).sid, desk.claims.sid);
});

test("a receiver that fails at first is asked again", async () => {
  let failures = 1;
  const deaf = await receiver((_, response) => response.writeHead(failures-- > 0 ? 503 : 200).end());
  try {
    await signedIn();
    const file = clients.find(({ client_id: id }) => id === "desk");
    lock.run(["client", "set", "desk", "--backchannel-uri", `${deaf.origin}/bye`, "--config", lock.config]);
    await tokens("desk");
    await visitor.form("/sign-out", {});
    const [first, second] = [await deaf.seen(), await deaf.seen(60_000)];
    await logoutToken(second, "desk");
    assert.equal(first.path, second.path);
    lock.run(["client", "set", "desk", "--backchannel-uri", file.backchannel_logout_uri, "--config", lock.config]);
  } finally {
    await deaf.close();
  }
});

test("addresses that were not registered, hints of another, and no hint at all", async () => {
  await signedIn();
  const shop = await tokens("shop");
  const end = async (parameters, who = visitor) => {
    const url = oidc.buildEndSessionUrl(shop.config, parameters);
    return who.get(url.pathname + url.search);
  };
  const hint = shop.granted.id_token;
  for (const uri of ["https://evil.example/", `${AFTER}/`, `${AFTER}?from=elsewhere`, "https://shop.example.org/callback", `https://shop.example.org\\@evil.example/`]) {
    const answer = await end({ post_logout_redirect_uri: uri, id_token_hint: hint });
    assert.equal(answer.location, undefined, `${uri}: led to ${answer.location}`);
    assert.ok(await isSignedIn(visitor), `${uri}: signed out on the way to nowhere`);
  }
  const [header, , signature] = hint.split(".");
  const forged = [header, Buffer.from(JSON.stringify({ ...shop.claims, sub: "another" })).toString("base64url"), signature].join(".");
  assert.equal((await end({ post_logout_redirect_uri: AFTER, id_token_hint: forged })).location, undefined, "a forged hint");
  assert.ok(await isSignedIn(visitor));

  // Without a hint nobody knows who sent the person: they are asked (RP-Initiated Logout 1.0 §2).
  const asked = await end({ post_logout_redirect_uri: AFTER, state: "s" });
  assert.equal(asked.status, 200, asked.text.slice(0, 1000));
  const { action, fields } = formOf(asked.text, "/logout/answer");
  const elsewhere = await visitor.form(action, { ...fields, answer: "sign_out" }, { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" });
  assert.ok(elsewhere.status >= 400 && await isSignedIn(visitor), "another site signed the person out");
  await visitor.form(action, { ...fields, answer: "stay" });
  assert.ok(await isSignedIn(visitor), "they chose to stay");
  const again = formOf((await end({ post_logout_redirect_uri: AFTER, state: "s" })).text, "/logout/answer");
  assert.equal((await visitor.form(again.action, { ...again.fields, answer: "sign_out" })).location, `${AFTER}?state=s`);
  await until("the end of the session", async () => !await isSignedIn(visitor));
  await logoutToken(await ears.shop.seen(), "shop");

  const stranger = new Visitor(lock.port);
  const answer = await end({ post_logout_redirect_uri: `${AFTER}?from=lockgate`, id_token_hint: hint, state: "s" }, stranger);
  assert.equal(answer.location, `${AFTER}?from=lockgate&state=s`, "with nobody signed in");
  stranger.close();
});
