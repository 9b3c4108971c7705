//! The client is registered for codes.

use super::{Passed, Stop};
use crate::{GrantTypes, authorize::AuthorizeFault};

/// The client may use the authorization code grant.
pub(super) struct MayUseCodes {
    _made_here: (),
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let client = passed.client.ok_or(AuthorizeFault::Incomplete)?.get();
    if !client.grants.contains(GrantTypes::AUTHORIZATION_CODE) {
        return Err(AuthorizeFault::GrantNotAllowed.into());
    }
    passed.may_use_codes = Some(MayUseCodes { _made_here: () });
    Ok(())
}
