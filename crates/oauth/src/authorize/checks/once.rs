//! No parameter twice.

use super::{Passed, Stop};
use crate::authorize::{AuthorizeFault, KNOWN_PARAMETERS};

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    match passed.params.first_repeated(&KNOWN_PARAMETERS) {
        None => Ok(()),
        Some(name) => Err(AuthorizeFault::ParameterRepeated(name).into()),
    }
}
