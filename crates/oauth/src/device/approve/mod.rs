//! A signed-in person types the code (RFC 8628 §3.3), sees who asks, and says yes or no.
//!
//! The shell calls [`look_up`] with what was typed and shows [`DeviceShown`]; the form of that page carries the typed code back to
//! [`answer`]. Nobody who is not signed in learns whether a code exists.

mod checks;
mod fault;

pub use checks::check_list;
pub use fault::DevicePageFault;

use model::{Actor, AuditEvent, AuditKind, ClientId, Decision, Outcome, Person, Session, Tier, Timestamp};

use super::{DeviceAnswer, DeviceApproval, DeviceGrant};
use crate::{Change, Client, ScopeSet, TokenKeys};
use checks::{Doing, Passed, Stop};

/// Facts for the page where a code is typed.
#[derive(Debug, Clone, Copy)]
pub struct DevicePageFacts<'a> {
    /// The keyed hashes.
    pub keys: &'a TokenKeys,
    /// The grant under the typed code's hash ([`super::UserCode::hash`]), if there is one.
    pub grant: Option<&'a DeviceGrant>,
    /// That grant's client.
    pub client: Option<&'a Client>,
    /// The live session of this browser.
    pub session: Option<&'a Session>,
    /// The person of that session.
    pub person: Option<&'a Person>,
    /// Whether what the session proved is enough for that client.
    pub requirement_met: bool,
}

/// What must happen before the page can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceNeed {
    /// Someone must sign in.
    SignIn,
    /// The person must prove more than the session holds.
    StepUp {
        /// At which client.
        client: ClientId,
    },
}

/// What the person is shown before they answer (RFC 8628 §5.4: enough to notice that it is not their device).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceShown {
    /// Which client asks.
    pub client: ClientId,
    /// Its name.
    pub client_name: String,
    /// How much is at stake behind it.
    pub tier: Tier,
    /// What it would get.
    pub scope: ScopeSet,
    /// The resources that it would get it for; empty: its own.
    pub resources: Vec<String>,
    /// From where the device asks, coarsely.
    pub place: String,
    /// When it began.
    pub started: Timestamp,
    /// Until when an answer counts.
    pub expires: Timestamp,
}

/// What the person says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// Yes.
    Approve,
    /// No.
    Deny,
}

/// What became of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceAnswered {
    /// What the person said.
    pub said: Said,
    /// About which client.
    pub client_name: String,
}

/// A typed code, before an answer.
pub fn look_up(
    typed: &str,
    facts: &DevicePageFacts<'_>,
    now: Timestamp,
) -> Decision<DeviceShown, DevicePageFault, DeviceNeed, Change> {
    let passed = match run(Doing::LookingUp, typed, facts, now) {
        Ok(passed) => passed,
        Err(stop) => return stop.decision(),
    };
    let Some((grant, client, _)) = passed.all() else { return refused(DevicePageFault::Incomplete) };
    Decision::Done(Outcome {
        reply: DeviceShown {
            client: client.id.clone(),
            client_name: client.name.clone(),
            tier: client.tier,
            scope: grant.scope.clone(),
            resources: grant.details.resources.clone(),
            place: grant.place.clone(),
            started: grant.created,
            expires: grant.expires,
        },
        changes: vec![Change::CountDeviceLookUp { id: grant.id, from: grant.look_ups }],
        audit: Vec::new(),
    })
}

/// A person's answer to a typed code. It is the consent: nothing remembered stands in for it, and nothing is remembered of it.
pub fn answer(
    typed: &str,
    said: Said,
    facts: &DevicePageFacts<'_>,
    now: Timestamp,
) -> Decision<DeviceAnswered, DevicePageFault, DeviceNeed, Change> {
    let passed = match run(Doing::Answering, typed, facts, now) {
        Ok(passed) => passed,
        Err(stop) => return stop.decision(),
    };
    let Some((grant, client, session)) = passed.all() else { return refused(DevicePageFault::Incomplete) };
    let person = session.authentication.person;
    let (kind, answer) = match said {
        Said::Approve => (
            AuditKind::DeviceApproved,
            DeviceAnswer::Approved(DeviceApproval {
                person,
                session: session.id,
                authentication: session.authentication.clone(),
                at: now,
            }),
        ),
        Said::Deny => (AuditKind::DeviceDenied, DeviceAnswer::Denied { at: now }),
    };
    Decision::Done(Outcome {
        reply: DeviceAnswered { said, client_name: client.name.clone() },
        changes: vec![Change::AnswerDeviceGrant { id: grant.id, answer }],
        audit: vec![AuditEvent::new(kind, Actor::Person(person)).person(person).client(client.id.clone())],
    })
}

fn run<'a>(doing: Doing, typed: &'a str, facts: &'a DevicePageFacts<'a>, now: Timestamp) -> Result<Passed<'a>, Stop> {
    let mut passed = Passed::new(doing, typed, facts, now);
    for check in &checks::CHECKS {
        (check.run)(&mut passed)?;
    }
    Ok(passed)
}

fn refused<R>(fault: DevicePageFault) -> Decision<R, DevicePageFault, DeviceNeed, Change> {
    Decision::Refused(Outcome::plain(fault))
}

impl Stop {
    fn decision<R>(self) -> Decision<R, DevicePageFault, DeviceNeed, Change> {
        match self {
            Self::Fault(fault) => refused(fault),
            Self::Ask(need) => Decision::Need(need),
        }
    }
}
