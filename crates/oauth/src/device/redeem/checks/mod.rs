//! The checks of a poll, in the order in which they run. As with codes, whatever could be wrong with a presentation comes before the
//! question whether it is the second one, because only a presentation that is otherwise valid may revoke (OAuth 2.1 §7.5.2).

mod age;
mod answered;
mod code;
mod once;
mod pace;
mod unspent;

use model::{DeviceGrantId, FamilyId, Timestamp};

use super::DeviceRefusal;
use crate::{
    Client, RawParams, TokenKeys,
    device::{DeviceApproval, DeviceGrant},
};

/// What the checks have left behind.
pub(super) struct Passed<'p, 'a> {
    params: &'p RawParams<'p>,
    client: &'p Client,
    keys: &'p TokenKeys,
    loaded: Option<&'a DeviceGrant>,
    now: Timestamp,
    pub(super) grant: Option<&'a DeviceGrant>,
    pub(super) approval: Option<&'a DeviceApproval>,
}

impl<'p, 'a> Passed<'p, 'a> {
    pub(super) const fn new(
        params: &'p RawParams<'p>,
        client: &'p Client,
        keys: &'p TokenKeys,
        loaded: Option<&'a DeviceGrant>,
        now: Timestamp,
    ) -> Self {
        Self { params, client, keys, loaded, now, grant: None, approval: None }
    }

    fn grant(&self) -> Result<&'a DeviceGrant, Stop> {
        self.grant.ok_or(Stop::from(DeviceRefusal::Incomplete))
    }
}

/// Why the list ends early, and what follows.
pub(super) struct Stop {
    pub(super) refusal: DeviceRefusal,
    pub(super) consequence: Consequence,
}

/// What a refusal brings about besides the answer.
pub(super) enum Consequence {
    /// Nothing.
    Nothing,
    /// The poll is noted.
    Polled { id: DeviceGrantId, interval_seconds: i64 },
    /// What the code became ends.
    EndFamily(FamilyId),
}

impl From<DeviceRefusal> for Stop {
    fn from(refusal: DeviceRefusal) -> Self {
        Self { refusal, consequence: Consequence::Nothing }
    }
}

/// One check: one reason to fail, one clause it serves.
pub(super) struct Check {
    name: &'static str,
    clause: &'static str,
    pub(super) run: fn(&mut Passed<'_, '_>) -> Result<(), Stop>,
}

#[rustfmt::skip]
pub(super) const CHECKS: [Check; 6] = [
    Check { name: "once",     clause: "OAuth 2.1 §3.2: device_code comes once",                            run: once::check },
    Check { name: "code",     clause: "RFC 8628 §3.4: a device code of this client",                       run: code::check },
    Check { name: "unspent",  clause: "OAuth 2.1 §7.5.2, by analogy: a replay ends what it became",        run: unspent::check },
    Check { name: "age",      clause: "RFC 8628 §3.2, §3.5: expired_token",                                run: age::check },
    Check { name: "pace",     clause: "RFC 8628 §3.5: slow_down adds five seconds",                        run: pace::check },
    Check { name: "answered", clause: "RFC 8628 §3.5: authorization_pending, access_denied",               run: answered::check },
];

/// All checks and their clauses, in order, for documents and tests.
pub fn check_list() -> impl Iterator<Item = (&'static str, &'static str)> {
    CHECKS.iter().map(|check| (check.name, check.clause))
}
