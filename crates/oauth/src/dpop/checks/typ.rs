//! The JWT is a DPoP proof, and no token of another kind.

use super::{DpopFault, Facts};

pub(super) fn check(facts: &Facts<'_>) -> Result<(), DpopFault> {
    if facts.parts.jws.header.is_typ("dpop+jwt") { Ok(()) } else { Err(DpopFault::Typ) }
}
