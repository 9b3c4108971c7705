//! Two attacks on the sign-in service, played by this application so that a visitor can watch them fail.

use std::sync::atomic::Ordering;

use http::header;

use crate::{
    app::App,
    signin,
    tokens::{self, GrantFault},
    visits::SignedIn,
};

/// What happened when a spent code was redeemed again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReplayOutcome {
    /// How the server answered the second redemption.
    pub(crate) code: Verdict,
    /// How it then answered the refresh token that the first redemption had brought.
    pub(crate) refresh: Verdict,
}

/// One answer of the server, as the visitor is told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Refused, with the server's own error word.
    Refused { status: u16, error: String },
    /// Granted: for an attack, that is bad news.
    Granted,
    /// No answer to judge.
    Unknown { reason: String },
}

impl Verdict {
    fn of<T>(result: &Result<T, GrantFault>) -> Self {
        match result {
            Ok(_) => Self::Granted,
            Err(GrantFault::Refused { status, error }) => Self::Refused { status: *status, error: error.clone() },
            Err(other) => Self::Unknown { reason: other.to_string() },
        }
    }

    fn is_invalid_grant(&self) -> bool {
        matches!(self, Self::Refused { error, .. } if error == "invalid_grant")
    }
}

impl ReplayOutcome {
    /// The replay was refused, and the tokens of the first redemption died with it (OAuth 2.1 §4.1.3).
    pub(crate) fn held(&self) -> bool {
        self.code.is_invalid_grant() && self.refresh.is_invalid_grant()
    }
}

/// Redeems the visitor's spent code again, as a thief would who copied it from a log, then tries the refresh token.
pub(crate) async fn replay_code(app: &App, signed_in: &mut SignedIn, now: i64) -> ReplayOutcome {
    let again = tokens::redeem(app, &signed_in.spent_code, &signed_in.spent_verifier, now).await;
    let code = Verdict::of(&again);
    let refresh = Verdict::of(&tokens::refresh_visit(app, signed_in, now).await);
    let outcome = ReplayOutcome { code, refresh };
    if outcome.held() {
        app.tally.replay_refused.store(true, Ordering::Relaxed);
    }
    outcome
}

/// What happened when a code was asked for with a redirect address that is not registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WrongRedirectOutcome {
    /// The address that the thief would like the code sent to.
    pub(crate) address: String,
    /// What came of it.
    pub(crate) answer: RedirectAnswer,
}

/// The server's answer to a request with an unregistered address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RedirectAnswer {
    /// An error page, and nothing that sends the browser anywhere.
    ErrorPage { status: u16 },
    /// The server redirected, or treated the request as good: bad news.
    Followed { status: u16 },
    /// No answer to judge.
    Unknown { reason: String },
}

/// Asks for a code to be sent to an address that was never registered: the registered one with an added path segment,
/// the kind of near miss that loose matching lets through. Sent without cookies, so nobody is signed in by it.
pub(crate) async fn wrong_redirect(app: &App) -> WrongRedirectOutcome {
    let address = format!("{}/elsewhere", app.settings.config.redirect_uri);
    let answer = match app.provider.endpoints(&app.outbound).await {
        Err(fault) => RedirectAnswer::Unknown { reason: fault.to_string() },
        Ok(endpoints) => {
            let url = signin::authorization_url(app, &endpoints.authorization_endpoint, &address, &signin::throwaway());
            match app.outbound.get(&url, None).await {
                Err(fault) => RedirectAnswer::Unknown { reason: fault.to_string() },
                Ok(answer) => judge(answer.status.as_u16(), answer.headers.contains_key(header::LOCATION)),
            }
        }
    };
    if matches!(answer, RedirectAnswer::ErrorPage { .. }) {
        app.tally.wrong_redirect_refused.store(true, Ordering::Relaxed);
    }
    WrongRedirectOutcome { address, answer }
}

/// RFC 6749 §4.1.2.1: on a bad redirect address the server tells the person, and must not redirect.
fn judge(status: u16, has_location: bool) -> RedirectAnswer {
    match (status, has_location) {
        (400..=499, false) => RedirectAnswer::ErrorPage { status },
        (500..=599, false) => {
            RedirectAnswer::Unknown { reason: format!("the sign-in service failed with status {status}") }
        }
        _ => RedirectAnswer::Followed { status },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_error_page_without_location_counts_as_held() {
        assert_eq!(judge(400, false), RedirectAnswer::ErrorPage { status: 400 });
        assert_eq!(judge(400, true), RedirectAnswer::Followed { status: 400 });
        assert_eq!(judge(303, true), RedirectAnswer::Followed { status: 303 });
        assert_eq!(judge(200, false), RedirectAnswer::Followed { status: 200 });
        assert!(matches!(judge(503, false), RedirectAnswer::Unknown { .. }));
    }

    #[test]
    fn a_replay_is_held_only_when_the_family_died_too() {
        let refused = || Verdict::Refused { status: 400, error: "invalid_grant".into() };
        assert!(ReplayOutcome { code: refused(), refresh: refused() }.held());
        assert!(!ReplayOutcome { code: refused(), refresh: Verdict::Granted }.held());
        let other = Verdict::Refused { status: 401, error: "invalid_client".into() };
        assert!(!ReplayOutcome { code: other, refresh: refused() }.held());
    }
}
