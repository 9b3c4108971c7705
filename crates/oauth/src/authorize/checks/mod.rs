//! The checks of the authorization endpoint, in the order in which they run.
//!
//! The first two can only end on a page; from then on there is a place to which an error may be sent, and from the third on it is
//! known how. The first list looks at what is asked and needs nobody; the second at who is there and what they allow.

mod access;
mod acr;
mod authorization_details;
mod claims;
mod client;
mod consent;
mod dpop_key;
mod grant;
mod max_age;
mod nonce;
mod once;
mod pkce;
mod prompt;
mod pushed;
mod redirect;
mod resource;
mod response_mode;
mod response_type;
mod scope;
mod signature;
mod signed_in;
mod strong_enough;
mod unsupported;

mod passed;

pub(crate) use self::{
    acr::WantedAcr,
    authorization_details::CheckedDetails,
    claims::CheckedClaims,
    client::CheckedClient,
    consent::Consented,
    dpop_key::DpopKey,
    max_age::MaxAge,
    nonce::Nonce,
    passed::{Granted, Passed},
    pkce::Pkce,
    prompt::Prompt,
    redirect::CheckedRedirect,
    resource::CheckedResources,
    scope::CheckedScope,
    signed_in::SignedIn,
    strong_enough::StrongEnough,
};

use super::{AuthorizeFault, AuthorizeNeed};

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

/// What is asked. Order matters: see the module.
#[rustfmt::skip]
pub(crate) const REQUEST: [Check; 19] = checks! {
    "client",         "OAuth 2.1 §2.3.5, §4.1.2.1: an unknown client ends on a page",                 client::check;
    "redirect",       "OAuth 2.1 §2.3.1, §2.3.2, §4.1.1, §8.4.2: exactly a registered URI",           redirect::check;
    "response_mode",  "OAuth 2.0 Multiple Response Types §2.1; Form Post §2; JARM §2.3: a known way back", response_mode::check;
    "once",           "OAuth 2.1 §3.1: no parameter twice",                                           once::check;
    "unsupported",    "OpenID Connect Core §6, §7.2.1: what we don't do is refused, not ignored",     unsupported::check;
    "pushed",         "RFC 9126 §4, §5, §6: pushed where it must be, and used once",                  pushed::check;
    "signature",      "RFC 9101 §10.5: signed where it must be",                                      signature::check;
    "response_type",  "OAuth 2.1 §4.1.1, §10.1: code and nothing else",                               response_type::check;
    "grant",          "OAuth 2.1 §4.1.2.1: the client is registered for codes",                       grant::check;
    "scope",          "OAuth 2.1 §1.4.1: what this client may ask for",                               scope::check;
    "nonce",          "OpenID Connect Core §3.1.2.1: kept for the ID token, within a bound",          nonce::check;
    "pkce",           "RFC 7636 §4.3, §4.4.1; OAuth 2.1 §4.1.1, §4.1.2.1, §7.5.1.1: S256",            pkce::check;
    "dpop_key",       "RFC 9449 §10: the key that alone may redeem the code",                         dpop_key::check;
    "resource",       "RFC 8707 §2: for whom the tokens shall be",                                    resource::check;
    "authorization_details", "RFC 9396 §5: known types, known fields",                                authorization_details::check;
    "claims",         "OpenID Connect Core §5.5: single claims, within bounds",                       claims::check;
    "acr",            "OpenID Connect Core §3.1.2.1, §5.5.1.1; RFC 9470 §4: how strong a proof",      acr::check;
    "prompt",         "OpenID Connect Core §3.1.2.1: known values, none alone",                       prompt::check;
    "max_age",        "OpenID Connect Core §3.1.2.1: a number of seconds",                            max_age::check;
};

/// Who is there, and what they allow.
#[rustfmt::skip]
pub(crate) const PERSON: [Check; 4] = checks! {
    "signed_in",      "OAuth 2.1 §3.1; OpenID Connect Core §3.1.2.3: the right person, recently enough", signed_in::check;
    "access",         "OAuth 2.1 §4.1.2.1: a person who may use this client",                         access::check;
    "strong_enough",  "RFC 9470 §4, §5; OpenID Connect Core §5.5.1.1: proved as strongly as required", strong_enough::check;
    "consent",        "OAuth 2.1 §7.3, §7.3.1, §7.9; RFC 9396 §6: the person agrees",                 consent::check;
};

/// The checks and their clauses, in order, for documents and tests.
pub fn check_list() -> impl Iterator<Item = (&'static str, &'static str)> {
    REQUEST.iter().chain(&PERSON).map(|check| (check.name, check.clause))
}

/// Why the list ends early.
pub(crate) enum Stop {
    /// The request is refused.
    Fault(AuthorizeFault),
    /// Someone has to do something first.
    Ask(Box<AuthorizeNeed>),
}

impl From<AuthorizeFault> for Stop {
    fn from(fault: AuthorizeFault) -> Self {
        Self::Fault(fault)
    }
}

impl From<AuthorizeNeed> for Stop {
    fn from(need: AuthorizeNeed) -> Self {
        Self::Ask(Box::new(need))
    }
}
