//! Someone is signed in.

use super::{Passed, Stop};
use crate::device::approve::DeviceNeed;

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    passed.session = Some(passed.facts.session.ok_or(Stop::Ask(DeviceNeed::SignIn))?);
    Ok(())
}
