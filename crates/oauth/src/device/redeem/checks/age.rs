//! The code is in time. A yes that was not fetched in time is lost as well.

use super::{Passed, Stop};
use crate::device::redeem::DeviceRefusal;

pub(super) fn check(passed: &mut Passed<'_, '_>) -> Result<(), Stop> {
    let grant = passed.grant()?;
    // A clock that went back is no reason to accept a code from the future.
    if passed.now < grant.created || passed.now >= grant.expires {
        return Err(DeviceRefusal::Expired.into());
    }
    Ok(())
}
