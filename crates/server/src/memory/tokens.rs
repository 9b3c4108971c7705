//! Access tokens whose signature was checked lately, so that a token seen again costs a hash and not a verification.
//! Only what was signed is kept: expiry, revocation and everything that the grant rests on are asked anew at each use.

use std::sync::{Arc, Mutex, PoisonError};

use crypto::{BadToken, JwtType};
use model::Timestamp;
use oauth::AccessTokenFacts;

use super::bounded::Bounded;
use crate::keys::Live;

/// Tokens remembered at the most.
const TOKENS_MAX: usize = 50_000;
/// How long a verdict is kept, in seconds: no access token lives longer.
const VERDICT_SECONDS: i64 = 300;

/// What a token says, and by which keys that was believed.
struct Checked {
    facts: Arc<AccessTokenFacts>,
    generation: u64,
}

/// SHA-256 of a token → what its signature covers.
pub(crate) struct CheckedTokens {
    checked: Mutex<Bounded<[u8; 32], Checked>>,
}

/// Not an access token that we signed, by a key that still counts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotSigned;

impl From<BadToken> for NotSigned {
    fn from(_: BadToken) -> Self {
        Self
    }
}

impl CheckedTokens {
    pub(crate) fn new() -> Self {
        Self { checked: Mutex::new(Bounded::new(TOKENS_MAX)) }
    }

    /// What a token says, if we signed it: verified now, or lately and by the same keys. A withdrawn key makes all verdicts worthless.
    pub(crate) fn facts(&self, keys: &Live, token: &str, now: Timestamp) -> Result<Arc<AccessTokenFacts>, NotSigned> {
        let hash = crypto::sha256(token.as_bytes());
        if let Some(known) = self.checked.lock().unwrap_or_else(PoisonError::into_inner).get(&hash, now)
            && known.generation == keys.generation
        {
            return Ok(known.facts.clone());
        }
        let claims = keys.set.verify_jwt(JwtType::AccessToken, token)?;
        let facts = Arc::new(AccessTokenFacts::parse(&claims).map_err(|_| NotSigned)?);
        let kept = self.checked.lock().unwrap_or_else(PoisonError::into_inner).insert(
            hash,
            Checked { facts: facts.clone(), generation: keys.generation },
            now.plus_seconds(VERDICT_SECONDS),
            now,
            |_| true,
        );
        debug_assert!(kept.is_ok(), "any verdict may leave");
        Ok(facts)
    }
}
