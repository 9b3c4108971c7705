//! What we don't do is refused, because ignoring it would ignore what the client asked for.

use super::{Passed, Stop};
use crate::authorize::AuthorizeFault;

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    // What was pushed or signed has been undressed before; what still stands here is an object of a client without keys, an address
    // that we would have to fetch from, or a client that describes itself. OpenID Connect Core §3.1.2.6 has an error for each.
    for (name, fault) in [
        ("request", AuthorizeFault::RequestObjectUnsupported),
        ("request_uri", AuthorizeFault::RequestUriUnsupported),
        ("registration", AuthorizeFault::RegistrationParameter),
    ] {
        match passed.params.one(name) {
            Ok(None) => {}
            Ok(Some(_)) => return Err(fault.into()),
            Err(_) => return Err(AuthorizeFault::ParameterRepeated(name).into()),
        }
    }
    Ok(())
}
