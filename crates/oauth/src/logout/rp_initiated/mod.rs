//! A client sends a person to sign out (OpenID Connect RP-Initiated Logout 1.0 §2, §3).
//!
//! Anybody can make a browser open an address. So a session ends without a question only when the request carries an ID token of
//! that very session; and nobody is sent anywhere but to an address that the client registered.

mod checks;
mod fault;

pub use checks::check_list;
pub use fault::LogoutFault;

use model::{Actor, AuditEvent, AuditKind, ClientId, Decision, Detail, Outcome, Session, SessionId, Timestamp};
use serde::Deserialize;

use super::end_families;
use crate::{Change, Client, IdTokenHint, Issuer, RawParams, TokenKeys};
use checks::{Passed, Stop};

/// Facts for one logout request.
#[derive(Clone, Copy)]
pub struct LogoutFacts<'a> {
    /// Who we are.
    pub issuer: &'a Issuer,
    /// The keyed hashes.
    pub keys: &'a TokenKeys,
    /// The client that [`named_client`] names, if it is registered.
    pub client: Option<&'a Client>,
    /// The live session of this browser.
    pub session: Option<&'a Session>,
    /// The verified `id_token_hint`. Expired ones are as good as fresh ones (§2).
    pub hint: IdTokenHint<'a>,
    /// The imported subject of the session's person at that client ([`crate::subject_map`]).
    pub mapped_subject: Option<&'a str>,
    /// What the person answered, when this request comes from the page that asks.
    pub answer: LogoutAnswer,
}

crate::quiet::quiet! { LogoutFacts<'_> }

/// What the person answered to the question whether to sign out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogoutAnswer {
    /// Nothing; the page was not shown.
    NotAsked,
    /// Yes.
    SignOut,
    /// No.
    Stay,
}

/// The person must be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogoutNeed {
    /// Whether they want to sign out.
    Confirm {
        /// Which client sent them, if that is known.
        client: Option<ClientId>,
        /// Its name.
        client_name: Option<String>,
    },
}

/// What happens next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutReply {
    /// The session that ends; the shell ends it with the sign-in room's change, in the same commit.
    pub ends: Option<SessionId>,
    /// Where the person goes; the page that says how it stands, when there is no place.
    pub location: Option<String>,
}

/// The client that a request is about: `client_id`, or the one that the verified hint was issued to.
#[must_use]
pub fn named_client(params: &RawParams<'_>, hint: IdTokenHint<'_>) -> Option<String> {
    match params.value("client_id") {
        Some(id) => Some(id.to_owned()).filter(|id| id.len() <= model::ids::CLIENT_ID_BYTES_MAX),
        None => match hint {
            IdTokenHint::Claims(claims) => HintClaims::parse(claims).map(|claims| claims.aud),
            IdTokenHint::NotSent | IdTokenHint::Unverifiable => None,
        },
    }
}

/// Decides one logout request.
pub fn end_session(
    params: &RawParams<'_>,
    facts: &LogoutFacts<'_>,
    now: Timestamp,
) -> Decision<LogoutReply, LogoutFault, LogoutNeed, Change> {
    let mut passed = Passed::new(params, facts);
    for check in &checks::CHECKS {
        match (check.run)(&mut passed) {
            Ok(()) => {}
            Err(Stop::Fault(fault)) => return Decision::Refused(Outcome::plain(fault)),
            Err(Stop::Ask(need)) => return Decision::Need(need),
        }
    }
    let (ends, location) = match passed.agreed {
        None => return Decision::Refused(Outcome::plain(LogoutFault::Incomplete)),
        // Who stays is not sent on, or the client would believe that they signed out.
        Some(checks::Agreed::Stays) => (None, None),
        Some(checks::Agreed::Ends(session)) => (session, passed.location),
    };
    let mut outcome = Outcome::plain(LogoutReply { ends: ends.map(|session| session.id), location });
    if let Some(session) = ends {
        let person = session.authentication.person;
        let mut event = AuditEvent::new(AuditKind::LogoutAtClient, Actor::Person(person))
            .person(person)
            .detail("session", Detail::Session(session.id));
        if let Some(client) = passed.client {
            event = event.client(client.id.clone());
        }
        outcome.changes.push(end_families(session.id, now));
        outcome.audit.push(event);
    }
    Decision::Done(outcome)
}

/// What matters in an ID token that comes back. Its signature was verified; its age does not matter.
#[derive(Deserialize)]
struct HintClaims {
    iss: String,
    sub: String,
    aud: String,
    sid: Option<String>,
}

impl HintClaims {
    fn parse(claims: &[u8]) -> Option<Self> {
        serde_json::from_slice(claims).ok()
    }
}
