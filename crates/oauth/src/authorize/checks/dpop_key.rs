//! The key that alone may redeem the code.

use crypto::from_b64u_exact;

use super::{Passed, Stop};
use crate::authorize::AuthorizeFault;

/// Thumbprint of the client's DPoP key, where the request names one.
pub(crate) struct DpopKey(Option<[u8; 32]>);

impl DpopKey {
    pub(crate) const fn thumbprint(&self) -> Option<[u8; 32]> {
        self.0
    }
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    // RFC 9449 §10: a JWK SHA-256 thumbprint (RFC 7638). Decoding now lets the token endpoint compare bytes.
    let thumbprint = match passed.params.value("dpop_jkt") {
        None => None,
        Some(text) => Some(from_b64u_exact(text).map_err(|_| AuthorizeFault::DpopKeyInvalid)?),
    };
    passed.dpop_key = Some(DpopKey(thumbprint));
    Ok(())
}
