//! The code was given out, and to this client.

use crypto::equal;

use super::{Passed, Stop};
use crate::device::{device_code_hash, redeem::DeviceRefusal};

pub(super) fn check(passed: &mut Passed<'_, '_>) -> Result<(), Stop> {
    let code = passed.params.value("device_code").ok_or(DeviceRefusal::CodeMissing)?;
    let hash = device_code_hash(passed.keys, code);
    let grant = passed.loaded.filter(|grant| equal(&grant.device_hash, &hash)).ok_or(DeviceRefusal::CodeUnknown)?;
    if grant.client != passed.client.id {
        return Err(DeviceRefusal::CodeOfOtherClient.into());
    }
    passed.grant = Some(grant);
    Ok(())
}
