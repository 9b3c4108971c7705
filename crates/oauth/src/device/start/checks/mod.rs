//! The checks of the device authorization endpoint, in the order in which they run.

mod details;
mod grant_allowed;
mod once;
mod resource;
mod scope;

use super::DeviceStartFault;
use crate::{Client, RawParams, ScopeSet};

/// What the checks have left behind.
pub(super) struct Passed<'a> {
    params: &'a RawParams<'a>,
    client: &'a Client,
    pub(super) scope: Option<ScopeSet>,
    pub(super) resources: Option<Vec<String>>,
}

impl<'a> Passed<'a> {
    pub(super) const fn new(params: &'a RawParams<'a>, client: &'a Client) -> Self {
        Self { params, client, scope: None, resources: None }
    }
}

/// One check: one reason to fail, one clause it serves.
pub(super) struct Check {
    name: &'static str,
    clause: &'static str,
    pub(super) run: fn(&mut Passed<'_>) -> Result<(), DeviceStartFault>,
}

#[rustfmt::skip]
pub(super) const CHECKS: [Check; 5] = [
    Check { name: "once",          clause: "OAuth 2.1 §3.2: no parameter twice",                          run: once::check },
    Check { name: "grant_allowed", clause: "RFC 8628 §3.1, OAuth 2.1 §3.2.4: off unless registered",      run: grant_allowed::check },
    Check { name: "details",       clause: "RFC 9396 §5: refused where it can't be shown and granted",    run: details::check },
    Check { name: "scope",         clause: "RFC 8628 §3.1, OAuth 2.1 §1.4.1: something it may ask for",   run: scope::check },
    Check { name: "resource",      clause: "RFC 8707 §2: known, and allowed to this client",              run: resource::check },
];

/// All checks and their clauses, in order, for documents and tests.
pub fn check_list() -> impl Iterator<Item = (&'static str, &'static str)> {
    CHECKS.iter().map(|check| (check.name, check.clause))
}
