//! The answer goes to a registered address.

use super::{Passed, Stop};
use crate::{RedirectKind, authorize::AuthorizeFault};

/// A redirect URI that the client registered, or its loopback variant with another port.
#[derive(Clone, Copy)]
pub(crate) struct CheckedRedirect<'a> {
    uri: &'a str,
    sent: bool,
    kind: RedirectKind,
    host: &'a str,
}

impl<'a> CheckedRedirect<'a> {
    /// Where the answer goes.
    pub(crate) const fn uri(&self) -> &'a str {
        self.uri
    }
    /// The parameter, if the request had one.
    pub(crate) const fn as_sent(&self) -> Option<&'a str> {
        if self.sent { Some(self.uri) } else { None }
    }
    /// Who can receive the answer.
    pub(crate) const fn kind(&self) -> RedirectKind {
        self.kind
    }
    /// What to show a person.
    pub(crate) const fn host(&self) -> &'a str {
        self.host
    }
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let client = passed.client.ok_or(AuthorizeFault::Incomplete)?.get();
    let requested = passed.params.one("redirect_uri").map_err(|_| AuthorizeFault::RedirectRepeated)?;
    let (uri, registered) = match (requested, client.redirect_uris.as_slice()) {
        // OAuth 2.1 §4.1.1: compared as strings; what the request sent is never taken apart or rewritten.
        (Some(uri), _) => (uri, client.redirect_for(uri).ok_or(AuthorizeFault::RedirectUnregistered)?),
        (None, [only]) => (only.as_str(), only),
        // §2.3.2: with several registered, the request must say which.
        (None, _) => return Err(AuthorizeFault::RedirectMissing.into()),
    };
    passed.redirect =
        Some(CheckedRedirect { uri, sent: requested.is_some(), kind: registered.kind(), host: registered.host() });
    Ok(())
}
