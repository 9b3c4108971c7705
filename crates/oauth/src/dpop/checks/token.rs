//! The proof is for the access token that came with it.

use crypto::{equal, from_b64u_exact, sha256};

use super::{DpopFault, Facts};

pub(super) fn check(facts: &Facts<'_>) -> Result<(), DpopFault> {
    // §4.2: without an access token there is nothing for `ath` to say, and whatever it says is not asked.
    let Some(token) = facts.expect.access_token else { return Ok(()) };
    let ath = facts.parts.claims.text("ath").ok().flatten().ok_or(DpopFault::Token)?;
    let hash = from_b64u_exact::<32>(ath).map_err(|_| DpopFault::Token)?;
    if equal(&hash, &sha256(token.as_bytes())) { Ok(()) } else { Err(DpopFault::Token) }
}
