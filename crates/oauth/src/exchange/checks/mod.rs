//! The checks of an exchange, in the order in which they run.

mod actor;
mod client;
mod grant;
mod once;
mod reached;
mod rule;
mod scope;
mod sender;
mod subject;
mod types;

use model::Timestamp;

use super::{ExchangeFacts, ExchangeRefusal, PresentedToken, act::Act};
use crate::{Client, RawParams, RefreshFamily, ScopeSet, client::ExchangeRule};

/// What the checks have left behind.
pub(super) struct Passed<'a> {
    params: &'a RawParams<'a>,
    client: &'a Client,
    facts: &'a ExchangeFacts<'a>,
    now: Timestamp,
    confidential: Option<Confidential>,
    types: Option<Types>,
    token: Option<&'a PresentedToken>,
    family: Option<&'a RefreshFamily>,
    reached: Option<Reached>,
    rule: Option<&'a ExchangeRule>,
    audience: Option<Vec<String>>,
    actor: Option<Option<Act>>,
    scope: Option<ScopeSet>,
    sender: Option<SenderKept>,
}

/// The client can keep a credential, and is registered for this.
struct Confidential {
    _made_here: (),
}
/// Access tokens go in, an access token comes out.
struct Types {
    _made_here: (),
}
/// The subject token got here by right.
struct Reached {
    _made_here: (),
}
/// The new token is bound if the old one was.
struct SenderKept {
    _made_here: (),
}

/// The licence to issue an exchanged token.
pub(super) struct Exchangeable<'a> {
    pub(super) client: &'a Client,
    pub(super) family: &'a RefreshFamily,
    pub(super) token: &'a PresentedToken,
    pub(super) scope: ScopeSet,
    pub(super) audience: Vec<String>,
    pub(super) act: Option<Act>,
}

impl<'a> Passed<'a> {
    pub(super) const fn new(
        params: &'a RawParams<'a>,
        client: &'a Client,
        facts: &'a ExchangeFacts<'a>,
        now: Timestamp,
    ) -> Self {
        Self {
            params,
            client,
            facts,
            now,
            confidential: None,
            types: None,
            token: None,
            family: None,
            reached: None,
            rule: None,
            audience: None,
            actor: None,
            scope: None,
            sender: None,
        }
    }

    fn token(&self) -> Result<&'a PresentedToken, ExchangeRefusal> {
        self.token.ok_or(ExchangeRefusal::Incomplete)
    }

    pub(super) fn all(self) -> Result<Exchangeable<'a>, ExchangeRefusal> {
        match self {
            Self {
                client,
                confidential: Some(Confidential { .. }),
                types: Some(Types { .. }),
                token: Some(token),
                family: Some(family),
                reached: Some(Reached { .. }),
                rule: Some(_),
                audience: Some(audience),
                actor: Some(act),
                scope: Some(scope),
                sender: Some(SenderKept { .. }),
                ..
            } => Ok(Exchangeable { client, family, token, scope, audience, act }),
            _ => Err(ExchangeRefusal::Incomplete),
        }
    }
}

/// One check: one reason to fail, one clause it serves.
pub(super) struct Check {
    name: &'static str,
    clause: &'static str,
    pub(super) run: fn(&mut Passed<'_>) -> Result<(), ExchangeRefusal>,
}

#[rustfmt::skip]
pub(super) const CHECKS: [Check; 10] = [
    Check { name: "once",    clause: "OAuth 2.1 §3.2; RFC 8693 §2.1: only audience and resource repeat",      run: once::check },
    Check { name: "client",  clause: "RFC 8693 §2.1, §5: an authenticated, confidential client",              run: client::check },
    Check { name: "types",   clause: "RFC 8693 §2.1, §3: access tokens go in, an access token comes out",     run: types::check },
    Check { name: "subject", clause: "RFC 8693 §2.1; RFC 9068 §4: ours, in time, about a person",             run: subject::check },
    Check { name: "grant",   clause: "OAuth 2.1 §4.3.1, by analogy: the grant behind it is still active",     run: grant::check },
    Check { name: "reached", clause: "RFC 8693 §5; RFC 9068 §5: issued to the caller, or meant for it",       run: reached::check },
    Check { name: "rule",    clause: "RFC 8693 §2.1, §2.2.2; RFC 8707 §2: an agreed source and target",       run: rule::check },
    Check { name: "actor",   clause: "RFC 8693 §1.1, §4.1, §4.4: who acts is named and allowed to",           run: actor::check },
    Check { name: "scope",   clause: "RFC 8693 §2.1, §5: no more than the subject token and the rule hold",   run: scope::check },
    Check { name: "sender",  clause: "RFC 9700 §2.2.1: a bound token does not become a bearer token",         run: sender::check },
];

/// All checks and their clauses, in order, for documents and tests.
pub fn check_list() -> impl Iterator<Item = (&'static str, &'static str)> {
    CHECKS.iter().map(|check| (check.name, check.clause))
}
