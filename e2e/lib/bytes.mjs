// Bytes and their texts.

/** Base64url without padding, both ways. */
export const b64u = (bytes) => Buffer.from(bytes).toString("base64url");
export const fromB64u = (text) => Buffer.from(text, "base64url");

/** The CBOR that authenticators write (RFC 8949 §4.2.1): integers, texts, byte strings, maps in the order given. */
export function cbor(value) {
  if (typeof value === "number") return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Map) {
    return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, item]) => [cbor(key), cbor(item)])]);
  }
  return Buffer.concat([head(2, value.length), value]);
}

function head(major, count) {
  const kind = major << 5;
  if (count < 24) return Buffer.of(kind | count);
  if (count < 0x100) return Buffer.of(kind | 24, count);
  return Buffer.of(kind | 25, count >> 8, count & 0xff);
}
