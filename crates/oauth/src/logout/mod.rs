//! Signing out at a client's wish (OpenID Connect RP-Initiated Logout 1.0), and telling clients that a session ended (OpenID Connect
//! Back-Channel Logout 1.0).
//!
//! The session itself belongs to the sign-in room: [`rp_initiated::end_session`] says which session to end, and the shell ends it with
//! that room's own change in the same commit. What belongs here are the grants that live and die with a session, and the tokens that
//! tell clients of its end ([`back_channel::logout_posts`]), however it ended.

pub mod back_channel;
pub mod rp_initiated;

use model::{SessionId, Timestamp};

use crate::Change;

/// Back-Channel Logout §2.7: when a session ends, however that came about, what was granted without `offline_access` ends with it.
/// To be committed with the end of the session.
#[must_use]
pub const fn end_families(session: SessionId, at: Timestamp) -> Change {
    Change::RevokeSessionFamilies { session, at }
}
