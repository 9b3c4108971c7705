//! The checks on a request object whose signature is the client's, in the order in which they run.

mod audience;
mod client;
mod issuer;
mod nested;
mod subject;
mod times;
mod typ;

use super::{RequestObjectFault, Signed};

/// One check: one reason to fail, one clause it serves.
pub(crate) struct Check {
    name: &'static str,
    clause: &'static str,
    pub(super) run: fn(&Signed<'_>) -> Result<(), RequestObjectFault>,
}

macro_rules! checks {
    ($($name:literal, $clause:literal, $run:path;)+) => {
        [$(Check { name: $name, clause: $clause, run: $run }),+]
    };
}

/// The list.
#[rustfmt::skip]
pub(super) const CHECKS: [Check; 7] = checks! {
    "typ",      "RFC 9101 §10.8; RFC 8725 §3.11: no token of another kind",                            typ::check;
    "nested",   "RFC 9101 §4: no request inside a request",                                            nested::check;
    "client",   "RFC 9101 §5, §6.3: the client_id inside is the one outside",                          client::check;
    "issuer",   "RFC 9101 §4; OpenID Connect Core §6.1: iss is the client",                            issuer::check;
    "audience", "RFC 9101 §4; FAPI 2.0 Message Signing §5.3.1: meant for us",                          audience::check;
    "subject",  "RFC 9101 §10.8: nothing that could pass for a client assertion",                      subject::check;
    "times",    "FAPI 2.0 Message Signing §5.3.1; RFC 7519 §4.1.4, §4.1.5: fresh, and not for long",   times::check;
};

/// The checks and their clauses, in order, for documents and tests.
pub fn check_list() -> impl Iterator<Item = (&'static str, &'static str)> {
    CHECKS.iter().map(|check| (check.name, check.clause))
}
