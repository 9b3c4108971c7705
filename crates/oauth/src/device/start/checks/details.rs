//! No detailed wishes: the page of a device shows scopes only, and what a person can't see they can't grant.

use super::Passed;
use crate::device::start::DeviceStartFault;

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), DeviceStartFault> {
    match passed.params.value("authorization_details") {
        None => Ok(()),
        Some(_) => Err(DeviceStartFault::Details),
    }
}
