// Judges passkey ceremonies with @simplewebauthn/server, which shares no code with Lockgate.

import {
  SettingsService, verifyAuthenticationResponse, verifyRegistrationResponse,
} from "@simplewebauthn/server";

const OFFERED = [-8, -7, -257, -35, -36];

const pem = (der) => `-----BEGIN CERTIFICATE-----\n${der.match(/.{1,64}/g).join("\n")}\n-----END CERTIFICATE-----\n`;

async function register({ rp, registration }) {
  SettingsService.setRootCertificates({ identifier: "packed", certificates: rp.attestationRoots.map(pem) });
  return verifyRegistrationResponse({
    response: registration.response,
    expectedChallenge: registration.challenge,
    expectedOrigin: rp.origins,
    expectedRPID: rp.id,
    requireUserPresence: true,
    requireUserVerification: true,
    supportedAlgorithmIDs: OFFERED,
  });
}

async function authenticate(ceremony) {
  const { verified, registrationInfo } = await register(ceremony);
  if (!verified) throw new Error("the honest registration before it was refused");
  const { id, publicKey, transports } = registrationInfo.credential;
  const { rp, authentication } = ceremony;
  return verifyAuthenticationResponse({
    response: authentication.response,
    expectedChallenge: authentication.challenge,
    expectedOrigin: rp.origins,
    expectedRPID: rp.id,
    requireUserVerification: true,
    credential: { id, publicKey, transports, counter: authentication.storedSignCount },
  });
}

/** `{ok, why}`, as oracle.py answers. */
export async function judge(ceremony) {
  try {
    const { verified } = await (ceremony.part === "registration" ? register : authenticate)(ceremony);
    return { ok: verified, why: verified ? null : "not verified" };
  } catch (refusal) {
    return { ok: false, why: String(refusal.message).slice(0, 160) };
  }
}
