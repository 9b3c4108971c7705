//! It is this client's request.

use crate::request_object::{RequestObjectFault, Signed};

pub(super) fn check(signed: &Signed<'_>) -> Result<(), RequestObjectFault> {
    // The client was loaded by the client_id outside, so comparing with it compares the two.
    match signed.claims.text("client_id")? {
        Some(inside) if inside == signed.client.id.as_str() => Ok(()),
        Some(_) => Err(RequestObjectFault::OtherClient),
        None => Err(RequestObjectFault::Claim("client_id")),
    }
}
