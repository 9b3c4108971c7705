//! A request that waits for a person.

use model::{Secret, Timestamp};

use super::{AuthorizeRequest, Origin};
use crate::params::{LOWERED_BYTES_MAX, Malformed, RawParams};

/// How long a request waits, in seconds: as long as a sign-in journey may take.
pub const PARKED_SECONDS: i64 = 600;

/// An authorization request that was answered with a need. Kept by the shell beside the journey, bound to the same browser.
///
/// Only a request for which [`super::decide`] returned a need may be parked: its client and redirect URI were right. It holds the
/// request's own parameters and nothing that was concluded from them, because resuming checks everything again. A signature that was
/// verified when the request came counts while it waits, and so does a pushed request that has expired since; one that was used up
/// meanwhile does not.
#[derive(Debug, Clone)]
pub struct ParkedRequest {
    text: Secret<String>,
    origin: Origin,
    parked: Timestamp,
}

impl ParkedRequest {
    /// Parks a request that [`super::resolve`] opened.
    #[must_use]
    pub fn new(request: &AuthorizeRequest<'_>, now: Timestamp) -> Self {
        Self { text: Secret::new(request.params().to_text()), origin: request.origin(), parked: now }
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

    /// The request, for deciding it again. What a pushed one is kept under is in [`AuthorizeRequest::pushed`].
    ///
    /// # Errors
    /// Never for a request that was accepted before.
    pub fn request(&self) -> Result<AuthorizeRequest<'_>, Malformed> {
        let params = RawParams::parse_within(self.text.expose(), LOWERED_BYTES_MAX)?;
        Ok(AuthorizeRequest::new(params, self.origin))
    }
}
