//! The assertion is no token of another kind.

use super::Facts;
use crate::authentication::{AuthenticationStop, BadAssertion, ClientAuthFault};

pub(super) fn check(facts: &Facts<'_>) -> Result<(), AuthenticationStop> {
    let header = &facts.read.jws.header;
    // RFC 10070: the explicit type is wanted; `JWT` and none are what clients sent before it.
    if header.typ.is_none() || header.is_typ("client-authentication+jwt") || header.is_typ("JWT") {
        return Ok(());
    }
    Err(ClientAuthFault::from(BadAssertion::Typ).into())
}
