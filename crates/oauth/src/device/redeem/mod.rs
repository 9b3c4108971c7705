//! The device polls (RFC 8628 §3.4, §3.5) with the long code. The token endpoint authenticated the client, and asks the central
//! question ([`crate::still`]) after these checks.

mod checks;
mod refusal;

pub use checks::check_list;
pub use refusal::DeviceRefusal;

use model::{Actor, AuditEvent, AuditKind, Detail, FamilyId, Outcome, Timestamp};

use super::{DeviceApproval, DeviceGrant};
use crate::{Change, Client, RawParams, RevocationReason, TokenKeys};
use checks::{Consequence, Passed, Stop};

/// The licence to turn a device's grant into tokens, as far as the grant itself is concerned. Only [`redeemable`] makes one.
#[derive(Debug, Clone, Copy)]
pub struct Redeemable<'a> {
    grant: &'a DeviceGrant,
    approval: &'a DeviceApproval,
}

impl<'a> Redeemable<'a> {
    /// The grant.
    #[must_use]
    pub const fn grant(&self) -> &'a DeviceGrant {
        self.grant
    }

    /// The person's yes.
    #[must_use]
    pub const fn approval(&self) -> &'a DeviceApproval {
        self.approval
    }

    /// What must be written with the family that the grant becomes, so that it becomes one only.
    #[must_use]
    pub fn redemption(&self, family: FamilyId, now: Timestamp) -> Change {
        Change::RedeemDeviceGrant { id: self.grant.id, family, at: now }
    }
}

/// Whether the device code in `params` may become tokens. `grant` is what stands under its hash ([`super::device_code_hash`]).
///
/// # Errors
/// Why not (yet), with what must be written even so.
pub fn redeemable<'a>(
    params: &RawParams<'_>,
    client: &Client,
    keys: &TokenKeys,
    grant: Option<&'a DeviceGrant>,
    now: Timestamp,
) -> Result<Redeemable<'a>, Outcome<DeviceRefusal, Change>> {
    let mut passed = Passed::new(params, client, keys, grant, now);
    for check in &checks::CHECKS {
        if let Err(stop) = (check.run)(&mut passed) {
            return Err(refused(stop, client, now));
        }
    }
    match (passed.grant, passed.approval) {
        (Some(grant), Some(approval)) => Ok(Redeemable { grant, approval }),
        _ => Err(Outcome::plain(DeviceRefusal::Incomplete)),
    }
}

fn refused(stop: Stop, client: &Client, now: Timestamp) -> Outcome<DeviceRefusal, Change> {
    let mut outcome = Outcome::plain(stop.refusal);
    match stop.consequence {
        Consequence::Nothing => {}
        Consequence::Polled { id, interval_seconds } => {
            outcome.changes.push(Change::PollDeviceGrant { id, at: now, interval_seconds });
        }
        Consequence::EndFamily(family) => {
            let reason = RevocationReason::DeviceReplayed;
            outcome.changes.push(Change::RevokeFamily { id: family, at: now, reason });
            outcome.audit.push(
                AuditEvent::new(AuditKind::DeviceReplayed, Actor::Client(client.id.clone()))
                    .client(client.id.clone())
                    .detail("family", Detail::Family(family))
                    .detail("reason", Detail::Word(reason.as_str())),
            );
        }
    }
    outcome
}
