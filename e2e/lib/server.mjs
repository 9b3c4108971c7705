// A Lockgate of one's own: made in a temporary directory, with people and applications, served on a free loopback port.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import net from "node:net";
import { endianness, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { send } from "./http.mjs";
import { lockgate, root } from "./programs.mjs";

const START_MS_MAX = 30_000;
const STOP_MS_MAX = 20_000;

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Waits until `done` answers with something true; fails after `ms_max`. */
export async function until(what, done, ms_max = 15_000) {
  const end = performance.now() + ms_max;
  for (;;) {
    const answer = await done();
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`${what} did not come about within ${ms_max} ms`);
    await pause(10);
  }
}

export class Lockgate {
  #process = null;
  #log = "";
  #preloaded = {};
  #arguments = [];
  #seconds = 0n;

  /**
   * Makes an installation. `people` is a list of sign-in names, or `{name, display}`; each gets an enrolment link in `links`.
   * `clients` is a list of `{id, name, kind, redirectUris, scopes, trusted, publicSubject, tier}`; secrets come to stand in `secrets`.
   * `more` of either are further arguments of the command that adds them. `settings` is added to the configuration,
   * and `files` (name → text) stand beside it. With `tls` its issuer speaks HTTPS.
   */
  static async make({ people = [], clients = [], organisation = "Low Water Trust", settings = "", files = {}, tls = false } = {}) {
    const made = new Lockgate();
    made.port = await freePort();
    made.tls = tls;
    made.issuer = `${tls ? "https" : "http"}://localhost:${made.port}`;
    made.dir = mkdtempSync(path.join(tmpdir(), "lockgate-e2e-"));
    made.config = path.join(made.dir, "lockgate.toml");
    made.#arguments = ["serve", "--config", made.config];
    made.links = {};
    made.secrets = {};
    const printed = made.run(["init", "--dir", made.dir, "--issuer", made.issuer, "--organisation", organisation, "--admin", "admin"]);
    made.links.admin = linkIn(printed);
    if (tls) writeFileSync(made.config, readFileSync(made.config, "utf8").replace(/^listen = .*$/m, `listen = "127.0.0.1:${made.port}"`));
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(made.dir, name), text);
    made.configure(settings);
    for (const person of people) made.addPerson(person);
    for (const client of clients) made.addClient(client);
    return made;
  }

  /**
   * An installation whose applications stand in a static clients file (RFC 7591 names, ours below `lockgate`), served with the profile for
   * conformance suites: it may reach receivers on this machine. `extraCa` is a certificate that it believes besides. With `ownNames`
   * every name below example.org leads to this machine. With `tls` it makes a certificate: `certificate` once it has started.
   */
  static async conformance({ people = [], clients, organisation, settings = "", files = {}, extraCa, ownNames = false, tls = false }) {
    const made = await Lockgate.make({ people, organisation, settings, files, tls });
    const file = path.join(made.dir, "clients.json");
    writeFileSync(file, JSON.stringify(clients));
    made.#arguments = ["serve", "--profile", "conformance", "--config", made.config, "--clients", file, ...(extraCa ? ["--extra-ca", extraCa] : [])];
    if (ownNames) made.#preloaded = { LD_PRELOAD: made.#compile("names") };
    return made;
  }

  /** The demonstration: Lockgate at `issuer`, its example application at `application`. */
  static async demo() {
    const made = new Lockgate();
    made.port = await freePort();
    made.issuer = `http://localhost:${made.port}`;
    const applicationPort = await freePort();
    made.application = `http://127.0.0.1:${applicationPort}`;
    made.dir = mkdtempSync(path.join(tmpdir(), "lockgate-e2e-"));
    made.#arguments = ["demo", "--data", path.join(made.dir, "demo"), "--port", `${made.port}`, "--app-port", `${applicationPort}`];
    return made;
  }

  /** Runs a command on the installation and returns what it printed; fails unless it ends with `status`. */
  run(args, status = 0) {
    const ended = spawnSync(lockgate, args, { encoding: "utf8", env: environment() });
    assert.equal(ended.status, status, `lockgate ${args.join(" ")} ended with ${ended.status ?? ended.error}:\n${ended.stdout}${ended.stderr}`);
    return ended.stdout;
  }

  /** Runs a command on this installation, which may be running. */
  operate(...args) {
    return this.run([...args, "--config", this.config]);
  }

  /** Adds to the configuration; counts from the next start on. */
  configure(settings) {
    if (settings) appendFileSync(this.config, `\n${settings}\n`);
  }

  addPerson(person) {
    const { name, display = name, more = [] } = typeof person === "string" ? { name: person } : person;
    this.links[name] = linkIn(this.operate("person", "add", name, "--display", display, "--link", ...more));
  }

  addClient({ id, name = id, kind = "web", redirectUris, scopes = ["openid"], trusted = false, publicSubject = false, tier = "standard", more = [] }) {
    const secretFile = path.join(this.dir, `${id}.secret`);
    this.run([
      "client", "add", "--config", this.config, "--id", id, "--name", name, "--kind", kind, "--tier", tier,
      ...redirectUris.flatMap((uri) => ["--redirect-uri", uri]), ...scopes.flatMap((scope) => ["--scope", scope]),
      ...(trusted ? ["--trusted"] : []), ...(publicSubject ? ["--public-subject"] : []), ...(kind === "web" ? ["--secret-file", secretFile] : []),
      ...more,
    ]);
    if (kind === "web") this.secrets[id] = readFileSync(secretFile, "utf8").trim();
  }

  /** Starts the server, under `wrapper` if one is given, and waits until it is ready. */
  async start({ wrapper = [] } = {}) {
    assert.equal(this.#process, null, "it runs already");
    const [program, ...args] = [...wrapper, lockgate, ...this.#arguments];
    const child = spawn(program, args, { env: { ...environment(), ...this.#preloaded }, stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    child.wrapped = wrapper.length > 0;
    child.ended = new Promise((resolve) => child.on("exit", (code, signal) => { child.over = { code, signal }; resolve(child.over); }));
    const note = (part) => { this.#log = (this.#log + part).slice(-200_000); };
    child.stdout.on("data", note);
    child.stderr.on("data", note);
    await until("a ready server", async () => {
      if (child.over) throw new Error(`the server ended with ${JSON.stringify(child.over)}:\n${this.#log}`);
      const tls = this.tls ? { rejectUnauthorized: false } : undefined; // It may only just have made its certificate.
      return send({ port: this.port, path: "/health/ready", tls, timeout_ms: 2_000 }).then(({ status }) => status === 200, () => false);
    }, START_MS_MAX);
    return this;
  }

  /** From the next start on the server's wall clock can be moved with `later`. */
  movableClock() {
    const file = path.join(this.dir, "clock");
    writeFileSync(file, Buffer.alloc(8));
    this.#preloaded = { LD_PRELOAD: this.#compile("clock"), E2E_CLOCK: file };
    return this;
  }

  /** Compiles one of the small libraries beside this file. */
  #compile(name) {
    const library = path.join(this.dir, `${name}.so`);
    const compiled = spawnSync("cc", ["-shared", "-fPIC", "-O1", "-o", library, path.join(root, `e2e/lib/${name}.c`)], { encoding: "utf8" });
    assert.equal(compiled.status, 0, `cc: ${compiled.stderr}`);
    return library;
  }

  /** What the server's clock says, in seconds. */
  get seconds() {
    return Math.floor(Date.now() / 1000) + Number(this.#seconds);
  }

  /** Moves the server's clock forward. */
  later(seconds) {
    this.#seconds += BigInt(seconds);
    const bytes = Buffer.alloc(8);
    if (endianness() === "LE") bytes.writeBigInt64LE(this.#seconds);
    else bytes.writeBigInt64BE(this.#seconds);
    const file = openSync(this.#preloaded.E2E_CLOCK, "r+");
    writeSync(file, bytes, 0, 8, 0);
    closeSync(file);
  }

  /** The certificate that it made for itself. */
  get certificate() {
    return readFileSync(path.join(this.dir, "data/conformance/cert.pem"), "utf8");
  }

  /** What the server has logged, the latest 200,000 characters. */
  get log() {
    return this.#log;
  }

  /** Asks the server to stop and waits until it has. */
  async stop() {
    const child = this.#process;
    this.#process = null;
    if (!child) return;
    if (!child.over) signal(child, "SIGTERM");
    const late = setTimeout(() => signal(child, "SIGKILL"), STOP_MS_MAX);
    const { code, signal: ending } = await child.ended;
    clearTimeout(late);
    assert.equal(ending, null, `the server did not stop when asked:\n${this.#log}`);
    assert.equal(code, 0, `the server stopped with ${code}:\n${this.#log}`);
  }

  /** Ends the server as a crash would: at once, wherever it is. */
  async kill() {
    const child = this.#process;
    this.#process = null;
    signal(child, "SIGKILL");
    await child.ended;
  }

  /** Ends everything and removes the directory. */
  async close() {
    try {
      await this.stop();
    } finally {
      rmSync(this.dir, { recursive: true, force: true });
    }
  }
}

/** Signals the server itself: a wrapper such as strace ends with what it wraps. */
function signal(child, name) {
  if (!child.wrapped) return child.kill(name);
  for (const id of readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim().split(" ")) process.kill(Number(id), name);
}

function linkIn(printed) {
  const link = /^http\S+\/enrol#\S+$/m.exec(printed)?.[0];
  assert.ok(link, `no enrolment link in what was printed:\n${printed}`);
  return link;
}

/** Our own settings must not leak into the server under test. */
function environment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("LOCKGATE_")));
}
