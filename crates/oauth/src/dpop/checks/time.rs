//! The proof was made just now.

use model::Timestamp;

use super::{DpopFault, Facts};

/// Oldest proof accepted, in seconds.
const AGE_SECONDS_MAX: i64 = 60;
/// How far the client's clock may be ahead of ours, in seconds.
pub(super) const AHEAD_SECONDS_MAX: i64 = 10;

pub(super) fn check(facts: &Facts<'_>) -> Result<(), DpopFault> {
    let issued = issued(facts)?;
    let oldest = facts.now.plus_seconds(-AGE_SECONDS_MAX);
    let newest = facts.now.plus_seconds(AHEAD_SECONDS_MAX);
    if (oldest..=newest).contains(&issued) { Ok(()) } else { Err(DpopFault::Time) }
}

pub(super) fn issued(facts: &Facts<'_>) -> Result<Timestamp, DpopFault> {
    facts.parts.claims.time("iat").ok().flatten().ok_or(DpopFault::ClaimMissing)
}

/// From when on this check alone refuses the proof.
pub(super) fn dead(facts: &Facts<'_>) -> Result<Timestamp, DpopFault> {
    issued(facts).map(|issued| issued.plus_seconds(AGE_SECONDS_MAX + 1))
}
