// HTTP as this suite needs it: requests that follow nothing by themselves, a visitor with cookies, and bytes that no client would send.

import http from "node:http";
import https from "node:https";
import net from "node:net";

/** Sends one request to 127.0.0.1 and reads the whole answer. Follows no redirect. `tls` says what TLS needs to know, where it is spoken. */
export function send({ port, method = "GET", path, headers = {}, body, agent, tls, timeout_ms = 30_000 }) {
  return new Promise((resolve, reject) => {
    const sent = body === undefined ? headers : { "Content-Length": Buffer.byteLength(body), ...headers };
    const request = (tls ? https : http).request(
      { host: "127.0.0.1", servername: "localhost", port, method, path, agent, headers: { Host: `localhost:${port}`, ...sent }, ...tls },
      (response) => {
        const parts = [];
        response.on("data", (part) => parts.push(part));
        response.on("error", reject);
        response.on("end", () => resolve(new Answer(response, Buffer.concat(parts))));
      },
    );
    request.setTimeout(timeout_ms, () => request.destroy(new Error(`no answer within ${timeout_ms} ms`)));
    request.on("error", reject);
    request.end(body);
  });
}

class Answer {
  constructor(response, bytes) {
    this.status = response.statusCode;
    this.headers = response.headers;
    this.cookies = response.headers["set-cookie"] ?? [];
    this.text = bytes.toString("utf8");
  }

  get json() {
    return JSON.parse(this.text);
  }

  get location() {
    return this.headers.location;
  }
}

/** `name=value&…`; a list gives the name several times. */
export function form(fields) {
  const pairs = Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
  return new URLSearchParams(pairs.filter(([, value]) => value !== undefined)).toString();
}

/** One browser's worth of cookies at one server. */
export class Visitor {
  constructor(port, { tls, agent = new (tls ? https : http).Agent({ keepAlive: true, maxSockets: 64 }) } = {}) {
    this.port = port;
    this.tls = tls;
    this.origin = `${tls ? "https" : "http"}://localhost:${port}`;
    this.agent = agent;
    this.cookies = new Map();
  }

  async send(options) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...(cookie ? { Cookie: cookie } : {}), ...options.headers };
    const answer = await send({ port: this.port, agent: this.agent, tls: this.tls, ...options, headers });
    for (const line of answer.cookies) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (/max-age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  get(path, headers = {}) {
    return this.send({ path, headers });
  }

  /** Posts JSON as one of the server's own pages would. */
  api(path, body, headers = {}) {
    return this.send({
      method: "POST", path, body: typeof body === "string" ? body : JSON.stringify(body),
      headers: { Origin: this.origin, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json", ...headers },
    });
  }

  /** Posts a form, as one of the server's own pages would. */
  form(path, fields, headers = {}) {
    return this.send({
      method: "POST", path, body: typeof fields === "string" ? fields : form(fields),
      headers: { Origin: this.origin, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded", ...headers },
    });
  }

  /** Redeems an enrolment link with a passkey of this process; signed in afterwards. */
  async enrol(link, passkey, label = "Soft passkey") {
    const begun = await this.api("/api/ceremony/enrol/begin", { token: link.split("#")[1] });
    if (begun.status !== 200) return begun;
    const { journey, publicKey } = begun.json;
    return this.api("/api/ceremony/enrol/result", { journey, credential: passkey.create(publicKey, this.origin), label });
  }

  /** Begins a sign-in to My account and returns its journey. */
  async begin(path = "/sign-in") {
    const answer = await this.get(path);
    const journey = /^\/sign-in\?j=([^&]+)$/.exec(answer.location ?? "")?.[1];
    if (!journey) throw new Error(`${path} began no journey: ${answer.status} ${answer.location ?? ""}`);
    return journey;
  }

  async options(journey) {
    return this.api("/api/ceremony/sign-in/options", { journey });
  }

  /** The body that a page posts for an answered prompt. */
  result(journey, credential, more = {}) {
    return this.api("/api/ceremony/sign-in/result", { journey, credential, mediation: "modal", elapsed_ms: 5, ...more });
  }

  async signIn(passkey, journey) {
    journey ??= await this.begin();
    const asked = await this.options(journey);
    if (asked.status !== 200) return asked;
    return this.result(journey, passkey.get(asked.json.publicKey, this.origin));
  }

  /** Asks for a code in the live session. Returns the parameters of the redirect. */
  async authorize(params) {
    const answer = await this.get(`/authorize?${form(params)}`);
    if (answer.status !== 303) throw new Error(`/authorize answered ${answer.status}: ${answer.text.slice(0, 400)}`);
    return new URL(answer.location, this.origin).searchParams;
  }

  close() {
    this.agent.destroy();
  }
}

/**
 * Writes `bytes` to the server and reads until it closes, or until `enough` says so. `feed` may go on writing: it gets the socket.
 * Resolves with the text read and whether the server closed.
 */
export function raw(port, bytes, { timeout_ms = 15_000, enough = whole, feed } = {}) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, "127.0.0.1");
    let text = "";
    const end = (closed) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, closed, status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0) });
    };
    const timer = setTimeout(() => reject(new Error(`neither answer nor close within ${timeout_ms} ms: ${text}`)), timeout_ms);
    socket.on("connect", () => { socket.write(bytes); feed?.(socket); });
    socket.on("data", (part) => { text += part.toString("latin1"); if (enough(text)) end(false); });
    socket.on("close", () => end(true));
    socket.on("error", () => {}); // a reset by the server is a close
  });
}

/** Whether `text` holds a whole answer with a stated length. */
function whole(text) {
  const split = text.indexOf("\r\n\r\n");
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  return split >= 0 && length !== undefined && text.length >= split + 4 + Number(length);
}
