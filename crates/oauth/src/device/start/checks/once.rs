//! No parameter twice.

use super::Passed;
use crate::device::start::DeviceStartFault;

/// The parameters that mean something here; `resource` alone may repeat (RFC 8707 §2).
const KNOWN: [&str; 6] =
    ["client_id", "client_secret", "client_assertion", "client_assertion_type", "scope", "authorization_details"];

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), DeviceStartFault> {
    match passed.params.first_repeated(&KNOWN) {
        None => Ok(()),
        Some(name) => Err(DeviceStartFault::Repeated(name)),
    }
}
