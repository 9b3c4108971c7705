//! Registration: WebAuthn L3 §7.1, step by step.

use model::Timestamp;

use crate::{
    Challenge, Fault, NewCredential, RegistrationResponse, RelyingParty,
    attestation::{self, AttestationObject, Claim, TrustPath},
    authenticator_data::{AuthenticatorData, Flags},
    client_data::{self, Ceremony},
    cose, wire,
};

/// What the relying party knows when a registration's answer arrives.
#[derive(Debug, Clone, Copy)]
pub struct RegistrationFacts<'a> {
    /// Us.
    pub rp: &'a RelyingParty,
    /// The challenge of this ceremony. The caller has spent it.
    pub challenge: &'a Challenge,
    /// Whether UP=0 and UV=0 are allowed. True only where the page asked with `mediation: "conditional"`.
    pub allow_unverified_presence: bool,
    /// The present time, for the validity of attestation certificates.
    pub now: Timestamp,
}

/// Verifies a registration. Steps 1 and 2 belong to the page; 3, 4 and the bounds to [`RegistrationResponse::parse`].
///
/// # Errors
/// The [`Fault`] of the first step that fails. Nothing may be stored then.
pub fn verify_registration(
    response: &RegistrationResponse,
    facts: &RegistrationFacts<'_>,
) -> Result<NewCredential, Fault> {
    // §7.1 steps 5 to 11: client data, type, challenge, origin, frames.
    client_data::check(&response.client_data, Ceremony::Create, facts.challenge, facts.rp)?;
    // §7.1 step 12.
    let client_data_hash = crypto::sha256(&response.client_data);
    // §7.1 step 13.
    let object = AttestationObject::parse(&response.attestation_object)?;
    let data = AuthenticatorData::parse(object.authenticator_data)?;
    // §6.5.1: a registration always carries the new credential.
    let credential = data.credential.as_ref().ok_or(Fault::AuthenticatorData)?;
    // §7.1 step 14.
    if !crypto::equal(data.rp_id_hash, &crypto::sha256(facts.rp.id.as_bytes())) {
        return Err(Fault::RpIdHash);
    }
    // §7.1 steps 15 and 16.
    presence(data.flags, facts.allow_unverified_presence)?;
    // §7.1 step 17.
    if data.flags.backed_up() && !data.flags.backup_eligible() {
        return Err(Fault::BackedUpButNotEligible);
    }
    // §7.1 steps 18 and 19: BE and BS are returned below; policy judges them elsewhere.
    // §7.1 step 20: our algorithms, and nothing but the key that each of them goes with.
    let key = cose::public_key(&credential.cose)?;
    // §7.1 steps 21 and 22.
    let claim = Claim {
        authenticator_data: object.authenticator_data,
        client_data_hash: &client_data_hash,
        credential_key: &key,
        aaguid: &credential.aaguid,
    };
    let path = attestation::verify(&object, &claim)?;
    // §7.1 steps 23 and 24. No attestation, self attestation and unknown makers are acceptable here: the passkey then
    // counts as not attested, and the requirement of a path decides whether that is enough.
    let attested = match path {
        TrustPath::None | TrustPath::SelfSigned => false,
        TrustPath::Certificates(path) => attestation::leads_to_root(&path, &facts.rp.attestation_roots, facts.now),
    };
    // §7.1 step 25.
    if credential.credential_id.len() > wire::CREDENTIAL_ID_BYTES_MAX {
        return Err(Fault::CredentialIdLength);
    }
    // §5.1: what the page calls the credential is what the authenticator calls it; the page's id is never empty.
    if credential.credential_id != response.credential_id {
        return Err(Fault::IdMismatch);
    }
    // §7.1 step 26, an id that no person has yet: the precondition of the shell's insert.
    // §7.1 step 27. Step 28, extensions: none of their outputs changes what we decide. Step 29: the shell stores.
    Ok(NewCredential {
        credential_id: credential.credential_id.to_vec(),
        public_key: credential.public_key.to_vec(),
        algorithm: key.algorithm(),
        sign_count: data.sign_count,
        backup_eligible: data.flags.backup_eligible(),
        backed_up: data.flags.backed_up(),
        user_verified: data.flags.user_verified(),
        aaguid: credential.aaguid,
        transports: response.transports.clone(),
        attested,
        attestation_object: response.attestation_object.clone(),
    })
}

/// §7.1 step 15: present, unless the page asked conditionally. §7.1 step 16: verified, since our options require it;
/// a conditional creation can't keep that promise, and its caller ranks the passkey by `user_verified`.
fn presence(flags: Flags, allow_unverified_presence: bool) -> Result<(), Fault> {
    if allow_unverified_presence {
        return Ok(());
    }
    if !flags.user_present() {
        return Err(Fault::UserNotPresent);
    }
    if !flags.user_verified() {
        return Err(Fault::UserNotVerified);
    }
    Ok(())
}
