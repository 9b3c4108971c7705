//! The assertion is meant for us and for nobody else.

use crypto::json::Value;

use super::Facts;
use crate::{
    ExceptionRule,
    authentication::{AuthenticationStop, BadAssertion, ClientAuthFault},
};

pub(super) fn check(facts: &Facts<'_>) -> Result<(), AuthenticationStop> {
    let fault = Err(ClientAuthFault::from(BadAssertion::Audience).into());
    let issuer = facts.known.issuer.url();
    match facts.read.claims.object().get("aud") {
        // RFC 10070: the issuer's identifier, as a string. An array could name a second server, which could then use it here.
        Some(Value::Text(audience)) if audience == issuer => return Ok(()),
        Some(_) => {}
        None => return fault,
    }
    if !facts.client.excepts(ExceptionRule::LegacyAssertionAudience, facts.now) {
        return fault;
    }
    // Before RFC 10070 the address of the called endpoint was usual (RFC 7523 §3), at pushed requests that of the token endpoint
    // too (RFC 9126 §2). Each of several must still be ours.
    let is_endpoint =
        |audience: &str| audience.strip_prefix(issuer).is_some_and(|path| path == facts.endpoint || path == "/token");
    match facts.read.claims.one_or_more("aud") {
        Ok(Some(audiences)) if audiences.iter().all(|audience| *audience == issuer || is_endpoint(audience)) => Ok(()),
        Ok(_) | Err(_) => fault,
    }
}
