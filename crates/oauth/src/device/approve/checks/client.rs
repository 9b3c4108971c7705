//! The client may still use this grant.

use super::{Passed, Stop};
use crate::{ClientStatus, GrantTypes, device::approve::DevicePageFault};

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let grant = passed.grant.ok_or(DevicePageFault::Incomplete)?;
    let client =
        passed.facts.client.filter(|client| client.id == grant.client).ok_or(DevicePageFault::ClientRefused)?;
    let active = match client.status {
        ClientStatus::Active => true,
        ClientStatus::Disabled => false,
    };
    if !active || !client.grants.contains(GrantTypes::DEVICE_CODE) {
        return Err(DevicePageFault::ClientRefused.into());
    }
    passed.client = Some(client);
    Ok(())
}
