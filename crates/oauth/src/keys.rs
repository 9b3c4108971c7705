//! The keyed hashes behind codes, refresh tokens, client secrets and subjects.

use crypto::{HashKey, RootKey, b64u};
use model::{ClientId, FamilyId, SessionId};

/// Two keys: one for what we hand out and must recognise, one for subjects, which must stay the same for as long as accounts do.
#[derive(Clone)]
pub struct TokenKeys {
    tokens: HashKey,
    subjects: HashKey,
}

impl TokenKeys {
    /// Derives both from the installation's root key.
    #[must_use]
    pub fn from_root(root: &RootKey) -> Self {
        Self::new(root.hash_key("oauth tokens"), root.hash_key("oauth subjects"))
    }

    /// From two independent keys.
    #[must_use]
    pub const fn new(tokens: HashKey, subjects: HashKey) -> Self {
        Self { tokens, subjects }
    }

    /// Under which a code is kept.
    #[must_use]
    pub fn code_hash(&self, code: &str) -> [u8; 32] {
        self.tokens.hash("authorization code", &[code.as_bytes()])
    }

    /// Under which a client's secret is kept. A fast hash is enough, because we choose the secrets: see [`crate::client_secret`].
    #[must_use]
    pub fn client_secret_hash(&self, secret: &str) -> [u8; 32] {
        self.tokens.hash("client secret", &[secret.as_bytes()])
    }

    /// Under which anything else is kept that is handed out once; the purpose parts one kind from another.
    pub(crate) fn kept_hash(&self, purpose: &'static str, secret: &[u8]) -> [u8; 32] {
        self.tokens.hash(purpose, &[secret])
    }

    /// `sid` of a session at one client: 22 characters that no other client can compare with its own.
    #[must_use]
    pub fn sid(&self, session: SessionId, client: &ClientId) -> String {
        b64u(&self.subjects.hash("session at client", &[session.as_bytes(), client.as_str().as_bytes()])[..16])
    }

    /// Under which the use of a client's assertion is remembered.
    pub(crate) fn assertion_hash(&self, client: &str, jti: &str) -> [u8; 32] {
        self.tokens.hash("assertion jti", &[client.as_bytes(), jti.as_bytes()])
    }

    pub(crate) fn refresh_hash(&self, secret: &[u8; 32]) -> [u8; 32] {
        self.tokens.hash("refresh token", &[secret])
    }

    pub(crate) fn refresh_successor(&self, secret: &[u8; 32], family: FamilyId, generation: u32) -> [u8; 32] {
        self.tokens.hash("refresh successor", &[secret, family.as_bytes(), &generation.to_be_bytes()])
    }

    pub(crate) fn refresh_tag(&self, signed: &[u8]) -> [u8; 32] {
        self.tokens.hash("refresh token tag", &[signed])
    }

    pub(crate) fn public_subject(&self, person: &[u8; 16]) -> [u8; 32] {
        self.subjects.hash("public subject", &[person])
    }

    pub(crate) fn pairwise_subject(&self, sector: &str, person: &[u8; 16]) -> [u8; 32] {
        self.subjects.hash("pairwise subject", &[sector.as_bytes(), person])
    }
}

impl std::fmt::Debug for TokenKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenKeys(…)")
    }
}
