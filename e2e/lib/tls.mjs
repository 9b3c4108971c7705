// HTTPS on this machine, with a certificate that a test may trust.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * A key and a certificate in `dir`, as files and as text: by nobody but itself, or by `issuer` (another such pair). `more` are further
 * arguments of `openssl req`.
 */
export function certificate(dir, name, { subject = `/CN=${name}`, issuer, authority = false, more = [] } = {}) {
  const files = { keyFile: path.join(dir, `${name}.key.pem`), certFile: path.join(dir, `${name}.cert.pem`) };
  const made = spawnSync("openssl", [
    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", subject, "-keyout", files.keyFile, "-out", files.certFile,
    "-addext", `basicConstraints=critical,CA:${authority ? "TRUE" : "FALSE"}`, ...(issuer ? ["-CA", issuer.certFile, "-CAkey", issuer.keyFile] : []), ...more,
  ], { encoding: "utf8" });
  assert.equal(made.status, 0, `openssl: ${made.error ?? made.stderr}`);
  return { ...files, key: readFileSync(files.keyFile, "utf8"), cert: readFileSync(files.certFile, "utf8") };
}

/** A fetch that knows certificates: `ca` to believe, `cert` and `key` to show. Follows no redirect. */
export function fetchWith(tls) {
  return (address, { method = "GET", headers = {}, body } = {}) => new Promise((resolve, reject) => {
    const sent = body === undefined || body === null ? undefined : `${body}`;
    const request = https.request(new URL(address), { method, headers: { ...Object.fromEntries(new Headers(headers)), ...(sent === undefined ? {} : { "content-length": Buffer.byteLength(sent) }) }, ...tls }, async (response) => {
      const parts = [];
      for await (const part of response) parts.push(part);
      const text = Buffer.concat(parts);
      resolve(new Response(text.length ? text : null, { status: response.statusCode, headers: Object.entries(response.headers).map(([name, value]) => [name, `${value}`]) }));
    });
    request.on("error", reject);
    request.end(sent);
  });
}

/** Serves `pages` (path → value for JSON) under `name`; `certificate` is the file to trust. `asked` holds the paths that were asked for. */
export async function httpsServer(name, pages = {}) {
  const dir = mkdtempSync(path.join(tmpdir(), "lockgate-tls-"));
  const made = certificate(dir, name, { more: ["-addext", `subjectAltName=DNS:${name}`] });
  const asked = [];
  const server = https.createServer({ key: made.key, cert: made.cert }, (request, response) => {
    asked.push(request.url);
    const page = pages[request.url];
    if (page === undefined) return response.writeHead(404).end();
    return response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "max-age=300" }).end(JSON.stringify(page));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `https://${name}:${server.address().port}`, certificate: made.certFile, pages, asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
