// What a request must show: an access token of the right kind (RFC 9068), the key that the token is bound to (RFC 9449), the scope, and
// a sign-in that was strong and recent enough (RFC 9470).

import { createHash } from "node:crypto";
import { calculateJwkThumbprint, createRemoteJWKSet, EmbeddedJWK, errors, jwtVerify } from "jose";

const TOKEN_ALGORITHMS = ["ES256", "EdDSA", "PS256", "RS256"];
const PROOF_ALGORITHMS = ["ES256", "EdDSA", "PS256"];
const PROOF_SECONDS = { past: 60, future: 10 };
const PROOFS_MAX = 100_000;

/** A refusal. `challenge` holds the members of WWW-Authenticate; without it there is none. */
export class Refused extends Error {
  constructor(status, challenge) {
    super(challenge?.error ?? `status ${status}`);
    Object.assign(this, { status, challenge });
  }
}

const badToken = (error_description) => new Refused(401, { error: "invalid_token", error_description });
const badProof = (error_description) => new Refused(401, { error: "invalid_dpop_proof", error_description });

/** The issuer's published keys, by its metadata (RFC 8414 §3). They are cached, and fetched again when an unknown key signs. */
export async function keysOf(issuer) {
  const answer = await fetch(`${issuer}/.well-known/oauth-authorization-server`, { redirect: "error" });
  const metadata = await answer.json();
  if (metadata.issuer !== issuer) throw new Error(`the metadata is of ${metadata.issuer}, not of ${issuer}`);
  return createRemoteJWKSet(new URL(metadata.jwks_uri));
}

export class TokenCheck {
  static proofAlgorithms = PROOF_ALGORITHMS;
  #proofs = new Map(); // proofs seen, with the moment after which their age alone refuses them

  constructor({ issuer, resource, keys, now }) {
    Object.assign(this, { issuer, resource, keys, now });
  }

  /** The claims of the token, if it opens this route. */
  async admit(request, { scope, acr_values, max_age }) {
    const { scheme, token } = presented(request);
    const claims = await this.#token(token);
    await this.#binding(request, scheme, token, claims.cnf);
    if (!(claims.scope ?? "").split(" ").includes(scope)) throw new Refused(403, { error: "insufficient_scope", scope });
    this.#signIn(claims, acr_values, max_age);
    return claims;
  }

  /** RFC 9068 §4. The type is what keeps an ID token, which the same keys sign, from opening an API. */
  async #token(token) {
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        typ: "at+jwt", issuer: this.issuer, audience: this.resource, algorithms: TOKEN_ALGORITHMS, currentDate: new Date(this.now()),
        requiredClaims: ["exp", "iat", "sub", "client_id", "jti"],
      });
      return payload;
    } catch (error) {
      if (isOurTrouble(error)) throw error;
      throw badToken("the token is not of this issuer, not for this API, or over");
    }
  }

  /** RFC 9449 §7.2: a bound token is worth nothing without its key, and shown as `Bearer` it is somebody's mistake or theft. */
  async #binding(request, scheme, token, confirmation) {
    if (confirmation && !confirmation.jkt) throw badToken("the token is bound in a way that this API can't check");
    if ((scheme === "dpop") !== (confirmation !== undefined)) throw badToken("the token and the scheme don't belong together");
    if (confirmation && (await this.#proof(request, token)) !== confirmation.jkt) throw badProof("another key than the token's");
  }

  /** RFC 9449 §4.3: checks the request's one proof and returns the thumbprint of its key. */
  async #proof(request, token) {
    const sent = request.headersDistinct.dpop ?? [];
    if (sent.length !== 1) throw badProof("one proof is needed");
    let proof;
    try {
      proof = await jwtVerify(sent[0], EmbeddedJWK, { typ: "dpop+jwt", algorithms: PROOF_ALGORITHMS, currentDate: new Date(this.now()) });
    } catch {
      throw badProof("the proof can't be verified");
    }
    const { htm, htu, iat, jti, ath } = proof.payload;
    const target = sameTarget(this.resource + request.url);
    if (!target || htm !== request.method || sameTarget(htu) !== target) throw badProof("for another request");
    if (ath !== createHash("sha256").update(token).digest("base64url")) throw badProof("for another token");
    const age = this.now() / 1000 - iat;
    if (!(age <= PROOF_SECONDS.past && age >= -PROOF_SECONDS.future)) throw badProof("too old, or from the future");
    const thumbprint = await calculateJwkThumbprint(proof.protectedHeader.jwk);
    this.#once(thumbprint, jti);
    return thumbprint;
  }

  /** RFC 9449 §11.1: a proof counts once. When the memory is full, the answer is no: forgetting would let proofs count again. */
  #once(thumbprint, jti) {
    if (typeof jti !== "string" || jti === "") throw badProof("without an id");
    for (const [seen, until] of this.#proofs) if (until < this.now()) this.#proofs.delete(seen); else break;
    const key = createHash("sha256").update(`${thumbprint} ${jti}`).digest("base64url");
    if (this.#proofs.has(key)) throw badProof("used before");
    if (this.#proofs.size >= PROOFS_MAX) throw new Refused(503);
    this.#proofs.set(key, this.now() + (PROOF_SECONDS.past + PROOF_SECONDS.future) * 1000);
  }

  /** RFC 9470 §3: the token is good, but the person must show more, or show it again. The challenge says what. */
  #signIn({ acr, auth_time }, acr_values, max_age) {
    const strong = !acr_values || acr_values.includes(acr) || (acr === "phrh" && acr_values.includes("phr"));
    const recent = max_age === undefined || (typeof auth_time === "number" && this.now() / 1000 - auth_time <= max_age);
    if (strong && recent) return;
    throw new Refused(401, {
      error: "insufficient_user_authentication",
      error_description: strong ? "a more recent sign-in is needed" : "a stronger sign-in is needed",
      ...(acr_values && { acr_values: acr_values.join(" ") }),
      ...(max_age !== undefined && { max_age: `${max_age}` }),
    });
  }
}

/** The token, which comes in the header and nowhere else (RFC 6750 §2.1). Nothing sent, nothing explained (§3.1). */
function presented(request) {
  const sent = request.headersDistinct.authorization ?? [];
  if (sent.length === 0) throw new Refused(401, {});
  const [, scheme, token] = /^(Bearer|DPoP) +([A-Za-z0-9._~+/-]+=*)$/i.exec(sent.length === 1 ? sent[0] : "") ?? [];
  if (!token || token.length > 8192) throw new Refused(400, { error: "invalid_request" });
  return { scheme: scheme.toLowerCase(), token };
}

/** `htu` is compared after normalization, without query and fragment (RFC 9449 §4.3). */
function sameTarget(address) {
  if (!URL.canParse(address)) return undefined;
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}

/** Whether verification failed for want of the issuer's keys, which says nothing about the token. */
const isOurTrouble = (error) =>
  !(error instanceof errors.JOSEError) || ["ERR_JOSE_GENERIC", "ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID"].includes(error.code);
