//! `redirect_uri`, from clients of OAuth 2.0.

use super::{CodePassed, Run};
use crate::token::TokenRefusal;

/// The redirect URI is the one that the code went to, or was not sent.
pub(super) struct SameRedirect {
    _made_here: (),
}

pub(super) fn check(passed: &mut CodePassed<'_>) -> Run<()> {
    let record = passed.code.as_ref().ok_or(TokenRefusal::Incomplete)?.record();
    // OAuth 2.1 §10.2: clients no longer send it, because PKCE does its work; where it is sent, RFC 6749 §4.1.3 holds.
    if let Some(sent) = passed.request.params.value("redirect_uri") {
        let went_to = match (&record.redirect_uri, passed.client.client().redirect_uris.as_slice()) {
            (Some(uri), _) => Some(uri.as_str()),
            // The authorization request named none, so the code went to the only one registered.
            (None, [only]) => Some(only.as_str()),
            (None, _) => None,
        };
        if went_to != Some(sent) {
            return Err(TokenRefusal::RedirectMismatch.into());
        }
    }
    passed.redirect = Some(SameRedirect { _made_here: () });
    Ok(())
}
