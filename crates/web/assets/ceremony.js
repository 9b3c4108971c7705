// Passkey ceremonies: JSON to our own server, WebAuthn in between, and the signals that keep password managers tidy.

import { say } from "./page.js";

/** A refusal: `problem` holds the server's `code`, `title` and `detail`, or only a `code` when the server was not heard. */
export class Refused extends Error {
  constructor(problem) {
    super(problem.code);
    this.problem = problem;
  }
}

/** Posts `body` and returns the answer; throws Refused otherwise. */
export async function post(path, body, options = {}) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(body),
      redirect: "error",
      ...options,
    });
  } catch (cause) {
    if (cause.name === "AbortError") throw cause;
    throw new Refused({ code: "offline" });
  }
  const answer = await response.json().catch(() => null);
  if (response.ok && answer) return answer;
  throw new Refused(answer?.code ? answer : { code: "unexpected" });
}

/** Goes to a path of our own, and nowhere else. Leaves no spent page behind for the back button. */
export function goTo(next) {
  const url = new URL(next, location.origin);
  if (url.origin !== location.origin) throw new Refused({ code: "unexpected" });
  location.replace(url);
}

export const supported = () =>
  window.isSecureContext && "PublicKeyCredential" in window && Boolean(navigator.credentials?.create);

export const autofillPossible = async () =>
  supported() && Boolean(await PublicKeyCredential.isConditionalMediationAvailable?.());

/** Names of what this browser says it can do (WebAuthn L3 §5.8.7), for the record of the attempt. */
export async function capabilities() {
  try {
    if (PublicKeyCredential.getClientCapabilities) {
      const all = await PublicKeyCredential.getClientCapabilities();
      return Object.keys(all).filter((name) => all[name] && !name.includes(":")).slice(0, 32);
    }
    const asked = {
      conditionalGet: PublicKeyCredential.isConditionalMediationAvailable?.(),
      userVerifyingPlatformAuthenticator: PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable?.(),
    };
    const names = Object.keys(asked);
    const answers = await Promise.all(Object.values(asked));
    return names.filter((_, index) => answers[index]);
  } catch {
    return [];
  }
}

/**
 * Runs a sign-in journey's ceremony and returns the server's answer. An attempt that ends in the browser is reported, unless we
 * ended it ourselves through `signal`.
 */
export async function prove(journey, { mediation = "modal", signal, name, since } = {}) {
  const modal = mediation === "modal";
  // Said before the request for options, so that a screen reader has spoken when the prompt opens.
  if (modal) say("asking");
  const { publicKey } = await post("/api/ceremony/sign-in/options", { journey }, { signal });
  const began = performance.now();
  const elapsed = () => Math.round(performance.now() - (since?.() || began));
  let credential;
  try {
    credential = await navigator.credentials.get({
      publicKey: requestOptions(publicKey), signal, ...(modal ? {} : { mediation }),
    });
  } catch (error) {
    if (!signal?.aborted) {
      const told = { journey, error: String(error.name), elapsed_ms: elapsed(), capabilities: await capabilities(), mediation };
      post("/api/ceremony/sign-in/cancelled", told, { keepalive: true }).catch(() => {});
    }
    throw error;
  }
  say("checking");
  const answer = await post("/api/ceremony/sign-in/result", {
    journey, credential: toJson(credential), mediation,
    name: name?.() || undefined, elapsed_ms: elapsed(), capabilities: await capabilities(),
  });
  await signalAccepted(answer.signal);
  return answer;
}

/** Makes a passkey; returns its JSON with the attachment that says where it went. `how` may hold a mediation and a signal. */
export async function make(publicKey, how = {}) {
  return toJson(await navigator.credentials.create({ publicKey: creationOptions(publicKey), ...how }));
}

// Signal API (WebAuthn L3 §5.1.10). Hints to password managers: a browser without them, or one that refuses, changes nothing for us.
const signals = async (method, facts) => {
  try {
    if (facts && supported()) await PublicKeyCredential[method]?.(facts);
  } catch {
    // A hint that is not taken.
  }
};
export const signalAccepted = (facts) => signals("signalAllAcceptedCredentials", facts);
export const signalUnknown = (facts) => signals("signalUnknownCredential", facts);
export const signalDetails = (facts) => signals("signalCurrentUserDetails", facts);

// JSON forms (WebAuthn L3 §5.1.8 to §5.1.10), by hand where the browser or a password manager's own object lacks them.
const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
const toText = (buffer) =>
  btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const descriptor = (item) => ({ ...item, id: toBytes(item.id) });

function requestOptions(json) {
  if (PublicKeyCredential.parseRequestOptionsFromJSON) return PublicKeyCredential.parseRequestOptionsFromJSON(json);
  return { ...json, challenge: toBytes(json.challenge), allowCredentials: (json.allowCredentials ?? []).map(descriptor) };
}

function creationOptions(json) {
  if (PublicKeyCredential.parseCreationOptionsFromJSON) return PublicKeyCredential.parseCreationOptionsFromJSON(json);
  return {
    ...json,
    challenge: toBytes(json.challenge),
    user: { ...json.user, id: toBytes(json.user.id) },
    excludeCredentials: (json.excludeCredentials ?? []).map(descriptor),
  };
}

function toJson(credential) {
  try {
    return credential.toJSON();
  } catch {
    // Not there, or a password manager's object that can't be read this way.
  }
  const { response } = credential;
  const parts = { clientDataJSON: toText(response.clientDataJSON) };
  for (const part of ["authenticatorData", "signature", "userHandle", "attestationObject"]) {
    if (response[part]) parts[part] = toText(response[part]);
  }
  if (response.getTransports) parts.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    response: parts,
    clientExtensionResults: credential.getClientExtensionResults?.() ?? {},
  };
}
