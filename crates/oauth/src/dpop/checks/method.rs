//! The proof is for this method.

use super::{DpopFault, Facts, claims};

pub(super) fn check(facts: &Facts<'_>) -> Result<(), DpopFault> {
    // RFC 9110 §9.1: methods are case-sensitive.
    if claims::text(facts, "htm")? == facts.expect.method { Ok(()) } else { Err(DpopFault::Method) }
}
