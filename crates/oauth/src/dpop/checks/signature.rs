//! Whoever sent the proof holds the key.

use super::{DpopFault, Facts};

pub(super) fn check(facts: &Facts<'_>) -> Result<(), DpopFault> {
    facts.parts.jws.verify_embedded().map(drop).map_err(|_| DpopFault::Signature)
}
