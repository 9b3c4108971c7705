//! How a client came to be registered.

use model::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{registration::RegistrationPolicy, stored};

/// How a client came to be registered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientOrigin {
    /// Someone here entered it.
    #[default]
    Operator,
    /// It registered itself (RFC 7591).
    Registered {
        /// Keyed hash of its registration access token (RFC 7592 §3).
        #[serde(with = "stored::hash")]
        token_hash: [u8; 32],
        /// What it may be registered for, now and whenever it changes itself.
        policy: RegistrationPolicy,
    },
    /// It was read from the document that its id points at.
    MetadataDocument {
        /// That address; the client id as well.
        url: String,
        /// When it was read.
        #[serde(with = "stored::millis")]
        fetched: Timestamp,
        /// Until when it need not be read again.
        #[serde(with = "stored::millis")]
        fresh_until: Timestamp,
    },
}
