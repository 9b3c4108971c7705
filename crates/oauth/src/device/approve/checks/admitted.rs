//! The person may sign in, and may use this client.

use super::{Admitted, Passed, Stop};
use crate::device::approve::DevicePageFault;

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let (Some(session), Some(client)) = (passed.session, passed.client) else {
        return Err(DevicePageFault::Incomplete.into());
    };
    let admitted = passed.facts.person.is_some_and(|person| {
        person.id == session.authentication.person
            && person.may_sign_in(passed.now)
            && client.settings.access.admits(person)
    });
    if !admitted {
        return Err(DevicePageFault::PersonRefused.into());
    }
    passed.admitted = Some(Admitted { _made_here: () });
    Ok(())
}
