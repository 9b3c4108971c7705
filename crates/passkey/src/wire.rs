//! What the page sends: RegistrationResponseJSON and AuthenticationResponseJSON (WebAuthn L3 §5.1), bounded before
//! they are parsed, decoded once.
//!
//! Members that repeat what the attestation object says (`authenticatorData`, `publicKey`) are for pages that can't
//! read CBOR; they are not read here, and neither are client extension outputs.

use std::fmt;

use serde::{Deserialize, de::DeserializeOwned};

use crate::{Fault, Transport};

/// Most bytes in the page's JSON.
pub const RESPONSE_BYTES_MAX: usize = 64 * 1024;
/// Most bytes in a credential id (§4, Credential ID).
pub const CREDENTIAL_ID_BYTES_MAX: usize = 1023;
/// Most bytes in a user handle (§5.4.3).
const USER_HANDLE_BYTES_MAX: usize = 64;
/// Most transports that are kept.
const TRANSPORTS_MAX: usize = 8;

/// A registration's answer, decoded but not yet believed.
#[derive(Clone, PartialEq, Eq)]
pub struct RegistrationResponse {
    pub(crate) credential_id: Vec<u8>,
    pub(crate) client_data: Vec<u8>,
    pub(crate) attestation_object: Vec<u8>,
    pub(crate) transports: Vec<Transport>,
}

/// An assertion's answer, decoded but not yet believed.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthenticationResponse {
    pub(crate) credential_id: Vec<u8>,
    pub(crate) client_data: Vec<u8>,
    pub(crate) authenticator_data: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) user_handle: Option<Vec<u8>>,
}

impl RegistrationResponse {
    /// Reads RegistrationResponseJSON.
    ///
    /// # Errors
    /// [`Fault::TooLarge`], [`Fault::Json`], [`Fault::Base64`], [`Fault::CredentialType`], [`Fault::IdMismatch`] or
    /// [`Fault::CredentialIdLength`].
    pub fn parse(json: &[u8]) -> Result<Self, Fault> {
        let raw: Raw<RawAttestation> = read(json)?;
        let credential_id = raw.credential_id()?;
        let mut transports = Vec::new();
        for word in raw.response.transports.unwrap_or_default() {
            // §5.8.4: unknown names are ignored, and so are repetitions.
            let known = Transport::from_word(&word).filter(|transport| !transports.contains(transport));
            if let Some(transport) = known
                && transports.len() < TRANSPORTS_MAX
            {
                transports.push(transport);
            }
        }
        Ok(Self {
            credential_id,
            client_data: decode(&raw.response.client_data)?,
            attestation_object: decode(&raw.response.attestation_object)?,
            transports,
        })
    }

    /// The credential id that the page named. Nothing is proved yet.
    #[must_use]
    pub fn credential_id(&self) -> &[u8] {
        &self.credential_id
    }
}

impl AuthenticationResponse {
    /// Reads AuthenticationResponseJSON.
    ///
    /// # Errors
    /// As [`RegistrationResponse::parse`], and [`Fault::UserHandleMismatch`] for a user handle longer than any may be.
    pub fn parse(json: &[u8]) -> Result<Self, Fault> {
        let raw: Raw<RawAssertion> = read(json)?;
        let user_handle = raw.response.user_handle.as_deref().map(decode).transpose()?;
        if user_handle.as_ref().is_some_and(|handle| handle.len() > USER_HANDLE_BYTES_MAX) {
            return Err(Fault::UserHandleMismatch);
        }
        Ok(Self {
            credential_id: raw.credential_id()?,
            client_data: decode(&raw.response.client_data)?,
            authenticator_data: decode(&raw.response.authenticator_data)?,
            signature: decode(&raw.response.signature)?,
            user_handle,
        })
    }

    /// The credential id that the page named, for looking up the passkey. Nothing is proved yet.
    #[must_use]
    pub fn credential_id(&self) -> &[u8] {
        &self.credential_id
    }

    /// The user handle that the authenticator gave, if it did. Nothing is proved yet.
    #[must_use]
    pub fn user_handle(&self) -> Option<&[u8]> {
        self.user_handle.as_deref()
    }
}

impl fmt::Debug for RegistrationResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RegistrationResponse(…)")
    }
}

impl fmt::Debug for AuthenticationResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthenticationResponse(…)")
    }
}

/// The part that both answers share.
#[derive(Deserialize)]
struct Raw<R> {
    id: String,
    #[serde(rename = "rawId")]
    raw_id: String,
    #[serde(rename = "type")]
    kind: String,
    response: R,
}

#[derive(Deserialize)]
struct RawAttestation {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    #[serde(rename = "attestationObject")]
    attestation_object: String,
    transports: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct RawAssertion {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    #[serde(rename = "authenticatorData")]
    authenticator_data: String,
    signature: String,
    #[serde(rename = "userHandle")]
    user_handle: Option<String>,
}

impl<R> Raw<R> {
    /// The credential id, once type and both spellings of the id agree.
    fn credential_id(&self) -> Result<Vec<u8>, Fault> {
        if self.kind != "public-key" {
            return Err(Fault::CredentialType);
        }
        // Canonical base64url has one spelling for each id, so comparing the texts compares the bytes.
        if self.id != self.raw_id {
            return Err(Fault::IdMismatch);
        }
        let id = decode(&self.raw_id)?;
        if id.is_empty() || id.len() > CREDENTIAL_ID_BYTES_MAX {
            return Err(Fault::CredentialIdLength);
        }
        Ok(id)
    }
}

fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, Fault> {
    if json.len() > RESPONSE_BYTES_MAX {
        return Err(Fault::TooLarge);
    }
    // RFC 8259 §8.1: UTF-8 throughout. The library would pass over other bytes in members that nobody reads.
    let text = std::str::from_utf8(json).map_err(|_| Fault::Json)?;
    serde_json::from_str(text).map_err(|_| Fault::Json)
}

fn decode(text: &str) -> Result<Vec<u8>, Fault> {
    crypto::from_b64u(text).map_err(|_| Fault::Base64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ATTESTATION: &str = r#"{"id":"AQID","rawId":"AQID","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"oA","transports":["internal","hybrid","internal","smoke-signal"],"publicKey":"not read"},"clientExtensionResults":{"credProps":{"rk":true}}}"#;
    const ASSERTION: &str = r#"{"id":"AQID","rawId":"AQID","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AA","signature":"MA","userHandle":"BwcH"}}"#;

    #[track_caller]
    fn check_assertion(from: &str, to: &str, expected: Fault) {
        assert!(ASSERTION.contains(from));
        assert_eq!(AuthenticationResponse::parse(ASSERTION.replace(from, to).as_bytes()), Err(expected));
    }

    #[test]
    fn honest_answers() {
        let answer = RegistrationResponse::parse(ATTESTATION.as_bytes()).unwrap();
        assert_eq!(answer.credential_id(), [1, 2, 3]);
        assert_eq!(answer.transports, [Transport::Internal, Transport::Hybrid]);
        let answer = AuthenticationResponse::parse(ASSERTION.as_bytes()).unwrap();
        assert_eq!((answer.credential_id(), answer.user_handle()), (&[1, 2, 3][..], Some(&[7, 7, 7][..])));
        let anonymous = ASSERTION.replace(r#""BwcH""#, "null");
        assert_eq!(AuthenticationResponse::parse(anonymous.as_bytes()).unwrap().user_handle(), None);
    }

    #[test]
    fn answers_do_not_print_themselves() {
        let answer = AuthenticationResponse::parse(ASSERTION.as_bytes()).unwrap();
        assert_eq!(format!("{answer:?}"), "AuthenticationResponse(…)");
        let answer = RegistrationResponse::parse(ATTESTATION.as_bytes()).unwrap();
        assert_eq!(format!("{answer:?}"), "RegistrationResponse(…)");
    }

    #[test]
    fn bytes_that_are_no_utf8_are_refused_where_nobody_looks_as_well() {
        let unread = ASSERTION.replace("\"type\"", "\"unread\":\"??\",\"type\"");
        assert!(AuthenticationResponse::parse(unread.as_bytes()).is_ok());
        let mut bytes = unread.into_bytes();
        let at = bytes.iter().position(|byte| *byte == b'?').unwrap();
        bytes[at] = 0xff;
        assert_eq!(AuthenticationResponse::parse(&bytes), Err(Fault::Json));
    }

    #[test]
    fn flawed_answers() {
        check_assertion("public-key", "password", Fault::CredentialType);
        check_assertion(r#""id":"AQID""#, r#""id":"AQIE""#, Fault::IdMismatch);
        check_assertion("AQID", "", Fault::CredentialIdLength);
        check_assertion("AQID", &crypto::b64u(&[1; CREDENTIAL_ID_BYTES_MAX + 1]), Fault::CredentialIdLength);
        check_assertion("AQID", "AQI=", Fault::Base64);
        check_assertion("\"AA\"", "\"AB\"", Fault::Base64); // unused bits set
        check_assertion("\"MA\"", "\"M+\"", Fault::Base64); // the other alphabet
        check_assertion("BwcH", &crypto::b64u(&[7; 65]), Fault::UserHandleMismatch);
        check_assertion(r#","signature":"MA""#, "", Fault::Json);
        check_assertion(r#""signature":"MA""#, r#""signature":"MA","signature":"MA""#, Fault::Json);
        check_assertion("{", "[", Fault::Json);
        check_assertion("\"e30\"", "7", Fault::Json);
        check_assertion("e30", &"A".repeat(RESPONSE_BYTES_MAX), Fault::TooLarge);
        let nested = format!(r#"{{"x":{}}}"#, "[".repeat(5000));
        assert_eq!(RegistrationResponse::parse(nested.as_bytes()), Err(Fault::Json));
    }
}
