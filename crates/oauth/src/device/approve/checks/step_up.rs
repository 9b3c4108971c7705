//! The session proved enough for this client.

use super::{Passed, Proved, Stop};
use crate::device::approve::{DeviceNeed, DevicePageFault};

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let client = passed.client.ok_or(DevicePageFault::Incomplete)?;
    if !passed.facts.requirement_met {
        return Err(Stop::Ask(DeviceNeed::StepUp { client: client.id.clone() }));
    }
    passed.proved = Some(Proved { _made_here: () });
    Ok(())
}
