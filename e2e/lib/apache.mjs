// Apache with mod_auth_openidc as somebody's website: its own configuration in a temporary directory, on a free loopback port.

import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { send } from "./http.mjs";
import { apache, apacheModules } from "./programs.mjs";
import { until } from "./server.mjs";

const MODULES = ["mpm_event", "authn_core", "authz_core", "authz_user", "headers", "dir", "auth_openidc"];

/**
 * Starts a website on `port` whose `/private` needs a sign-in. `oidc` is what else its configuration says about the provider.
 * It tells in headers who it thinks signed in.
 */
export async function website({ port, issuer, client, secret, oidc = {}, files = {} }) {
  const dir = mkdtempSync(path.join(tmpdir(), "lockgate-apache-"));
  // Started by root it works as somebody with fewer rights, who must be able to read its files.
  chmodSync(dir, 0o755);
  const at = (name) => path.join(dir, name);
  mkdirSync(at("www/private"), { recursive: true });
  writeFileSync(at("www/index.html"), "public\n");
  writeFileSync(at("www/private/index.html"), "private\n");
  for (const [name, text] of Object.entries(files)) writeFileSync(at(name), text);
  const settings = {
    OIDCProviderMetadataURL: `${issuer}/.well-known/openid-configuration`, OIDCClientID: client, OIDCClientSecret: secret, OIDCRedirectURI: "/private/callback",
    OIDCPKCEMethod: "S256", OIDCCryptoPassphrase: "only-for-this-test", OIDCScope: '"openid"', OIDCRemoteUserClaim: "sub", OIDCCookieSameSite: "On",
    OIDCDefaultLoggedOutURL: `http://localhost:${port}/`, OIDCInfoHook: "iat access_token id_token userinfo refresh_token session", ...oidc,
  };
  writeFileSync(at("apache.conf"), [
    `ServerRoot ${dir}`, `ServerName http://localhost:${port}`, `Listen 127.0.0.1:${port}`, `PidFile ${at("pid")}`, "Mutex sem", `DefaultRuntimeDir ${dir}`,
    ...MODULES.map((name) => `LoadModule ${name}_module ${path.join(apacheModules, `mod_${name}.so`)}`),
    ...(userInfo().uid === 0 ? ["User www-data", "Group www-data"] : []),
    `ErrorLog ${at("error.log")}`, "LogLevel warn auth_openidc:warn", "StartServers 1", "ServerLimit 1", "ThreadsPerChild 16", "MaxRequestWorkers 16",
    `DocumentRoot ${at("www")}`, `<Directory ${at("www")}>`, "  Require all granted", "  DirectoryIndex index.html", "</Directory>",
    ...Object.entries(settings).filter(([, value]) => value !== undefined).map(([name, value]) => `${name} ${value}`.replaceAll("{dir}", dir)),
    "<Location /private>", "  AuthType openid-connect", "  Require valid-user", '  Header always set X-Signed-In "expr=%{REMOTE_USER}"', "</Location>", "",
  ].join("\n"));

  const child = spawn(apache, ["-f", at("apache.conf"), "-DFOREGROUND"], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => { said += part; });
  const ended = new Promise((resolve) => child.on("exit", (code, signal) => { child.over = { code, signal }; resolve(); }));
  const close = async () => {
    if (!child.over) child.kill("SIGTERM");
    await ended;
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await until("a ready Apache", () => {
      if (child.over) throw new Error(`Apache ended with ${child.over.code ?? child.over.signal}: ${said}${existsSync(at("error.log")) ? readFileSync(at("error.log"), "utf8") : ""}`);
      return send({ port, path: "/", timeout_ms: 2_000 }).then(({ status }) => status === 200, () => false);
    }, 30_000);
  } catch (failure) {
    await close();
    throw failure;
  }
  return { close, errorLog: at("error.log") };
}
