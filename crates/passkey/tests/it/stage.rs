//! What every test needs: a relying party, challenges, and one call for each half of a ceremony.

use model::{PasskeyId, PersonId, Strength, Timestamp};
use passkey::{
    Assertion, AttestationWanted, AuthenticationFacts, AuthenticationResponse, Challenge, Fault, NewCredential,
    Passkey, RegistrationFacts, RegistrationResponse, RelyingParty, verify_authentication, verify_registration,
};
use testkit::catalogue::{NOW_SECONDS, ORIGIN, RP_ID, USER_HANDLE};

/// When every ceremony takes place.
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(NOW_SECONDS);

/// A relying party that trusts `root` and expects no frames.
pub(crate) fn rp(root: &[u8]) -> RelyingParty {
    RelyingParty {
        id: RP_ID.into(),
        name: "Example".into(),
        origins: vec![ORIGIN.into()],
        top_origins: Vec::new(),
        attestation_roots: vec![root.to_vec()],
    }
}

/// The options of our own engine for a registration.
pub(crate) fn creation_options(rp: &RelyingParty, challenge: &Challenge, exclude: &[&[u8]]) -> String {
    let wanted = AttestationWanted::Direct;
    passkey::creation_options_json(rp, &USER_HANDLE, "ada", "Ada", challenge, exclude, wanted)
}

/// Parses and verifies a registration.
pub(crate) fn register(rp: &RelyingParty, challenge: &Challenge, json: &str) -> Result<NewCredential, Fault> {
    let response = RegistrationResponse::parse(json.as_bytes())?;
    verify_registration(&response, &RegistrationFacts { rp, challenge, allow_unverified_presence: false, now: NOW })
}

/// Parses and verifies an assertion by the person of the catalogue.
pub(crate) fn authenticate(
    rp: &RelyingParty,
    challenge: &Challenge,
    passkey: &Passkey,
    json: &str,
) -> Result<Assertion, Fault> {
    let response = AuthenticationResponse::parse(json.as_bytes())?;
    verify_authentication(&response, &AuthenticationFacts { rp, challenge, passkey, user_handle: &USER_HANDLE })
}

/// Stores a credential as the shell would.
pub(crate) fn stored(new: NewCredential) -> Passkey {
    Passkey {
        id: PasskeyId::from_bytes([1; 16]),
        person: PersonId::from_bytes([2; 16]),
        credential_id: new.credential_id,
        public_key: new.public_key,
        algorithm: new.algorithm,
        sign_count: new.sign_count,
        backup_eligible: new.backup_eligible,
        backed_up: new.backed_up,
        user_verified: new.user_verified,
        aaguid: new.aaguid,
        transports: new.transports,
        attested: new.attested,
        attestation_object: new.attestation_object,
        binding: Strength::Passkey,
        noticed: None,
        confirmed: None,
        created: NOW,
        last_used: None,
        label: Vec::new(),
    }
}
