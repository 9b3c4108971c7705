//! The checks of the authorization endpoint, in the order in which they run.
//!
//! The first two can only end on a page; from then on there is a place to which an error may be sent.

mod client;
mod consent;
mod grant;
mod max_age;
mod nonce;
mod once;
mod pkce;
mod prompt;
mod redirect;
mod request_object;
mod response_mode;
mod response_type;
mod scope;
mod signed_in;

pub(crate) use self::{
    client::CheckedClient, consent::Consented, max_age::MaxAge, nonce::Nonce, pkce::Pkce, prompt::Prompt,
    redirect::CheckedRedirect, scope::CheckedScope, signed_in::SignedIn,
};
use self::{grant::MayUseCodes, response_type::CodeOnly};

use model::Timestamp;

use super::{AuthorizeFacts, AuthorizeFault, AuthorizeNeed};
use crate::RawParams;

/// One check: one reason to fail, one clause it serves.
pub(crate) struct Check {
    pub(crate) name: &'static str,
    pub(crate) clause: &'static str,
    pub(crate) run: fn(&mut Passed<'_>) -> Result<(), Stop>,
}

macro_rules! checks {
    ($($name:literal, $clause:literal, $run:path;)+) => {
        [$(Check { name: $name, clause: $clause, run: $run }),+]
    };
}

/// The list. Order matters: see the module.
#[rustfmt::skip]
pub(crate) const CHECKS: [Check; 14] = checks! {
    "client",         "OAuth 2.1 §2.3.5, §4.1.2.1: an unknown client ends on a page",              client::check;
    "redirect",       "OAuth 2.1 §2.3.1, §2.3.2, §4.1.1, §8.4.2: exactly a registered URI",        redirect::check;
    "once",           "OAuth 2.1 §3.1: no parameter twice",                                         once::check;
    "request_object", "OpenID Connect Core §6, §7.2.1: request objects are refused, not ignored",   request_object::check;
    "response_type",  "OAuth 2.1 §4.1.1, §10.1: code and nothing else",                             response_type::check;
    "response_mode",  "OAuth 2.0 Multiple Response Types §2.1: query",                              response_mode::check;
    "grant",          "OAuth 2.1 §4.1.2.1: the client is registered for codes",                     grant::check;
    "pkce",           "RFC 7636 §4.3, §4.4.1; OAuth 2.1 §4.1.1, §4.1.2.1: S256, always",            pkce::check;
    "scope",          "OAuth 2.1 §1.4.1: what this client may ask for",                             scope::check;
    "nonce",          "OpenID Connect Core §3.1.2.1: kept for the ID token, within a bound",        nonce::check;
    "prompt",         "OpenID Connect Core §3.1.2.1: known values, none alone",                     prompt::check;
    "max_age",        "OpenID Connect Core §3.1.2.1: a number of seconds",                          max_age::check;
    "signed_in",      "OAuth 2.1 §3.1; OpenID Connect Core §3.1.2.3: the right person, recently enough", signed_in::check;
    "consent",        "OAuth 2.1 §7.3, §7.3.1, §7.9: the person agrees",                            consent::check;
};

/// The checks and their clauses, in order, for documents and tests.
pub fn check_list() -> impl Iterator<Item = (&'static str, &'static str)> {
    CHECKS.iter().map(|check| (check.name, check.clause))
}

/// Why the list ends early.
pub(crate) enum Stop {
    /// The request is refused.
    Fault(AuthorizeFault),
    /// Someone has to do something first.
    Ask(AuthorizeNeed),
}

impl From<AuthorizeFault> for Stop {
    fn from(fault: AuthorizeFault) -> Self {
        Self::Fault(fault)
    }
}

/// What the checks have left behind so far.
pub(crate) struct Passed<'a> {
    pub(crate) params: &'a RawParams<'a>,
    pub(crate) facts: &'a AuthorizeFacts<'a>,
    pub(crate) now: Timestamp,
    pub(crate) client: Option<CheckedClient<'a>>,
    pub(crate) redirect: Option<CheckedRedirect<'a>>,
    code_only: Option<CodeOnly>,
    may_use_codes: Option<MayUseCodes>,
    pkce: Option<Pkce>,
    scope: Option<CheckedScope>,
    nonce: Option<Nonce<'a>>,
    prompt: Option<Prompt>,
    max_age: Option<MaxAge>,
    signed_in: Option<SignedIn<'a>>,
    consented: Option<Consented>,
}

/// All values together: the licence to issue a code.
pub(crate) struct Granted<'a> {
    pub(crate) client: CheckedClient<'a>,
    pub(crate) redirect: CheckedRedirect<'a>,
    pub(crate) pkce: Pkce,
    pub(crate) nonce: Nonce<'a>,
    pub(crate) signed_in: SignedIn<'a>,
    pub(crate) consented: Consented,
    pub(crate) state: Option<&'a str>,
}

impl<'a> Passed<'a> {
    pub(crate) const fn new(params: &'a RawParams<'a>, facts: &'a AuthorizeFacts<'a>, now: Timestamp) -> Self {
        Self {
            params,
            facts,
            now,
            client: None,
            redirect: None,
            code_only: None,
            may_use_codes: None,
            pkce: None,
            scope: None,
            nonce: None,
            prompt: None,
            max_age: None,
            signed_in: None,
            consented: None,
        }
    }

    /// Everything, if every check left its value.
    pub(crate) fn all(&mut self) -> Option<Granted<'a>> {
        // Values that nobody reads later are demanded all the same: their absence would mean that a check did not run.
        let (CodeOnly { .. }, MayUseCodes { .. }, _, _, _) = (
            self.code_only.take()?,
            self.may_use_codes.take()?,
            self.scope.take()?,
            self.prompt.take()?,
            self.max_age.take()?,
        );
        Some(Granted {
            client: self.client?,
            redirect: self.redirect?,
            pkce: self.pkce.take()?,
            nonce: self.nonce.take()?,
            signed_in: self.signed_in.take()?,
            consented: self.consented.take()?,
            state: self.params.value("state"),
        })
    }
}
