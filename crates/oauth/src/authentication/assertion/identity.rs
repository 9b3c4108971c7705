//! The client speaks about itself.

use super::Facts;
use crate::authentication::{AuthenticationStop, BadAssertion, ClientAuthFault};

pub(super) fn check(facts: &Facts<'_>) -> Result<(), AuthenticationStop> {
    let is_client = |name| facts.read.claims.text(name) == Ok(Some(facts.client.id.as_str()));
    if is_client("iss") && is_client("sub") {
        return Ok(());
    }
    Err(ClientAuthFault::from(BadAssertion::Identity).into())
}
