//! How a client proves itself with keys and certificates, and whether its tokens are bound to them.

use std::sync::Arc;

use crypto::{
    alg::Alg,
    certificate::CertificateSubject,
    jwk::{BadJwk, JwkSet},
};
use serde::{Deserialize, Serialize};

use super::words;
use crate::stored;

/// Keys, certificates, and whether tokens are bound to them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClientProof {
    /// Its public keys.
    pub keys: ClientKeys,
    /// The only algorithm of its assertions (RFC 7591 §2, `token_endpoint_auth_signing_alg`); any that fits its keys where none is
    /// registered.
    #[serde(with = "stored::optional_alg")]
    pub signing_alg: Option<Alg>,
    /// The one name that its certificate must carry (RFC 8705 §2.1.2).
    pub tls_subject: Option<TlsSubject>,
    /// Whether its tokens must be bound to a key.
    pub sender: SenderRule,
}

/// Where a client's public keys are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientKeys {
    /// It has none.
    #[default]
    None,
    /// Registered here (RFC 7591 §2, `jwks`).
    Inline(InlineKeys),
    /// Published by the client (`jwks_uri`).
    Uri(String),
}

/// A registered set of keys: the text as it was registered, so that it can be given back, and what it says.
#[derive(Clone, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct InlineKeys {
    text: String,
    set: Arc<JwkSet>,
}

impl InlineKeys {
    /// Reads a JWK Set (RFC 7517 §5).
    ///
    /// # Errors
    /// When it is too large, malformed, or holds a key that should be secret.
    pub fn parse(text: String) -> Result<Self, BadJwk> {
        let set = Arc::new(JwkSet::parse(text.as_bytes())?);
        Ok(Self { text, set })
    }

    /// The text as it was registered.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The keys.
    #[must_use]
    pub fn set(&self) -> &JwkSet {
        &self.set
    }
}

impl PartialEq for InlineKeys {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
impl Eq for InlineKeys {}

impl std::fmt::Debug for InlineKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "InlineKeys({} keys)", self.set.keys().len())
    }
}

impl From<InlineKeys> for String {
    fn from(keys: InlineKeys) -> Self {
        keys.text
    }
}

impl TryFrom<String> for InlineKeys {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(text).map_err(|_| "a malformed key set")
    }
}

/// The one name that a client's certificate must carry (RFC 8705 §2.1.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TlsSubject {
    /// The subject's distinguished name (RFC 4514).
    Dn(String),
    /// A DNS name among the alternative names.
    SanDns(String),
    /// A URI among them.
    SanUri(String),
    /// An address among them.
    SanIp(String),
    /// A mail address among them.
    SanEmail(String),
}

/// The text is no name of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a distinguished name in the form of RFC 4514, or an address, or a name that is not empty")]
pub struct BadTlsSubject;

impl TlsSubject {
    /// What a certificate is compared with.
    ///
    /// # Errors
    /// When the text is no name of its kind.
    pub fn expected(&self) -> Result<CertificateSubject, BadTlsSubject> {
        let some = |text: &String| if text.is_empty() { Err(BadTlsSubject) } else { Ok(text.clone()) };
        Ok(match self {
            Self::Dn(name) => CertificateSubject::Dn(some(name)?.parse().map_err(|_| BadTlsSubject)?),
            Self::SanDns(name) => CertificateSubject::Dns(some(name)?),
            Self::SanUri(uri) => CertificateSubject::Uri(some(uri)?),
            Self::SanIp(address) => CertificateSubject::Ip(address.parse().map_err(|_| BadTlsSubject)?),
            Self::SanEmail(address) => CertificateSubject::Email(some(address)?),
        })
    }
}

words! {
    /// Whether a client's tokens must be bound to a key that it holds.
    SenderRule {
        /// They are bound to a DPoP key when the client shows one, and are bearer tokens otherwise.
        Any = "any",
        /// To a DPoP key (RFC 9449 §5.2, `dpop_bound_access_tokens`).
        Dpop = "dpop",
        /// To its TLS certificate (RFC 8705 §3.4, `tls_client_certificate_bound_access_tokens`).
        Mtls = "mtls",
        /// To one of the two.
        DpopOrMtls = "dpop_or_mtls",
    }
}

#[expect(clippy::derivable_impls, reason = "the enum comes from a macro that names no default")]
impl Default for SenderRule {
    fn default() -> Self {
        Self::Any
    }
}
