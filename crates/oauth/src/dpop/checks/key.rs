//! The header holds the public key. Its secret parts are refused while reading.

use crypto::jwk::PublicJwk;

use super::{DpopFault, Facts};

pub(super) fn check(facts: &Facts<'_>) -> Result<(), DpopFault> {
    of(facts).map(drop)
}

pub(super) fn of<'a>(facts: &Facts<'a>) -> Result<&'a PublicJwk, DpopFault> {
    facts.parts.jws.header.jwk.as_ref().ok_or(DpopFault::KeyMissing)
}
