//! A person said yes.

use super::{Consequence, Passed, Stop};
use crate::device::{DeviceState, redeem::DeviceRefusal};

pub(super) fn check(passed: &mut Passed<'_, '_>) -> Result<(), Stop> {
    let grant = passed.grant()?;
    match &grant.state {
        DeviceState::Approved(approval) => {
            passed.approval = Some(approval);
            Ok(())
        }
        DeviceState::Denied { .. } => Err(DeviceRefusal::Denied.into()),
        DeviceState::Pending => Err(Stop {
            refusal: DeviceRefusal::Pending,
            consequence: Consequence::Polled { id: grant.id, interval_seconds: grant.interval_seconds },
        }),
        DeviceState::Redeemed { .. } => Err(DeviceRefusal::Incomplete.into()),
    }
}
