//! It can't pass for a client assertion, nor a client assertion for it.

use crate::request_object::{RequestObjectFault, Signed};

pub(super) fn check(signed: &Signed<'_>) -> Result<(), RequestObjectFault> {
    match signed.claims.text("sub")? {
        Some(subject) if subject == signed.client.id.as_str() => Err(RequestObjectFault::Subject),
        Some(_) | None => Ok(()),
    }
}
