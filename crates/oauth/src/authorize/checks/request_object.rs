//! Request objects are refused, because ignoring them would ignore what the client asked for.

use super::{Passed, Stop};
use crate::authorize::AuthorizeFault;

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    // OpenID Connect Core §3.1.2.6 has an error for each.
    for (name, fault) in [
        ("request", AuthorizeFault::RequestObject),
        ("request_uri", AuthorizeFault::RequestUri),
        ("registration", AuthorizeFault::RegistrationParameter),
    ] {
        if passed.params.value(name).is_some() {
            return Err(fault.into());
        }
    }
    Ok(())
}
