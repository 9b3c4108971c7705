//! The client names only resources that it may name.

use super::Passed;
use crate::{device::start::DeviceStartFault, resource_name::RESOURCES_MAX};

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), DeviceStartFault> {
    let client = passed.client;
    let mut resources: Vec<String> = Vec::new();
    for resource in passed.params.values("resource") {
        let allowed = client.may_name_resource(resource);
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
