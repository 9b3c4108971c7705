//! How a refusal reaches its reader: the client by its redirect URI, or the person by page.

use model::Secret;

use super::{AuthorizeFault, checks::Passed};
use crate::{client::ClientOrigin, response::AuthorizeResponse};

/// A refused authorization request.
#[derive(Debug, Clone)]
pub enum AuthorizeRefusal {
    /// Tell the person, on a page of our own: we don't know where to send an answer, or may not send it there
    /// (draft-ietf-oauth-v2-1-16 §2.3.5, §4.1.2.1).
    Page(AuthorizeFault),
    /// Send the browser back to the client.
    Answer {
        /// Why, for the operator's log.
        fault: AuthorizeFault,
        /// `error`, `error_description`, `state` and `iss`, in the mode that the client asked for.
        response: Box<AuthorizeResponse>,
    },
}

impl AuthorizeRefusal {
    /// Why.
    #[must_use]
    pub const fn fault(&self) -> AuthorizeFault {
        match self {
            Self::Page(fault) | Self::Answer { fault, .. } => *fault,
        }
    }
}

pub(super) fn refuse(fault: AuthorizeFault, passed: &Passed<'_>) -> AuthorizeRefusal {
    // Only a checked redirect URI is ever sent to; the checks before it can only end on a page.
    let Some(envelope) = passed.envelope() else { return AuthorizeRefusal::Page(fault) };
    if leads_strangers_on(passed) {
        return AuthorizeRefusal::Page(fault);
    }
    let mut params =
        vec![("error", Secret::new(fault.code().to_owned())), ("error_description", Secret::new(fault.to_string()))];
    // draft-ietf-oauth-v2-1-16 §4.1.2.1: exactly the value received. A repeated state has no value to echo.
    if let Some(state) = passed.params.value("state") {
        params.push(("state", Secret::new(state.to_owned())));
    }
    AuthorizeRefusal::Answer { fault, response: Box::new(AuthorizeResponse::new(envelope, params)) }
}

/// Whether an answer would send somebody on whom nobody knows, to an address for which nobody vouches: a link to us would then be a link to
/// anywhere (RFC 9700 §4.11.2, draft-ietf-oauth-v2-1-16 §7.13.2). Where nobody is asked anything (`prompt=none`) the client has to hear it.
fn leads_strangers_on(passed: &Passed<'_>) -> bool {
    let vouched_for = match passed.client.map(|client| &client.get().settings.origin) {
        Some(ClientOrigin::Operator) => true,
        Some(ClientOrigin::Registered { .. } | ClientOrigin::MetadataDocument { .. }) | None => false,
    };
    let known = passed.facts.session.is_some_and(|session| passed.now < session.expires);
    let silent = passed.params.value("prompt") == Some("none");
    !vouched_for && !known && !silent
}
