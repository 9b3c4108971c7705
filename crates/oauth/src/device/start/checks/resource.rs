//! The client names only resources that it may name.

use super::Passed;
use crate::device::start::DeviceStartFault;

/// Most resources of one request.
const RESOURCES_MAX: usize = 8;

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), DeviceStartFault> {
    let client = passed.client;
    let mut resources: Vec<String> = Vec::new();
    for resource in passed.params.values("resource") {
        let allowed =
            client.audience == resource || client.settings.requests.resources.iter().any(|one| one == resource);
        if !allowed || resources.len() == RESOURCES_MAX {
            return Err(DeviceStartFault::Target);
        }
        if !resources.iter().any(|known| known == resource) {
            resources.push(resource.to_owned());
        }
    }
    passed.resources = Some(resources);
    Ok(())
}
