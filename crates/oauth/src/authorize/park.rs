//! A request that waits for a person.

use model::{Secret, Timestamp};

use crate::params::{Malformed, RawParams};

/// How long a request waits, in seconds: as long as a sign-in journey may take.
pub const PARKED_SECONDS: i64 = 600;

/// An authorization request that was answered with a need. Kept by the shell beside the journey, bound to the same browser.
///
/// Only a request for which [`super::decide`] returned a need may be parked: its client and redirect URI were right. It holds the
/// request's own text and nothing that was concluded from it, because resuming checks everything again.
#[derive(Debug, Clone)]
pub struct ParkedRequest {
    text: Secret<String>,
    parked: Timestamp,
}

impl ParkedRequest {
    /// Parks the query or form that [`RawParams::parse`] accepted.
    #[must_use]
    pub fn new(text: &str, now: Timestamp) -> Self {
        Self { text: Secret::new(text.to_owned()), parked: now }
    }

    /// When it was parked: `reauthenticated_after` when it is resumed.
    #[must_use]
    pub const fn parked(&self) -> Timestamp {
        self.parked
    }

    /// Whether it may still be resumed.
    #[must_use]
    pub fn may_resume(&self, now: Timestamp) -> bool {
        now >= self.parked && now < self.parked.plus_seconds(PARKED_SECONDS)
    }

    /// The text itself, for asking again.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text.expose()
    }

    /// The parameters, for asking again.
    ///
    /// # Errors
    /// Never for a text that was accepted before.
    pub fn params(&self) -> Result<RawParams<'_>, Malformed> {
        RawParams::parse(self.text.expose())
    }
}
