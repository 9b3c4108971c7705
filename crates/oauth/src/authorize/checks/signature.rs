//! Where a client must sign its requests, an unsigned one is nobody's.

use super::{Passed, Stop};
use crate::authorize::AuthorizeFault;

/// The request is signed, or need not be.
pub(super) struct RightlySigned {
    _made_here: (),
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let client = passed.client.ok_or(AuthorizeFault::Incomplete)?.get();
    // RFC 9101 §10.5: whoever strips the signature must gain nothing.
    if client.settings.requests.require_signed && !passed.request.is_signed() {
        return Err(AuthorizeFault::SignatureRequired.into());
    }
    passed.signature = Some(RightlySigned { _made_here: () });
    Ok(())
}
