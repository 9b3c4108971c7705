// Rich authorization requests (RFC 9396), as `oauth4webapi` carries them: from the request to what the person reads, the token, and what a
// resource server is told.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as oauth from "oauth4webapi";
import { claimsOf, redirect, walk, web, world } from "../lib/foreign.mjs";
import { App, discover, plain, refused } from "../lib/oauth4.mjs";

const BANK = "https://bank.example.org";
const TYPES = [
  {
    type: "payment", consent: "Pay {amount} cents to {payee}", always_ask: true,
    fields: { amount: { kind: "integer", least: 1, greatest: 100_000, required: true }, payee: { kind: "text", required: true } },
  },
  { type: "balance", consent: "See the balance of {account}", fields: { account: { kind: "text", one_of: ["savings", "current"], required: true } } },
];
const PAYMENT = { type: "payment", amount: 1_250, payee: `Zoë & Søn <b>` };
const BALANCE = { type: "balance", account: "savings" };

let lock, visitor, close, as, shop, bank;

before(async () => {
  const clients = [
    web("shop", { authorization_details_types: ["payment", "balance"], lockgate: { consent: "ask", resources: [BANK] } }),
    web("bank", { grant_types: ["client_credentials"], redirect_uris: [], lockgate: { kind: "service", serves: [BANK] } }),
    web("plain"),
  ];
  ({ lock, visitor, close } = await world({ clients, settings: '[oauth]\ndetail_types = "types.json"', files: { "types.json": JSON.stringify(TYPES) } }));
  as = await discover(lock.issuer);
  const app = ({ client_id: id, client_secret: secret }) => new App(as, { id, auth: oauth.ClientSecretBasic(secret), redirectUri: redirect(id), visitor });
  [shop, bank] = [app(clients[0]), app(clients[1])];
  shop.other = app(clients[2]);
});
after(() => close?.());

const details = (...list) => ({ authorization_details: JSON.stringify(list) });

test("details are announced, shown, granted, and told to the resource server", async () => {
  assert.deepEqual([...as.authorization_details_types_supported].sort(), ["balance", "payment"]);
  const request = await shop.request({ ...details(PAYMENT, BALANCE), scope: "openid offline_access", resource: BANK });
  const url = shop.pushedAddress(await shop.push(request.params));
  const page = await visitor.get(url.pathname + url.search);
  assert.match(page.text, /Pay 1250 cents to Zoë (&amp;|&#38;) Søn (&lt;|&#60;)b(&gt;|&#62;)/);
  assert.match(page.text, /See the balance of savings/);
  const tokens = await shop.redeem(await shop.answer(url, request.state), request);
  // RFC 9396 §7: the token response says what was granted.
  assert.deepEqual(tokens.authorization_details, [PAYMENT, BALANCE]);
  assert.deepEqual(claimsOf(tokens.access_token).authorization_details, [PAYMENT, BALANCE]);
  assert.deepEqual((await bank.introspect(tokens.access_token)).authorization_details, [PAYMENT, BALANCE]);
  const renewed = await shop.refresh(tokens.refresh_token);
  assert.deepEqual(claimsOf(renewed.access_token).authorization_details, [PAYMENT, BALANCE]);
});

test("a payment is asked for each time, and no says no", async () => {
  const request = await shop.request(details(PAYMENT));
  for (let times = 0; times < 2; times += 1) {
    const page = await visitor.get(shop.address(request.params).href.slice(lock.issuer.length));
    assert.match(page.text, /Pay 1250 cents/);
  }
  const answer = await walk(visitor, shop.address(request.params), { answer: "deny" });
  assert.throws(() => oauth.validateAuthResponse(as, shop.client, answer, request.state), { error: "access_denied" });
});

test("details that nobody has, that lack something, or hold something else", async () => {
  const wrong = {
    "a type that nobody has": [{ type: "tide" }], "no type": [{ amount: 1, payee: "x" }], "a field too many": [{ ...PAYMENT, note: "x" }],
    "a field too few": [{ type: "payment", amount: 1 }], "an amount as text": [{ ...PAYMENT, amount: "1250" }], "an amount too large": [{ ...PAYMENT, amount: 100_001 }],
    "an amount below nothing": [{ ...PAYMENT, amount: -1 }], "a word that is not among them": [{ ...BALANCE, account: "another" }], "no object": ["payment"],
  };
  for (const [what, list] of Object.entries(wrong)) {
    const request = await shop.request(details(...list));
    await assert.rejects(shop.answer(shop.address(request.params), request.state), { error: "invalid_authorization_details" }, what);
    await refused(shop.push(request.params), "invalid_authorization_details");
  }
  for (const text of ["{}", "[", "null", '"payment"']) {
    const request = await shop.request({ authorization_details: text });
    await assert.rejects(shop.answer(shop.address(request.params), request.state), (error) => ["invalid_authorization_details", "invalid_request"].includes(error.error), text);
  }
});

test("a client that may not ask for details", async () => {
  const request = await shop.other.request(details(BALANCE));
  await assert.rejects(shop.other.answer(shop.other.address(request.params), request.state), { error: "invalid_authorization_details" });
});
