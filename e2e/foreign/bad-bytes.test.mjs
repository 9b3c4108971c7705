// Cookies that were planted or cut, requests that are none, and bodies that never end.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Visitor, raw, send } from "../lib/http.mjs";
import { sane, world } from "../lib/spoiled.mjs";

let lock, visitor, bela, close;

before(async () => { ({ lock, visitor, bela, close } = await world()); });
after(() => close?.());

test("two sessions in one request, or half of one, are none", async () => {
  const mine = visitor.cookies.get("lockgate");
  const belas = bela.cookies.get("lockgate");
  const ask = (Cookie) => send({ port: lock.port, path: "/account", headers: { Cookie } });
  assert.equal((await ask(`lockgate=${mine}`)).status, 200);
  const wrong = [
    `lockgate=${mine}; lockgate=${belas}`, `lockgate=${belas}; lockgate=${mine}`, `lockgate=${mine.slice(1)}`, `lockgate=${mine.slice(0, -1)}`, `lockgate=${mine}A`, `lockgate="${mine}"`,
    `lockgate=${mine}=`, `Lockgate=${mine}`, ` lockgate =${mine}`, `__Host-lockgate=${mine}`, "lockgate=", "lockgate", `lockgate=${"A".repeat(43)}`, `lockgate-browser=${mine}`,
    `a=${"x".repeat(9_000)}; lockgate=${mine}`,
  ];
  for (const cookie of wrong) {
    const answer = sane(await ask(cookie), cookie.slice(0, 40));
    assert.notEqual(answer.status, 200, `${cookie.slice(0, 60)} opened the account`);
  }
  const split = await raw(lock.port, `GET /account HTTP/1.1\r\nHost: localhost\r\nCookie: lockgate=${mine}\r\nCookie: lockgate=${belas}\r\n\r\n`);
  assert.equal(split.status, 303);
});

test("cookies are locked down", async () => {
  const stranger = new Visitor(lock.port);
  const { cookies } = await stranger.get("/account");
  for (const cookie of cookies) {
    assert.match(cookie, /; HttpOnly/i);
    assert.match(cookie, /; SameSite=Lax/i);
    assert.match(cookie, /; Path=\//i);
    assert.doesNotMatch(cookie, /Domain=/i);
  }
  assert.ok(cookies.length > 0);
  stranger.close();
});

test("requests that are none", async () => {
  const requests = {
    "no host": "GET /account HTTP/1.1\r\n\r\n", "a raw byte in the path": Buffer.from("GET /sign-in?j=\xff HTTP/1.1\r\nHost: localhost\r\n\r\n", "latin1"),
    "a null in the path": "GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n", "another site's address": "GET http://evil.example/account HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "two slashes": "GET //evil.example/%2e%2e HTTP/1.1\r\nHost: localhost\r\n\r\n", "dots": "GET /assets/../../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "encoded dots": "GET /assets/%2e%2e/%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1\r\nHost: localhost\r\n\r\n", "an unknown method": "BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "two lengths": "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    "a length and chunks": "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "a negative length": "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    "a bad chunk": "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a huge chunk": "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
    "a folded header": "GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n", "a huge head": `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"a".repeat(70_000)}\r\n\r\n`,
    "many headers": `GET / HTTP/1.1\r\nHost: localhost\r\n${"X: a\r\n".repeat(2_000)}\r\n`, "a huge path": `GET /${"a".repeat(70_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    "no request at all": "\r\n\r\n\r\n\r\n", "TLS": Buffer.from("16030100f8010000f40303", "hex"), "HTTP/2 without its preface": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  };
  for (const [what, bytes] of Object.entries(requests)) {
    const answer = await raw(lock.port, bytes, { enough: (text) => /\r\n\r\n/.test(text) });
    assert.ok(answer.status < 500, `${what}: ${answer.text.slice(0, 200)}`);
    const location = /\r\nlocation: *([^\r]*)/i.exec(answer.text)?.[1];
    assert.ok(!location || /^\/(account|sign-in\?j=[\w-]+)$/.test(location), `${what}: led to ${location}`);
  }
  assert.equal((await visitor.get("/account")).status, 200, "after all this the server is gone");
});

const head = (path, type) => `POST ${path} HTTP/1.1\r\nHost: localhost\r\nOrigin: ${lock.issuer}\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`;
const bodies = [
  ["/token", "application/x-www-form-urlencoded"], ["/authorize", "application/x-www-form-urlencoded"], ["/authorize/consent", "application/x-www-form-urlencoded"],
  ["/api/ceremony/sign-in/options", "application/json"], ["/api/ceremony/enrol/begin", "application/json"],
];

test("a body without end is cut off", async () => {
  const chunk = `${(4_096).toString(16)}\r\n${"a".repeat(4_096)}\r\n`;
  await Promise.all(bodies.map(async ([path, type]) => {
    let sent = 0;
    const feed = (socket) => {
      const more = () => {
        while (!socket.destroyed && sent < 64 * 1024 * 1024) {
          sent += chunk.length;
          if (!socket.write(chunk)) return socket.once("drain", more);
        }
      };
      more();
    };
    const answer = await raw(lock.port, head(path, type), { feed, timeout_ms: 30_000 });
    assert.ok(answer.closed || Math.trunc(answer.status / 100) === 4, `${path}: ${answer.text.slice(0, 200)}`);
    assert.ok(sent < 32 * 1024 * 1024, `${path}: took ${sent} bytes`);
  }));
});

test("a body that trickles, and a head that does, are cut off within 15 seconds", async () => {
  const trickle = (bytes, every) => (socket) => {
    const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write(bytes)), every);
    socket.on("close", () => clearInterval(timer));
  };
  const bodiesCut = bodies.map(async ([path, type]) => {
    const answer = await raw(lock.port, head(path, type), { feed: trickle("1\r\na\r\n", 500), timeout_ms: 15_000 });
    assert.ok(answer.closed || Math.trunc(answer.status / 100) === 4, `${path}: ${answer.text.slice(0, 200)}`);
  });
  const headCut = raw(lock.port, "GET /account HTTP/1.1\r\nHost: localhost\r\n", { feed: trickle("X: a\r\n", 500), timeout_ms: 15_000, enough: () => false });
  await Promise.all([...bodiesCut, headCut]);
  assert.equal((await visitor.get("/account")).status, 200, "after all this the server is gone");
});
