//! The assertion is fresh.

use crypto::json::Claims;
use model::Timestamp;

use super::Facts;
use crate::authentication::{AuthenticationStop, BadAssertion, ClientAuthFault};

/// Longest time that an assertion may still have to live, in seconds.
const LIFE_SECONDS_MAX: i64 = 300;
/// How far the client's clock may be ahead of ours, in seconds (FAPI 2.0 Security Profile §5.3.2.1).
const SKEW_SECONDS: i64 = 10;

pub(super) fn check(facts: &Facts<'_>) -> Result<(), AuthenticationStop> {
    fresh(&facts.read.claims, facts.now).map_err(|fault| ClientAuthFault::from(fault).into())
}

fn fresh(claims: &Claims, now: Timestamp) -> Result<(), BadAssertion> {
    let time = |name| claims.time(name).map_err(|_| BadAssertion::Malformed);
    let expires = time("exp")?.ok_or(BadAssertion::Expired)?;
    if expires <= now {
        return Err(BadAssertion::Expired);
    }
    if expires > now.plus_seconds(LIFE_SECONDS_MAX + SKEW_SECONDS) {
        return Err(BadAssertion::TooLong);
    }
    for name in ["iat", "nbf"] {
        if time(name)?.is_some_and(|at| at > now.plus_seconds(SKEW_SECONDS)) {
            return Err(BadAssertion::Future);
        }
    }
    Ok(())
}

/// When its use may be forgotten: a second after the assertion itself has died.
pub(super) fn forgettable(claims: &Claims, now: Timestamp) -> Timestamp {
    let longest = now.plus_seconds(LIFE_SECONDS_MAX + SKEW_SECONDS);
    claims.time("exp").ok().flatten().map_or(longest, |expires| expires.min(longest)).plus_seconds(1)
}
