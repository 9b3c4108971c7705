//! The code waits for an answer still.

use super::{Doing, Passed, Pending, Stop};
use crate::device::{DeviceState, LOOK_UPS_MAX, approve::DevicePageFault};

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let grant = passed.grant.ok_or(DevicePageFault::Incomplete)?;
    if passed.now < grant.created || passed.now >= grant.expires {
        return Err(DevicePageFault::Expired.into());
    }
    match &grant.state {
        DeviceState::Pending => {}
        DeviceState::Approved(_) | DeviceState::Denied { .. } | DeviceState::Redeemed { .. } => {
            return Err(DevicePageFault::Answered.into());
        }
    }
    // RFC 8628 §5.4: a code that many people look at was sent around, and the device is not theirs.
    let in_bounds = match passed.doing {
        Doing::LookingUp => grant.look_ups < LOOK_UPS_MAX,
        // An answer follows a look: nothing is approved that nobody was shown.
        Doing::Answering => (1..=LOOK_UPS_MAX).contains(&grant.look_ups),
    };
    if !in_bounds {
        return Err(DevicePageFault::TooManyLookUps.into());
    }
    passed.pending = Some(Pending { _made_here: () });
    Ok(())
}
