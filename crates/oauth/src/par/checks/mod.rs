//! The checks of the pushed authorization request endpoint, in the order in which they run. The client has authenticated by then.

mod client;
mod lowered;
mod request;
mod request_uri;

use model::{Entropy, Secret, Timestamp};

use self::{lowered::Lowered, request::Checked};
use super::{PushFacts, PushRefusal, Pushed, PushedRequest};
use crate::{Client, RawParams, authorize::AuthorizeFault, request_object::KeysNeed};

/// One check: one reason to fail, one clause it serves.
pub(crate) struct Check {
    name: &'static str,
    clause: &'static str,
    pub(super) run: fn(&mut Pushing<'_>) -> Result<(), Stop>,
}

macro_rules! checks {
    ($($name:literal, $clause:literal, $run:path;)+) => {
        [$(Check { name: $name, clause: $clause, run: $run }),+]
    };
}

/// The list.
#[rustfmt::skip]
pub(super) const CHECKS: [Check; 4] = checks! {
    "request_uri", "RFC 9126 §2.1: a pushed request names no other",                                  request_uri::check;
    "client",      "RFC 9126 §2.1: it is the request of the client that authenticated",              client::check;
    "lowered",     "RFC 9126 §3; RFC 9101 §6; RFC 9449 §10.1: what was signed, and for which key",    lowered::check;
    "request",     "RFC 9126 §2.1: checked as the authorization endpoint would",                      request::check;
};

/// The checks and their clauses, in order, for documents and tests.
pub fn check_list() -> impl Iterator<Item = (&'static str, &'static str)> {
    CHECKS.iter().map(|check| (check.name, check.clause))
}

/// Why the list ends early.
pub(super) enum Stop {
    /// The client's keys are needed.
    Need(KeysNeed),
    /// The request is refused.
    Refused(PushRefusal),
}

impl From<PushRefusal> for Stop {
    fn from(refusal: PushRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<AuthorizeFault> for Stop {
    fn from(fault: AuthorizeFault) -> Self {
        Self::Refused(PushRefusal::Request(fault))
    }
}

/// What the checks have left behind so far.
pub(super) struct Pushing<'a> {
    params: &'a RawParams<'a>,
    client: &'a Client,
    facts: &'a PushFacts<'a>,
    now: Timestamp,
    name: (Secret<String>, [u8; 32]),
    lowered: Option<Lowered>,
    checked: Option<Checked>,
}

impl<'a> Pushing<'a> {
    pub(super) fn new(
        params: &'a RawParams<'a>,
        client: &'a Client,
        facts: &'a PushFacts<'a>,
        now: Timestamp,
        entropy: &mut Entropy,
    ) -> Self {
        let (name, secret) = super::request_uri::fresh(entropy);
        let key = facts.keys.kept_hash(super::request_uri::PURPOSE, &secret);
        Self { params, client, facts, now, name: (name, key), lowered: None, checked: None }
    }

    /// The request to keep, if every check left its value.
    pub(super) fn all(self) -> Option<Pushed> {
        let record: PushedRequest = self.checked?.into_record();
        let (request_uri, key) = self.name;
        Some(Pushed { request_uri, key, record })
    }
}
