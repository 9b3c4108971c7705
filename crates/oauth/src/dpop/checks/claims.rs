//! Everything is there that every proof must say.

use super::{DpopFault, Facts};

/// Longest `jti`, in bytes.
const JTI_BYTES_MAX: usize = 256;

pub(super) fn check(facts: &Facts<'_>) -> Result<(), DpopFault> {
    let jti = text(facts, "jti")?;
    if jti.is_empty() || jti.len() > JTI_BYTES_MAX {
        return Err(DpopFault::ClaimMissing);
    }
    text(facts, "htm")?;
    text(facts, "htu")?;
    match facts.parts.claims.time("iat") {
        Ok(Some(_)) => Ok(()),
        Ok(None) | Err(_) => Err(DpopFault::ClaimMissing),
    }
}

pub(super) fn text<'a>(facts: &Facts<'a>, name: &'static str) -> Result<&'a str, DpopFault> {
    facts.parts.claims.text(name).ok().flatten().ok_or(DpopFault::ClaimMissing)
}
