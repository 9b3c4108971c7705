//! For whom the tokens shall be.

use super::{Passed, Stop};
use crate::{
    authorize::AuthorizeFault,
    resource_name::{RESOURCES_MAX, is_resource_name},
};

/// Resources that the client may ask for; none when the request names none.
pub(crate) struct CheckedResources(Vec<String>);

impl CheckedResources {
    pub(crate) fn into_names(self) -> Vec<String> {
        self.0
    }
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let client = passed.client.ok_or(AuthorizeFault::Incomplete)?.get();
    let mut names: Vec<String> = Vec::new();
    for name in passed.params.values("resource") {
        // RFC 8707 §2: an absolute URI, without fragment.
        if names.len() == RESOURCES_MAX || !is_resource_name(name) {
            return Err(AuthorizeFault::ResourceInvalid.into());
        }
        if !client.may_name_resource(name) {
            return Err(AuthorizeFault::ResourceNotAllowed.into());
        }
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    passed.resources = Some(CheckedResources(names));
    Ok(())
}
