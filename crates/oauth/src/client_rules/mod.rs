//! Rules on clients: one three-valued predicate each over what is known about a client.
//!
//! The same predicates serve registration here and, over facts read from elsewhere, an inventory: what is predicted is what is
//! enforced. A rule answers [`Verdict::Unknown`] when the shape does not say; registration never leaves it at that.

mod dangerous_scheme_redirect;
mod http_redirect;
mod implicit;
mod loose_redirect;
mod password_grant;
mod pkce_missing;
mod register;
mod secret_in_public_client;
mod settings;
mod shape;

pub use register::{Broken, Lifetimes, Registration, SubjectChoice, addition};
pub use shape::{ClientShape, Doubts, PkceUse};

/// What a rule says about a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The client keeps the rule.
    Holds,
    /// It breaks the rule.
    Breaks {
        /// The values that break it, as far as there are any.
        evidence: Vec<String>,
    },
    /// The shape does not say.
    Unknown,
}

/// One rule. Its id is the same everywhere: registration, inventory, findings.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Named for the fault.
    pub id: &'static str,
    /// Where it is written.
    pub clause: &'static str,
    /// What is wrong, for a person.
    pub explanation: &'static str,
    /// What to do, for the same person.
    pub fix: &'static str,
    /// The predicate.
    pub judge: fn(&ClientShape) -> Verdict,
}

/// Every rule, in the order in which people should read them.
pub const RULES: [Rule; 7] = [
    implicit::RULE,
    password_grant::RULE,
    pkce_missing::RULE,
    loose_redirect::RULE,
    http_redirect::RULE,
    dangerous_scheme_redirect::RULE,
    secret_in_public_client::RULE,
];

/// Judges each redirect URI of a shape: broken when `breaks` says so of any, unknown when the shape names none.
fn judge_redirects(shape: &ClientShape, breaks: impl Fn(&str) -> bool) -> Verdict {
    let Some(uris) = &shape.redirect_uris else { return Verdict::Unknown };
    verdict(uris.iter().filter(|uri| breaks(uri)).cloned().collect(), shape.doubts.redirect_uris)
}

/// Broken by what is known; else unknown while there is a doubt; else it holds.
fn verdict(evidence: Vec<String>, doubt: bool) -> Verdict {
    match (evidence.is_empty(), doubt) {
        (false, _) => Verdict::Breaks { evidence },
        (true, true) => Verdict::Unknown,
        (true, false) => Verdict::Holds,
    }
}
