//! The algorithm is one that we accept. `none` and shared keys can't be written down here at all.

use super::{DpopFault, Facts};
use crate::dpop::DPOP_ALGS;

pub(super) fn check(facts: &Facts<'_>) -> Result<(), DpopFault> {
    // RS256 is left out: no client has to be compatible with anything here (FAPI 2.0 Security Profile §5.4.1).
    if DPOP_ALGS.contains(&facts.parts.jws.header.alg.as_str()) { Ok(()) } else { Err(DpopFault::Algorithm) }
}
