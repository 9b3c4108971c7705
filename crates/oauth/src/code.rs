//! An authorization code, as the shell keeps it for at most a minute.

use model::{Authentication, ClientId, FamilyId, PersonId, SessionId, Timestamp};

use crate::{GrantDetails, ScopeSet};

/// Life of a code, in seconds. draft-ietf-oauth-v2-1-16 §4.1.2 recommends at most ten minutes; FAPI 2.0 wants 60 seconds.
pub const CODE_SECONDS: i64 = 60;

/// Everything that an issued code stands for. Kept in memory under the code's keyed hash; nothing of it can be read from the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRecord {
    /// The only client that may redeem it.
    pub client: ClientId,
    /// `redirect_uri` exactly as the authorization request sent it, if it did.
    pub redirect_uri: Option<String>,
    /// The PKCE challenge: SHA-256 of the verifier (RFC 7636 §4.2). None only where a dated exception let a confidential OpenID
    /// client send a `nonce` in its place.
    pub challenge: Option<[u8; 32]>,
    /// The DPoP key that alone may redeem it (RFC 9449 §10).
    pub dpop_jkt: Option<[u8; 32]>,
    /// `nonce` of the request, for the ID token.
    pub nonce: Option<String>,
    /// What was granted.
    pub scope: ScopeSet,
    /// Everything else that was granted.
    pub details: GrantDetails,
    /// The `acr` to tell, where it is not the strength's own word.
    pub acr: Option<String>,
    /// By whom.
    pub person: PersonId,
    /// In which session.
    pub session: SessionId,
    /// How that person had signed in.
    pub authentication: Authentication,
    /// When it was issued.
    pub issued: Timestamp,
    /// When it dies, redeemed or not.
    pub expires: Timestamp,
}

/// What the shell found under a code's hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeFact<'a> {
    /// Not redeemed yet.
    Live(&'a CodeRecord),
    /// Redeemed, and kept until it would have expired so that a replay is recognised.
    Spent {
        /// What it stood for.
        record: &'a CodeRecord,
        /// The family that it became.
        family: Option<FamilyId>,
    },
    /// Never issued, expired and forgotten, or lost with a restart.
    Unknown,
}
