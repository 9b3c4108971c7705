//! It is a request object and no token of another kind.

use crate::request_object::{RequestObjectFault, Signed};

pub(super) fn check(signed: &Signed<'_>) -> Result<(), RequestObjectFault> {
    // RFC 9101 §10.8 wants the explicit type and lets clients that predate it be; any other type was signed for something else.
    let header = &signed.header;
    if header.typ.is_none() || header.is_typ("oauth-authz-req+jwt") || header.is_typ("JWT") {
        Ok(())
    } else {
        Err(RequestObjectFault::Type)
    }
}
