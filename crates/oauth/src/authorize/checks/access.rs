//! The person may use this client.

use super::{Passed, Stop};
use crate::authorize::AuthorizeFault;

/// The person is in a group that may use the client, or everybody may.
pub(super) struct MayUse {
    _made_here: (),
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let missing = AuthorizeFault::Incomplete;
    let client = passed.client.ok_or(missing)?.get();
    let person = passed.signed_in.as_ref().ok_or(missing)?.person();
    // By the groups that the person is in now; the token endpoint asks again with each refresh.
    if !client.settings.access.admits(person) {
        return Err(AuthorizeFault::AccessRefused.into());
    }
    passed.may_use = Some(MayUse { _made_here: () });
    Ok(())
}
