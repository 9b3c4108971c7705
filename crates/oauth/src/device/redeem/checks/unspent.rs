//! The code was not redeemed before. Who holds it is the device or a thief, and nobody can tell which of the two came first.

use super::{Consequence, Passed, Stop};
use crate::device::{DeviceState, redeem::DeviceRefusal};

pub(super) fn check(passed: &mut Passed<'_, '_>) -> Result<(), Stop> {
    match passed.grant()?.state {
        DeviceState::Redeemed { family, .. } => {
            Err(Stop { refusal: DeviceRefusal::Replayed, consequence: Consequence::EndFamily(family) })
        }
        DeviceState::Pending | DeviceState::Approved(_) | DeviceState::Denied { .. } => Ok(()),
    }
}
