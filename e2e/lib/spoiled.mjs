// What the bad-input tests share: a Lockgate with people and clients, ways to spoil a parameter, and what must hold for every answer.

import assert from "node:assert/strict";
import { Visitor, form } from "./http.mjs";
import { Client } from "./oauth.mjs";
import { Lockgate } from "./server.mjs";
import { SoftPasskey } from "./soft.mjs";

export const REDIRECT = "https://app.example.org/callback";
export const LOOPBACK = "http://127.0.0.1:7777/callback";
export const PRIVATE = "org.example.app:/callback";

/** Two people, each signed in with a passkey of their own, one who is not, and three clients. With `movable` the clock can be moved. */
export async function world({ movable = false } = {}) {
  const lock = await Lockgate.make({
    people: ["ada", "bela", "chidi"],
    clients: [
      { id: "app", redirectUris: [REDIRECT], trusted: true },
      { id: "other", redirectUris: ["https://other.example.org/callback"], trusted: true },
      { id: "native", kind: "native", redirectUris: [LOOPBACK, PRIVATE], publicSubject: true },
    ],
  });
  if (movable) lock.movableClock();
  await lock.start();
  const [visitor, bela] = [new Visitor(lock.port), new Visitor(lock.port)];
  const [passkey, belasPasskey] = [new SoftPasskey(), new SoftPasskey()];
  assert.equal((await visitor.enrol(lock.links.ada, passkey)).status, 200);
  assert.equal((await bela.enrol(lock.links.bela, belasPasskey)).status, 200);
  const client = new Client(lock.port, { id: "app", secret: lock.secrets.app, redirectUri: REDIRECT });

  /** Nothing of it was a failure of the server, no secret came to stand in its log, and the audit log is whole. */
  async function close() {
    visitor.close();
    bela.close();
    try {
      for (const secret of [lock.secrets.app, lock.links.ada.split("#")[1], visitor.cookies.get("lockgate")]) {
        assert.ok(!lock.log.includes(secret), "a secret is in the log");
      }
      assert.doesNotMatch(lock.log, /panicked|ERROR/);
      await lock.stop();
      lock.run(["audit-log", "verify", "--config", lock.config]);
    } finally {
      await lock.close();
    }
  }
  return { lock, visitor, bela, passkey, belasPasskey, client, close };
}

/** What must hold for every answer, whatever was asked. */
export function sane(answer, what) {
  assert.ok(answer.status >= 200 && answer.status < 500, `${what}: ${answer.status} ${answer.text.slice(0, 300)}`);
  const location = answer.location;
  if (location === undefined) return answer;
  const ours = /^\/(sign-in\?j=[\w-]+|account|authorize\/resume\?j=[\w-]+|signed-out|sign-in)$/.test(location);
  const registered = [REDIRECT, LOOPBACK, PRIVATE].some((uri) => location.startsWith(`${uri}?`));
  assert.ok(ours || registered, `${what}: led to ${location}`);
  assert.ok(!/[\r\n\0]/.test(location), `${what}: control characters in ${JSON.stringify(location)}`);
  return answer;
}

/** Ways to spoil one parameter of a form; each gets its name and value, and gives the text that takes their place. */
export const SPOILED = {
  repeated: (name, value) => `${form({ [name]: value })}&${form({ [name]: value })}`,
  "repeated with another value": (name, value) => `${form({ [name]: value })}&${form({ [name]: "another" })}`,
  "repeated in disguise": (name, value) => `${form({ [name]: value })}&${name.replace(/^./, (char) => `%${char.charCodeAt(0).toString(16)}`)}=x`,
  empty: (name) => `${name}=`,
  "without a value": (name) => name,
  huge: (name) => `${name}=${"a".repeat(9_000)}`,
  "broken escape": (name) => `${name}=%zz`,
  "half an escape": (name) => `${name}=abc%2`,
  "a null byte": (name, value) => `${form({ [name]: value })}%00`,
  "line breaks": (name, value) => `${form({ [name]: value })}%0d%0aSet-Cookie:%20a=b`,
  "not UTF-8": (name) => `${name}=%ff%fe`,
  "an overlong slash": (name) => `${name}=%c0%af`,
  "a surrogate": (name) => `${name}=%ed%a0%80`,
  "another plane": (name) => `${name}=%f0%9f%9a%a2`,
  markup: (name) => `${name}=%22%3E%3Cscript%3Ealert(1)%3C/script%3E`,
};

/** The form without one of its fields. */
export const without = (fields, name) => form(Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name)));
