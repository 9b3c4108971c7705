// A small authenticator and the browser's part around it, in Node: for tests that need many sign-ins and no pages.

import { createHash, createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import { b64u, cbor, fromB64u } from "./bytes.mjs";

const UP = 0x01, UV = 0x04, BE = 0x08, BS = 0x10, AT = 0x40;
const sha256 = (bytes) => createHash("sha256").update(bytes).digest();

/** One ES256 passkey that lives in this process. Synced unless told otherwise. */
export class SoftPasskey {
  constructor({ synced = true, id = randomBytes(32) } = {}) {
    this.id = id;
    this.synced = synced;
    this.count = 0;
    this.pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.userHandle = null;
  }

  /** Answers PublicKeyCredentialCreationOptionsJSON (WebAuthn L3 §5.4) with attestation "none". */
  create(options, origin) {
    this.rpId = options.rp.id;
    this.userHandle = fromB64u(options.user.id);
    const { x, y } = this.pair.publicKey.export({ format: "jwk" });
    const key = cbor(new Map([[1, 2], [3, -7], [-1, 1], [-2, fromB64u(x)], [-3, fromB64u(y)]]));
    const length = Buffer.of(this.id.length >> 8, this.id.length & 0xff);
    const data = Buffer.concat([this.#head(AT), Buffer.alloc(16), length, this.id, key]);
    const attestation = cbor(new Map([["fmt", "none"], ["attStmt", new Map()], ["authData", data]]));
    return this.#credential({
      clientDataJSON: b64u(clientData("webauthn.create", options.challenge, origin)),
      attestationObject: b64u(attestation),
      transports: ["internal", "hybrid"],
    });
  }

  /** Answers PublicKeyCredentialRequestOptionsJSON. `change` may replace parts, for answers that must be refused. */
  get(options, origin, change = {}) {
    if (!this.synced) this.count += 1;
    const client = change.clientData ?? clientData("webauthn.get", options.challenge, origin);
    const data = change.authenticatorData ?? this.#head(0);
    const signature = createSign("sha256").update(data).update(sha256(client)).sign(this.pair.privateKey);
    return this.#credential({
      clientDataJSON: b64u(client),
      authenticatorData: b64u(data),
      signature: b64u(change.signature ?? signature),
      userHandle: b64u(change.userHandle ?? this.userHandle),
    }, change.id);
  }

  #head(extra) {
    const flags = UP | UV | extra | (this.synced ? BE | BS : 0);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(this.count);
    return Buffer.concat([sha256(this.rpId), Buffer.of(flags), count]);
  }

  #credential(response, id = this.id) {
    return {
      id: b64u(id), rawId: b64u(id), type: "public-key", authenticatorAttachment: "platform",
      response, clientExtensionResults: {},
    };
  }
}

/** Client data as browsers write it (WebAuthn L3 §5.8.1.1). */
export const clientData = (type, challenge, origin) =>
  Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
