// A refresh is on disk before it is answered: between reading the request and writing the answer, the server's own system calls show
// a write to the write-ahead log and then an fdatasync of it that has completed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { Visitor } from "../lib/http.mjs";
import { Client } from "../lib/oauth.mjs";
import { Lockgate, until } from "../lib/server.mjs";
import { SoftPasskey } from "../lib/soft.mjs";

const REDIRECT = "https://app.example.org/callback";
const ROUNDS = 5;

let lock, visitor, client, trace;

before(async () => {
  lock = await Lockgate.make({ people: ["ada"], clients: [{ id: "app", redirectUris: [REDIRECT], trusted: true }] });
  trace = path.join(lock.dir, "trace");
  const calls = "pwrite64,fdatasync,read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg";
  // -y names the file of each descriptor; -s 64 shows enough of what is read and written to know a request and an answer.
  await lock.start({ wrapper: ["strace", "-f", "-y", "-s", "64", "-e", `trace=${calls}`, "-o", trace] });
  visitor = new Visitor(lock.port);
  assert.equal((await visitor.enrol(lock.links.ada, new SoftPasskey())).status, 200);
  client = new Client(lock.port, { id: "app", secret: lock.secrets.app, redirectUri: REDIRECT });
});
after(async () => { visitor?.close(); await lock?.close(); });

test(`each of ${ROUNDS} refreshes, and each redemption, is synced before its answer`, async () => {
  const asked = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const redeemed = await client.redeem(await client.code(visitor));
    assert.equal(redeemed.status, 200, redeemed.text);
    const refreshed = await client.refresh(redeemed.json.refresh_token);
    assert.equal(refreshed.status, 200, refreshed.text);
    asked.push("redeemed", "refreshed");
  }
  const finished = () => exchanges(readFileSync(trace, "utf8")).length >= asked.length;
  await until("a whole trace", finished);
  const seen = exchanges(readFileSync(trace, "utf8"));
  assert.equal(seen.length, asked.length);
  for (const [index, { synced, lines }] of seen.entries()) {
    assert.ok(synced, `exchange ${index} (${asked[index]}) was answered before its fdatasync:\n${lines.join("\n")}`);
  }
  console.log(`${seen.length} exchanges with the token endpoint, each with a completed fdatasync of the write-ahead log in between`);
});

/**
 * Each exchange with the token endpoint in the trace, from the request's read to the answer's write. One request runs at a time. It is
 * synced when, in this order, the log was written, an fdatasync of the log began, and that fdatasync ended well.
 */
function exchanges(text) {
  const found = [];
  let open = null;
  for (const line of text.split("\n")) {
    if (/(read|recv\w+|readv)(\(| resumed).*"POST \/token/.test(line)) open = { written: false, syncing: new Set(), synced: false, lines: [] };
    if (!open) continue;
    open.lines.push(line);
    const thread = /^\d+/.exec(line)?.[0];
    const wal = line.includes("lockgate.db-wal");
    if (wal && /pwrite64\(/.test(line)) open.written = true;
    if (wal && /fdatasync\(/.test(line) && open.written) {
      if (line.includes("unfinished")) open.syncing.add(thread);
      else if (/= 0$/.test(line)) open.synced = true;
    }
    if (/fdatasync resumed/.test(line) && open.syncing.delete(thread) && /= 0$/.test(line)) open.synced = true;
    if (/(write|writev|sendto|sendmsg)\(.*"HTTP\/1\.1 200 OK/.test(line)) {
      found.push(open);
      open = null;
    }
  }
  return found;
}
