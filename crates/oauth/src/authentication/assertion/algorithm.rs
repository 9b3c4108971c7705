//! The algorithm is the registered one, where one is registered. `none` and shared keys can't be written down here at all.

use super::Facts;
use crate::authentication::{AuthenticationStop, BadAssertion, ClientAuthFault};

pub(super) fn check(facts: &Facts<'_>) -> Result<(), AuthenticationStop> {
    match facts.client.settings.proof.signing_alg {
        Some(registered) if registered != facts.read.jws.header.alg => {
            Err(ClientAuthFault::from(BadAssertion::Algorithm).into())
        }
        Some(_) | None => Ok(()),
    }
}
