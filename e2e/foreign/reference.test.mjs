// The same bad requests to Lockgate and to the reference. Where a program would be told something else, the difference stands in
// differences.mjs with its reason, or this fails; the reasons at length are in docs/decisions/error-codes.md.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { keyed, redirect, signer, web, world } from "../lib/foreign.mjs";
import { Visitor } from "../lib/http.mjs";
import { root } from "../lib/programs.mjs";
import { DIFFERENCES } from "./differences.mjs";
import { ORDERS, PROBES, Target } from "./probes.mjs";
import { reference } from "./reference.mjs";

const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";

let close, theirServer, ours, theirs;

before(async () => {
  const key = await signer("ES256");
  const clients = [
    web("web", { lockgate: { resources: [ORDERS] } }), web("post-like"),
    web("service", { grant_types: ["client_credentials"], scope: "order", redirect_uris: [], lockgate: { kind: "service", resources: [ORDERS] } }),
    web("bound", { grant_types: ["client_credentials"], scope: "order", redirect_uris: [], dpop_bound_access_tokens: true, lockgate: { kind: "service" } }),
    keyed("keyed", key, { grant_types: ["client_credentials"], scope: "order", redirect_uris: [], lockgate: { kind: "service" } }),
    {
      client_id: "kiosk", client_name: "Kiosk", token_endpoint_auth_method: "none", grant_types: [DEVICE, "refresh_token"], redirect_uris: [],
      scope: "openid offline_access", lockgate: { kind: "native" },
    },
  ];
  const secrets = Object.fromEntries(clients.map(({ client_id: id, client_secret: secret }) => [id, secret]));
  const made = await world({ clients });
  close = made.close;
  theirServer = await reference({ clients, resources: [ORDERS] });
  const target = async (issuer, port, browser) => new Target({
    metadata: await (await fetch(`${issuer}/.well-known/openid-configuration`)).json(), port, secrets, key, browser, stranger: () => new Visitor(port),
  });
  ours = await target(made.lock.issuer, made.lock.port, made.visitor);
  theirs = await target(theirServer.issuer, theirServer.port, new Visitor(theirServer.port));
});
after(async () => { await theirServer?.close(); await close?.(); });

/** What a program goes by: where the answer went, its status where that is said, the error. */
function word(answer) {
  if (answer.location !== undefined) {
    const to = new URL(answer.location, "http://own.invalid");
    if (!to.href.startsWith(redirect("web"))) return `sent to ${to.host === "own.invalid" ? "an own page" : to.host}`;
    const params = new URLSearchParams(to.search || to.hash.slice(1));
    return `redirect ${params.get("error") ?? (params.get("code") ? "code" : "nothing")}${to.hash ? " in the fragment" : ""}`;
  }
  const type = answer.headers["content-type"] ?? "";
  if (!type.startsWith("application/json")) {
    const challenge = /error="([^"]+)"/.exec(answer.headers["www-authenticate"] ?? "")?.[1];
    const what = answer.headers["www-authenticate"] ? challenge ?? "challenge" : type.startsWith("text/") && answer.text ? "page" : "";
    return [answer.status, what].filter(Boolean).join(" ");
  }
  const { error, active } = answer.json;
  return [answer.status, error ?? (active === undefined ? "" : `active ${active}`)].filter(Boolean).join(" ");
}

test(`${Object.keys(PROBES).length} requests, and ${DIFFERENCES.flatMap(({ words }) => Object.keys(words)).length} differences that are meant`, async () => {
  const listed = new Map(DIFFERENCES.flatMap(({ words }) => Object.entries(words)));
  const wrong = [];
  for (const [name, ask] of Object.entries(PROBES)) {
    const [mine, other] = [word(await ask(ours)), word(await ask(theirs))];
    const entry = listed.get(name);
    listed.delete(name);
    if (mine === other) {
      if (entry) wrong.push(`${name}: listed as a difference, and both say ${mine}`);
    } else if (!entry) {
      wrong.push(`${name}: we say ${mine}, the reference says ${other}`);
    } else if (entry[0] !== mine || entry[1] !== other) {
      wrong.push(`${name}: listed as ${entry.join(" and ")}; now it is ${mine} and ${other}`);
    }
  }
  for (const name of listed.keys()) wrong.push(`${name}: listed, and there is no such request`);
  assert.deepEqual(wrong, []);
});

test("every reason is written down", () => {
  const page = readFileSync(path.join(root, "docs/decisions/error-codes.md"), "utf8");
  for (const { reason } of DIFFERENCES) assert.ok(page.includes(`## ${reason}`), `docs/decisions/error-codes.md has no section “${reason}”`);
  for (const [, heading] of page.matchAll(/^## (.+)$/gm)) assert.ok(DIFFERENCES.some(({ reason }) => reason === heading), `“${heading}” explains nothing`);
});

test("the honest requests among them succeed on both sides", async () => {
  for (const [name, expected] of [["authorize: an honest request", "redirect code"], ["token: an honest code", "200"], ["token: an honest assertion", "200"], ["par: an honest request", "201"]]) {
    for (const side of [ours, theirs]) assert.equal(word(await PROBES[name](side)), expected, `${name} at ${side.metadata.issuer}`);
  }
});
