//! The client asks for something it may ask for.

use super::Passed;
use crate::{GrantTypes, ScopeSet, device::start::DeviceStartFault, scope::OFFLINE_ACCESS};

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), DeviceStartFault> {
    let client = passed.client;
    // OAuth 2.1 §1.4.1: without a scope there is a default or an error; a default would grant what nobody asked for.
    let requested = passed.params.value("scope").ok_or(DeviceStartFault::ScopeMissing)?;
    let requested = ScopeSet::parse(requested).map_err(|_| DeviceStartFault::ScopeMalformed)?;
    // As at the authorization endpoint: what we don't know is ignored, and offline_access without refreshing would promise nothing.
    let may_refresh = client.grants.contains(GrantTypes::REFRESH_TOKEN);
    let granted = requested.filtered(|scope| client.allows_scope(scope) && (scope != OFFLINE_ACCESS || may_refresh));
    if granted.is_empty() {
        return Err(DeviceStartFault::ScopeNotAllowed);
    }
    passed.scope = Some(granted);
    Ok(())
}
