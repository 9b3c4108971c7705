//! How a refusal reaches its reader: the client by redirect, or the person by page.

use super::{AuthorizeFault, checks::Passed};
use crate::answer::Location;

/// A refused authorization request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthorizeRefusal {
    /// Tell the person, on a page of our own: we don't know where to send an answer, or may not send it there
    /// (draft-ietf-oauth-v2-1-16 §2.3.5, §4.1.2.1).
    Page(AuthorizeFault),
    /// Send the browser back to the client, with 303.
    Redirect {
        /// Why, for the operator's log.
        fault: AuthorizeFault,
        /// The full address, with `error`, `error_description`, `state` and `iss`.
        location: String,
    },
}

impl AuthorizeRefusal {
    /// Why.
    #[must_use]
    pub const fn fault(&self) -> AuthorizeFault {
        match self {
            Self::Page(fault) | Self::Redirect { fault, .. } => *fault,
        }
    }
}

pub(super) fn refuse(fault: AuthorizeFault, passed: &Passed<'_>) -> AuthorizeRefusal {
    // Only a checked redirect URI is ever sent to; the checks before it can only end on a page.
    let Some(redirect) = &passed.redirect else { return AuthorizeRefusal::Page(fault) };
    let mut location = Location::new(redirect.uri(), 512);
    location.push_encoded("error", fault.code());
    location.push("error_description", &fault.to_string());
    // draft-ietf-oauth-v2-1-16 §4.1.2.1: exactly the value received. A repeated state has no value to echo.
    if let Some(state) = passed.params.value("state") {
        location.push("state", state);
    }
    // RFC 9207 §2: on error responses too.
    location.push_encoded("iss", passed.facts.issuer.query_encoded());
    AuthorizeRefusal::Redirect { fault, location: location.into_text() }
}
