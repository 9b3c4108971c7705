//! The checks of the page where a code is typed, in the order in which they run. Who is not signed in is asked to first: nobody else
//! learns anything about a code.

mod admitted;
mod client;
mod code;
mod pending;
mod signed_in;
mod step_up;

use model::{Session, Timestamp};

use super::{DeviceNeed, DevicePageFacts, DevicePageFault};
use crate::{Client, device::DeviceGrant};

/// What the person is doing.
#[derive(Clone, Copy)]
pub(super) enum Doing {
    LookingUp,
    Answering,
}

/// What the checks have left behind.
pub(super) struct Passed<'a> {
    doing: Doing,
    typed: &'a str,
    facts: &'a DevicePageFacts<'a>,
    now: Timestamp,
    session: Option<&'a Session>,
    grant: Option<&'a DeviceGrant>,
    pending: Option<Pending>,
    client: Option<&'a Client>,
    admitted: Option<Admitted>,
    proved: Option<Proved>,
}

/// The grant waits for an answer.
struct Pending {
    _made_here: (),
}
/// The person may use the client.
struct Admitted {
    _made_here: (),
}
/// The session proved enough.
struct Proved {
    _made_here: (),
}

impl<'a> Passed<'a> {
    pub(super) const fn new(doing: Doing, typed: &'a str, facts: &'a DevicePageFacts<'a>, now: Timestamp) -> Self {
        Self {
            doing,
            typed,
            facts,
            now,
            session: None,
            grant: None,
            pending: None,
            client: None,
            admitted: None,
            proved: None,
        }
    }

    /// Grant, client and session, when every check left its mark.
    pub(super) fn all(self) -> Option<(&'a DeviceGrant, &'a Client, &'a Session)> {
        let Self {
            pending: Some(Pending { .. }), admitted: Some(Admitted { .. }), proved: Some(Proved { .. }), ..
        } = self
        else {
            return None;
        };
        Some((self.grant?, self.client?, self.session?))
    }
}

/// Why the list ends early.
pub(super) enum Stop {
    Fault(DevicePageFault),
    Ask(DeviceNeed),
}

impl From<DevicePageFault> for Stop {
    fn from(fault: DevicePageFault) -> Self {
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
pub(super) const CHECKS: [Check; 6] = [
    Check { name: "signed_in", clause: "RFC 8628 §3.3: the person is authenticated first",                   run: signed_in::check },
    Check { name: "code",      clause: "RFC 8628 §3.3, §6.1: a code that was given out",                     run: code::check },
    Check { name: "pending",   clause: "RFC 8628 §3.2, §5.1, §5.4: in time, unanswered, not passed around",  run: pending::check },
    Check { name: "client",    clause: "OAuth 2.1 §2: a client that may still use this grant",               run: client::check },
    Check { name: "admitted",  clause: "OAuth 2.1 §1.3: a person who may use this client",                   run: admitted::check },
    Check { name: "step_up",   clause: "RFC 9470 §5: enough was proved for what is at stake",                run: step_up::check },
];

/// All checks and their clauses, in order, for documents and tests.
pub fn check_list() -> impl Iterator<Item = (&'static str, &'static str)> {
    CHECKS.iter().map(|check| (check.name, check.clause))
}
