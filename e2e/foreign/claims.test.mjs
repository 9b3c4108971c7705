// What applications are told about a person, as `openid-client` asks for it: by scope, by the claims parameter, never more than was agreed.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import * as oidc from "openid-client";
import { redirect, walk, web, world } from "../lib/foreign.mjs";

const ADA = { name: "Ada Example", given_name: "Ada", family_name: "Example", email: "ada@example.com", email_verified: true, phone_number: "+44 20 7946 0000" };

let lock, visitor, close, clients;

before(async () => {
  clients = [
    web("post", { scope: "openid profile email phone offline_access", lockgate: { consent: "ask", claims: ["name", "email", "email_verified"], purpose: "To address your letters" } }),
    web("bare", { scope: "openid profile email" }),
  ];
  ({ lock, visitor, close } = await world({ clients }));
  const file = path.join(lock.dir, "ada.json");
  writeFileSync(file, JSON.stringify(ADA));
  lock.run(["person", "attributes", "ada", file, "--config", lock.config]);
});
after(() => close?.());

async function told(id, parameters) {
  const config = await oidc.discovery(new URL(lock.issuer), id, {}, oidc.ClientSecretBasic(clients.find(({ client_id: one }) => one === id).client_secret), {
    execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks],
  });
  const [verifier, state] = [oidc.randomPKCECodeVerifier(), oidc.randomState()];
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirect(id), state, code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256", ...parameters,
  });
  const tokens = await oidc.authorizationCodeGrant(config, await walk(visitor, url), { pkceCodeVerifier: verifier, expectedState: state });
  const { sub, ...userinfo } = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  assert.ok(sub);
  return { config, tokens, userinfo, idToken: tokens.claims(), access: JSON.parse(Buffer.from(tokens.access_token.split(".")[1], "base64url")) };
}

const PERSONAL = Object.keys(ADA);
const personal = (claims) => Object.keys(claims).filter((name) => PERSONAL.includes(name));

test("scopes bring what the application may be told, to userinfo and nowhere else", async () => {
  const { userinfo, idToken, access } = await told("post", { scope: "openid profile email phone" });
  assert.deepEqual(userinfo, { name: ADA.name, email: ADA.email, email_verified: true });
  assert.deepEqual([personal(idToken), personal(access)], [[], []], "a token carries a profile");
});

test("an application that may be told nothing is told nothing", async () => {
  assert.deepEqual((await told("bare", { scope: "openid profile email" })).userinfo, {});
});

test("without a scope nothing is told", async () => {
  assert.deepEqual((await told("post", { scope: "openid" })).userinfo, {});
});

test("the claims parameter asks for one thing at a time", async () => {
  const { userinfo, idToken } = await told("post", { scope: "openid", claims: JSON.stringify({ userinfo: { email: { essential: true }, family_name: null } }) });
  assert.deepEqual(userinfo, { email: ADA.email });
  assert.deepEqual(personal(idToken), []);
});

test("what was told stands under My account, with its purpose, and ends when the person says so", async () => {
  const { config, tokens } = await told("post", { scope: "openid email offline_access" });
  const page = (await visitor.get("/account/data")).text;
  assert.match(page, /Application post/);
  assert.match(page, /To address your letters/);
  assert.equal((await visitor.form("/account/apps/withdraw", { client: "post" })).status, 303);
  await assert.rejects(oidc.fetchUserInfo(config, tokens.access_token, oidc.skipSubjectCheck), { status: 401 });
  await assert.rejects(oidc.refreshTokenGrant(config, tokens.refresh_token), { error: "invalid_grant" });
});
