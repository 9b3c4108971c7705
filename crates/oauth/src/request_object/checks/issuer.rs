//! The client says that it is the one who speaks.

use crate::request_object::{RequestObjectFault, Signed};

pub(super) fn check(signed: &Signed<'_>) -> Result<(), RequestObjectFault> {
    match signed.claims.text("iss")? {
        Some(issuer) if issuer == signed.client.id.as_str() => Ok(()),
        Some(_) | None => Err(RequestObjectFault::Issuer),
    }
}
