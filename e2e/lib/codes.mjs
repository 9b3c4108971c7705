// What people type when they have no passkey: codes of an authenticator app, and passwords that another system hashed.

import { createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The bytes of a key as authenticator apps take it (RFC 4648 §6), however it is spaced. */
function fromBase32(text) {
  const bits = [...text.toUpperCase().replace(/[^A-Z2-7]/g, "")].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

/** The code that an app shows at `seconds` (RFC 6238: SHA-1, six digits, thirty seconds). */
export function totp(key, seconds) {
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
  const hash = createHmac("sha1", fromBase32(key)).update(step).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** A code that is wrong at `seconds`, and in the steps around it. */
export function wrongTotp(key, seconds) {
  const near = new Set([-60, -30, 0, 30, 60].map((off) => totp(key, seconds + off)));
  return ["000000", "111111", "222222", "333333", "444444", "555555"].find((code) => !near.has(code));
}

/** A password's hash as another system would have stored it (PHC string format), for `lockgate person password-import`. */
export function pbkdf2(password, iterations = 100_000) {
  const salt = randomBytes(16);
  const bare = (bytes) => bytes.toString("base64").replace(/=+$/, "");
  return `$pbkdf2-sha256$i=${iterations},l=32$${bare(salt)}$${bare(pbkdf2Sync(password, salt, iterations, 32, "sha256"))}`;
}
