//! The nonce, where there is one or must be one, is a current one of ours.

use super::{DpopFault, Facts, time};
use crate::dpop::{NonceNeed, nonce};

pub(super) fn check(facts: &Facts<'_>) -> Result<(), DpopFault> {
    let rule = &facts.expect.nonce;
    let needed = match rule.need {
        NonceNeed::Always => true,
        // Such a proof may have been used by somebody whom we don't remember. Its clock may have been ahead of ours.
        NonceNeed::IssuedBefore(start) => time::issued(facts)? < start.plus_seconds(time::AHEAD_SECONDS_MAX),
    };
    match facts.parts.claims.text("nonce") {
        Ok(None) if !needed => Ok(()),
        Ok(Some(sent)) if nonce::accepts(rule.key, sent, facts.now) => Ok(()),
        Ok(_) | Err(_) => Err(DpopFault::Nonce),
    }
}
