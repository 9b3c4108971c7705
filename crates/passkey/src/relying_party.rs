//! Whom the ceremonies are for.

/// Our side of every ceremony. Comes from configuration and does not change while the server runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelyingParty {
    /// The RP ID: a domain, such as `id.example.org` (WebAuthn L3 §5.4.2).
    pub id: String,
    /// The name that a browser may show.
    pub name: String,
    /// Origins that may run ceremonies, compared as exact text (§13.4.9).
    pub origins: Vec<String>,
    /// Origins of pages that may frame ours. Empty: every answer made in a foreign frame is refused.
    pub top_origins: Vec<String>,
    /// Attestation certificates that we trust as roots, DER.
    pub attestation_roots: Vec<Vec<u8>>,
}

/// Whether to ask the authenticator for its maker's statement (WebAuthn L3 §5.4.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttestationWanted {
    /// Ask for none. What a browser sends all the same is still checked.
    None,
    /// Ask for the authenticator's own statement.
    Direct,
}

impl AttestationWanted {
    /// The word of the standard.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Direct => "direct",
        }
    }
}
