//! The browser's part: reading options and writing client data.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

use crate::knobs::Knobs;

/// Why a ceremony did not come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The options are not what the standard describes.
    Options,
    /// None of the algorithms offered is known to this kit, or the one asked for was not offered.
    Algorithm,
    /// The authenticator holds an excluded credential (`InvalidStateError`).
    Excluded,
    /// The authenticator holds no passkey for this relying party (`NotAllowedError`).
    NoCredential,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Options => "the options can't be read",
            Self::Algorithm => "no algorithm in common",
            Self::Excluded => "the authenticator holds an excluded credential",
            Self::NoCredential => "the authenticator holds no passkey for this relying party",
        })
    }
}
impl std::error::Error for Refusal {}

/// PublicKeyCredentialCreationOptionsJSON, the members that matter here.
#[derive(Deserialize)]
pub(crate) struct CreationOptions {
    pub(crate) rp: RelyingParty,
    pub(crate) user: User,
    pub(crate) challenge: String,
    #[serde(rename = "pubKeyCredParams")]
    pub(crate) parameters: Vec<Parameters>,
    #[serde(rename = "excludeCredentials", default)]
    pub(crate) exclude: Vec<Descriptor>,
    #[serde(default)]
    pub(crate) attestation: String,
}

#[derive(Deserialize)]
pub(crate) struct RelyingParty {
    pub(crate) id: String,
}

#[derive(Deserialize)]
pub(crate) struct User {
    pub(crate) id: String,
}

#[derive(Deserialize)]
pub(crate) struct Parameters {
    pub(crate) alg: i64,
}

#[derive(Deserialize)]
pub(crate) struct Descriptor {
    pub(crate) id: String,
}

/// PublicKeyCredentialRequestOptionsJSON, the members that matter here.
#[derive(Deserialize)]
pub(crate) struct RequestOptions {
    pub(crate) challenge: String,
    #[serde(rename = "rpId")]
    pub(crate) rp_id: String,
    #[serde(rename = "allowCredentials", default)]
    pub(crate) allow: Vec<Descriptor>,
}

/// Reads options, bare or as `{"publicKey": …}`.
pub(crate) fn read<T: for<'a> Deserialize<'a>>(json: &str) -> Result<T, Refusal> {
    #[derive(Deserialize)]
    struct Wrapped<T> {
        #[serde(rename = "publicKey")]
        options: T,
    }
    serde_json::from_str::<Wrapped<T>>(json)
        .map(|wrapped| wrapped.options)
        .or_else(|_| serde_json::from_str(json))
        .map_err(|_| Refusal::Options)
}

pub(crate) fn b64u(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn from_b64u(text: &str) -> Result<Vec<u8>, Refusal> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Refusal::Options)
}

/// Client data as browsers write it (WebAuthn L3 §5.8.1.1).
pub(crate) fn client_data(kind: &str, challenge: &str, origin: &str, knobs: &Knobs) -> Vec<u8> {
    let kind = knobs.client_data_type.unwrap_or(kind);
    let challenge = knobs.challenge.as_deref().map_or_else(|| challenge.to_owned(), b64u);
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut out =
        format!(r#"{{"type":{},"challenge":{},"origin":{}"#, quoted(kind), quoted(&challenge), quoted(origin));
    if let Some(cross_origin) = knobs.cross_origin {
        out.push_str(&format!(r#","crossOrigin":{cross_origin}"#));
    }
    if let Some(top_origin) = &knobs.top_origin {
        out.push_str(&format!(r#","topOrigin":{}"#, quoted(top_origin)));
    }
    let mut out = out.into_bytes();
    out.extend_from_slice(&knobs.client_data_extra);
    out.push(b'}');
    out
}
