//! The client is registered for the grant; nobody is by default.

use super::Passed;
use crate::{GrantTypes, device::start::DeviceStartFault};

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), DeviceStartFault> {
    if passed.client.grants.contains(GrantTypes::DEVICE_CODE) { Ok(()) } else { Err(DeviceStartFault::GrantNotAllowed) }
}
