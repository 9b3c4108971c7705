//! It was signed lately, and not for long.

use crate::request_object::{REQUEST_OBJECT_SECONDS_MAX, RequestObjectFault, Signed};

/// How far the client's clock may be ahead, in seconds.
const SKEW_SECONDS: i64 = 10;

pub(super) fn check(signed: &Signed<'_>) -> Result<(), RequestObjectFault> {
    let (expires, not_before) = (signed.claims.time("exp")?, signed.claims.time("nbf")?);
    let now = signed.now;
    if signed.client.settings.requests.require_signed && (expires.is_none() || not_before.is_none()) {
        return Err(RequestObjectFault::TimesMissing);
    }
    if let Some(not_before) = not_before
        && (not_before > now.plus_seconds(SKEW_SECONDS) || not_before < now.plus_seconds(-REQUEST_OBJECT_SECONDS_MAX))
    {
        return Err(RequestObjectFault::NotBefore);
    }
    if let Some(expires) = expires {
        if expires <= now {
            return Err(RequestObjectFault::Expired);
        }
        // Without nbf the hour counts from now: a request signed for years is a bearer credential for years.
        if expires > not_before.unwrap_or(now).plus_seconds(REQUEST_OBJECT_SECONDS_MAX) {
            return Err(RequestObjectFault::LivesTooLong);
        }
    }
    Ok(())
}
