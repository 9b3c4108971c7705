//! The options that a page hands to `navigator.credentials`, in the standard's JSON (WebAuthn L3 §5.1.8, §5.1.9).

use serde_json::{Value, json};

use crate::{AttestationWanted, Challenge, RelyingParty, cose};

/// How long a person has, in milliseconds: five minutes (§15.1 advises five to ten where the person is verified).
pub const CEREMONY_TIMEOUT_MILLIS: u32 = 300_000;

/// PublicKeyCredentialCreationOptionsJSON (§5.1.8).
///
/// A passkey here is always discoverable and always verifies the person; `exclude` holds the credential ids that the
/// person has already, so that one authenticator is not enrolled twice.
#[must_use]
pub fn creation_options_json(
    rp: &RelyingParty,
    user_handle: &[u8; 32],
    user_name: &str,
    display_name: &str,
    challenge: &Challenge,
    exclude: &[&[u8]],
    attestation: AttestationWanted,
) -> String {
    let user = User { handle: user_handle, name: user_name, display_name };
    creation(rp, &user, challenge, exclude, attestation, "required")
}

/// The same for `mediation: "conditional"`: the browser makes a passkey by itself after a password sign-in, and need not
/// ask the person (§5.1.3). Nobody may be there to be verified, so verification is preferred only, and the answer is
/// judged with [`crate::RegistrationFacts::allow_unverified_presence`].
#[must_use]
pub fn conditional_creation_options_json(
    rp: &RelyingParty,
    user_handle: &[u8; 32],
    user_name: &str,
    display_name: &str,
    challenge: &Challenge,
    exclude: &[&[u8]],
) -> String {
    let user = User { handle: user_handle, name: user_name, display_name };
    creation(rp, &user, challenge, exclude, AttestationWanted::None, "preferred")
}

struct User<'a> {
    handle: &'a [u8; 32],
    name: &'a str,
    display_name: &'a str,
}

fn creation(
    rp: &RelyingParty,
    user: &User<'_>,
    challenge: &Challenge,
    exclude: &[&[u8]],
    attestation: AttestationWanted,
    user_verification: &str,
) -> String {
    let offered: Vec<Value> =
        cose::OFFERED.iter().map(|alg| json!({"type": "public-key", "alg": alg.cose_id()})).collect();
    let exclude: Vec<Value> = exclude.iter().map(|id| json!({"type": "public-key", "id": crypto::b64u(id)})).collect();
    let formats: &[&str] = match attestation {
        AttestationWanted::None => &[],
        // §5.4 attestationFormats: the one format whose maker's statement we can check.
        AttestationWanted::Direct => &["packed"],
    };
    json!({
        "rp": {"id": rp.id, "name": rp.name},
        "user": {"id": crypto::b64u(user.handle), "name": user.name, "displayName": user.display_name},
        "challenge": challenge.b64u(),
        "pubKeyCredParams": offered,
        "timeout": CEREMONY_TIMEOUT_MILLIS,
        "excludeCredentials": exclude,
        // §5.4.4: `requireResidentKey` repeats `residentKey` for browsers of Level 1.
        "authenticatorSelection":
            {"residentKey": "required", "requireResidentKey": true, "userVerification": user_verification},
        "hints": [],
        "attestation": attestation.as_str(),
        "attestationFormats": formats,
        "extensions": {"credProps": true},
    })
    .to_string()
}

/// PublicKeyCredentialRequestOptionsJSON (§5.1.9). `allowCredentials` is always empty: the person need not be known
/// before the passkey names them, and nobody learns which passkeys exist (§14.6.2).
#[must_use]
pub fn request_options_json(rp: &RelyingParty, challenge: &Challenge) -> String {
    json!({
        "challenge": challenge.b64u(),
        "timeout": CEREMONY_TIMEOUT_MILLIS,
        "rpId": rp.id,
        "allowCredentials": [],
        "userVerification": "required",
        "hints": [],
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rp() -> RelyingParty {
        RelyingParty {
            id: "example.org".into(),
            name: "Example \"&\" Söhne".into(),
            origins: Vec::new(),
            top_origins: Vec::new(),
            attestation_roots: Vec::new(),
        }
    }

    #[test]
    fn creation_options() {
        let challenge = Challenge::from_bytes([1; 32]);
        let text =
            creation_options_json(&rp(), &[2; 32], "ada", "Ada", &challenge, &[&[3, 3, 3]], AttestationWanted::Direct);
        let options: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            options,
            json!({
                "rp": {"id": "example.org", "name": "Example \"&\" Söhne"},
                "user": {"id": "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI", "name": "ada", "displayName": "Ada"},
                "challenge": "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE",
                "pubKeyCredParams": [
                    {"type": "public-key", "alg": -8},
                    {"type": "public-key", "alg": -7},
                    {"type": "public-key", "alg": -257},
                    {"type": "public-key", "alg": -35},
                    {"type": "public-key", "alg": -36},
                ],
                "timeout": 300_000,
                "excludeCredentials": [{"type": "public-key", "id": "AwMD"}],
                "authenticatorSelection": {"residentKey": "required", "requireResidentKey": true, "userVerification": "required"},
                "hints": [],
                "attestation": "direct",
                "attestationFormats": ["packed"],
                "extensions": {"credProps": true},
            })
        );
    }

    #[test]
    fn a_conditional_creation_differs_in_verification_only() {
        let challenge = Challenge::from_bytes([1; 32]);
        let modal = creation_options_json(&rp(), &[2; 32], "ada", "Ada", &challenge, &[], AttestationWanted::None);
        let conditional = conditional_creation_options_json(&rp(), &[2; 32], "ada", "Ada", &challenge, &[]);
        assert_eq!(conditional, modal.replace(r#""userVerification":"required""#, r#""userVerification":"preferred""#));
        assert_ne!(conditional, modal);
    }

    #[test]
    fn request_options() {
        let options: Value =
            serde_json::from_str(&request_options_json(&rp(), &Challenge::from_bytes([1; 32]))).unwrap();
        assert_eq!(
            options,
            json!({
                "challenge": "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE",
                "timeout": 300_000,
                "rpId": "example.org",
                "allowCredentials": [],
                "userVerification": "required",
                "hints": [],
            })
        );
    }
}
