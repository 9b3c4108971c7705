//! How a client proves itself with keys and certificates, and whether its tokens are bound to them.

use serde::{Deserialize, Serialize};

use super::words;

/// Keys, certificates, and whether tokens are bound to them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClientProof {
    /// Its public keys.
    pub keys: ClientKeys,
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
    Inline(String),
    /// Published by the client (`jwks_uri`).
    Uri(String),
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

words! {
    /// Whether a client's tokens must be bound to a key that it holds.
    SenderRule {
        /// They are bound when the client shows a key, and are bearer tokens otherwise.
        Any = "any",
        /// To a DPoP key (RFC 9449).
        Dpop = "dpop",
        /// To its TLS certificate (RFC 8705).
        Mtls = "mtls",
        /// To one of the two.
        DpopOrMtls = "dpop_or_mtls",
    }
}

impl Default for SenderRule {
    fn default() -> Self {
        Self::Any
    }
}
