// HTTPS on this machine, with a certificate that a test may trust.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";

/** Serves `pages` (path → value for JSON) under `name`; `certificate` is the file to trust. `asked` holds the paths that were asked for. */
export async function httpsServer(name, pages = {}) {
  const dir = mkdtempSync(path.join(tmpdir(), "lockgate-tls-"));
  const [key, certificate] = [path.join(dir, "key.pem"), path.join(dir, "cert.pem")];
  const made = spawnSync("openssl", [
    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`,
    "-addext", "basicConstraints=critical,CA:FALSE",
    "-keyout", key, "-out", certificate,
  ], { encoding: "utf8" });
  assert.equal(made.status, 0, `openssl: ${made.error ?? made.stderr}`);
  const asked = [];
  const server = https.createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (request, response) => {
    asked.push(request.url);
    const page = pages[request.url];
    if (page === undefined) return response.writeHead(404).end();
    return response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "max-age=300" }).end(JSON.stringify(page));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `https://${name}:${server.address().port}`, certificate, pages, asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
