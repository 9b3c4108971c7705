//! The checks of a logout request, in the order in which they run.

mod client;
mod confirm;
mod hint;
mod once;
mod redirect;

use model::Session;

use super::{HintClaims, LogoutFacts, LogoutFault, LogoutNeed};
use crate::{Client, RawParams};

/// What the checks have left behind.
pub(super) struct Passed<'a> {
    params: &'a RawParams<'a>,
    facts: &'a LogoutFacts<'a>,
    hint: Option<HintClaims>,
    pub(super) client: Option<&'a Client>,
    pub(super) location: Option<String>,
    pub(super) agreed: Option<Agreed<'a>>,
}

/// What the person wants, or what the hint proves that they want.
pub(super) enum Agreed<'a> {
    /// The session ends, if there is one.
    Ends(Option<&'a Session>),
    /// It does not.
    Stays,
}

impl<'a> Passed<'a> {
    pub(super) const fn new(params: &'a RawParams<'a>, facts: &'a LogoutFacts<'a>) -> Self {
        Self { params, facts, hint: None, client: None, location: None, agreed: None }
    }
}

/// Why the list ends early.
pub(super) enum Stop {
    Fault(LogoutFault),
    Ask(LogoutNeed),
}

impl From<LogoutFault> for Stop {
    fn from(fault: LogoutFault) -> Self {
        Self::Fault(fault)
    }
}

/// One check: one reason to fail, one clause it serves.
pub(super) struct Check {
    name: &'static str,
    clause: &'static str,
    pub(super) run: fn(&mut Passed<'_>) -> Result<(), Stop>,
}

#[rustfmt::skip]
pub(super) const CHECKS: [Check; 5] = [
    Check { name: "once",     clause: "OAuth 2.1 §3.1, by analogy: no parameter twice",                     run: once::check },
    Check { name: "hint",     clause: "RP-Initiated Logout §2, §4: issued here, however long ago",          run: hint::check },
    Check { name: "client",   clause: "RP-Initiated Logout §2: client_id and the hint's audience agree",    run: client::check },
    Check { name: "redirect", clause: "RP-Initiated Logout §2, §3: registered, character by character",     run: redirect::check },
    Check { name: "confirm",  clause: "RP-Initiated Logout §2, §6: asked, unless the hint is of this session", run: confirm::check },
];

/// All checks and their clauses, in order, for documents and tests.
pub fn check_list() -> impl Iterator<Item = (&'static str, &'static str)> {
    CHECKS.iter().map(|check| (check.name, check.clause))
}
