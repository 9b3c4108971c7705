//! It holds no further request.

use crate::request_object::{RequestObjectFault, Signed};

pub(super) fn check(signed: &Signed<'_>) -> Result<(), RequestObjectFault> {
    let claims = signed.claims.object();
    if claims.has("request") || claims.has("request_uri") { Err(RequestObjectFault::Nested) } else { Ok(()) }
}
