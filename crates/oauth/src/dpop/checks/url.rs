//! The proof is for this address.

use super::{DpopFault, Facts, claims};
use crate::dpop::url::same;

pub(super) fn check(facts: &Facts<'_>) -> Result<(), DpopFault> {
    if same(claims::text(facts, "htu")?, facts.expect.url) { Ok(()) } else { Err(DpopFault::Url) }
}
