//! Someone is signed in.

use super::{Passed, Stop};
use crate::device::approve::DeviceNeed;

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let live = passed.facts.session.filter(|session| passed.now < session.expires);
    passed.session = Some(live.ok_or(Stop::Ask(DeviceNeed::SignIn))?);
    Ok(())
}
