//! What a sign-in leaves behind.

use crate::{Amr, PasskeyId, PersonId, SessionId, Strength, Timestamp};

/// What one ceremony proved, and when. Comes from this ceremony, never from the state of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authentication {
    /// Who signed in.
    pub person: PersonId,
    /// When the proof was verified.
    pub at: Timestamp,
    /// How strong it was.
    pub strength: Strength,
    /// Its method references.
    pub amr: Amr,
    /// The passkey used, if one was.
    pub passkey: Option<PasskeyId>,
}

/// A signed-in browser. The cookie's value is stored only as `cookie_hash`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Our id, safe to show and to log.
    pub id: SessionId,
    /// Keyed hash of the cookie's secret.
    pub cookie_hash: [u8; 32],
    /// What was proved.
    pub authentication: Authentication,
    /// When the session began.
    pub created: Timestamp,
    /// When it ends whatever happens.
    pub expires: Timestamp,
    /// Longest time without use, in seconds.
    pub idle_seconds: i64,
}
