//! No parameter twice, but those that may name several targets.

use super::Passed;
use crate::exchange::ExchangeRefusal;

const KNOWN: [&str; 6] =
    ["subject_token", "subject_token_type", "actor_token", "actor_token_type", "requested_token_type", "scope"];

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), ExchangeRefusal> {
    match passed.params.first_repeated(&KNOWN) {
        None => Ok(()),
        Some(name) => Err(ExchangeRefusal::Repeated(name)),
    }
}
