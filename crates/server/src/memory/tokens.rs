//! Access tokens whose signature was checked lately, so that a token seen again costs a hash and not a verification.
//! Only the signature's verdict is kept: expiry, revocation and the person's status are asked anew at each use.

use std::sync::{Arc, Mutex, PoisonError};

use model::Timestamp;

use super::bounded::Bounded;

/// Tokens remembered at the most.
const TOKENS_MAX: usize = 50_000;
/// How long a verdict is kept, in seconds: no access token lives longer.
const VERDICT_SECONDS: i64 = 300;

/// SHA-256 of a token → the claims that its signature covers.
pub(crate) struct CheckedTokens {
    checked: Mutex<Bounded<[u8; 32], Arc<[u8]>>>,
}

impl CheckedTokens {
    pub(crate) fn new() -> Self {
        Self { checked: Mutex::new(Bounded::new(TOKENS_MAX)) }
    }

    /// The claims of a token whose signature was verified by `verify`, now or lately.
    pub(crate) fn claims<E>(
        &self,
        token: &str,
        now: Timestamp,
        verify: impl FnOnce() -> Result<Vec<u8>, E>,
    ) -> Result<Arc<[u8]>, E> {
        let hash = crypto::sha256(token.as_bytes());
        if let Some(claims) = self.checked.lock().unwrap_or_else(PoisonError::into_inner).get(&hash, now) {
            return Ok(claims.clone());
        }
        let claims: Arc<[u8]> = verify()?.into();
        let kept = self.checked.lock().unwrap_or_else(PoisonError::into_inner).insert(
            hash,
            claims.clone(),
            now.plus_seconds(VERDICT_SECONDS),
            now,
            |_| true,
        );
        debug_assert!(kept.is_ok(), "any verdict may leave");
        Ok(claims)
    }
}
