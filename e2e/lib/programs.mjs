// Where the programs under test stand.

import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The repository. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** The server under test. */
export const lockgate = process.env.LOCKGATE_BIN ?? path.join(root, "target/debug/lockgate");

/** A browser. */
export const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Apache, and where its modules stand (Debian: apache2-bin, libapache2-mod-auth-openidc). */
export const apache = process.env.APACHE ?? "/usr/sbin/apache2";
export const apacheModules = process.env.APACHE_MODULES ?? "/usr/lib/apache2/modules";

const venv = path.join(root, ".venv/bin/python");
/** A Python that has the packages of requirements.txt. */
export const python = process.env.PYTHON ?? (existsSync(venv) ? venv : "python3");

/**
 * A program of the workspace: the file that the environment's `variable` names, else cargo, which builds it when it has changed.
 * Returns [program, arguments].
 */
export function built(variable, cargoArguments) {
  const named = process.env[variable];
  return named ? [named, []] : ["cargo", ["run", "--quiet", "--locked", ...cargoArguments]];
}
