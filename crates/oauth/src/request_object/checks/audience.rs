//! It was signed for us.

use crate::request_object::{RequestObjectFault, Signed};

pub(super) fn check(signed: &Signed<'_>) -> Result<(), RequestObjectFault> {
    // Unlike a client assertion (RFC 10070) it may name others beside us: it grants nothing to whoever holds it.
    match signed.claims.one_or_more("aud")? {
        Some(audience) if audience.contains(&signed.issuer.url()) => Ok(()),
        Some(_) | None => Err(RequestObjectFault::Audience),
    }
}
