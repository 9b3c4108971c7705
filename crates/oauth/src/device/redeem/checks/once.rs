//! The code comes once. The other parameters are the token endpoint's own business.

use super::{Passed, Stop};
use crate::device::redeem::DeviceRefusal;

pub(super) fn check(passed: &mut Passed<'_, '_>) -> Result<(), Stop> {
    match passed.params.one("device_code") {
        Ok(Some(_)) => Ok(()),
        Ok(None) | Err(_) => Err(DeviceRefusal::CodeMissing.into()),
    }
}
