//! Nonces that need no memory (RFC 9449 §8): a keyed hash of the minute. Each is good for one to two minutes.

use crypto::{HashKey, b64u, equal, from_b64u_exact};
use model::{Entropy, Timestamp};

/// How long one nonce is handed out, in seconds. It is accepted for as long again.
const STEP_SECONDS: i64 = 60;

/// Makes and knows nonces. Drawn when the process starts, so that no nonce outlives it.
#[derive(Debug, Clone)]
pub struct NonceKey(HashKey);

impl NonceKey {
    /// A fresh key. Takes 32 bytes of entropy.
    #[must_use]
    pub fn fresh(entropy: &mut Entropy) -> Self {
        Self(HashKey::new(&entropy.take::<32>()))
    }

    /// The nonce of a step, as bytes.
    fn of(&self, step: i64) -> [u8; 16] {
        let whole = self.0.hash("dpop nonce", &[&step.to_be_bytes()]);
        let mut half = [0; 16];
        half.copy_from_slice(&whole[..16]);
        half
    }
}

/// The nonce to hand out now: 22 characters, for the header `DPoP-Nonce`.
#[must_use]
pub fn current(key: &NonceKey, now: Timestamp) -> String {
    b64u(&key.of(step(now)))
}

/// Whether `nonce` is the current one or the one before.
#[must_use]
pub fn accepts(key: &NonceKey, nonce: &str, now: Timestamp) -> bool {
    let Ok(sent) = from_b64u_exact::<16>(nonce) else { return false };
    let step = step(now);
    // Both are compared, whichever fits.
    equal(&sent, &key.of(step)) | equal(&sent, &key.of(step - 1))
}

const fn step(now: Timestamp) -> i64 {
    now.seconds().div_euclid(STEP_SECONDS)
}
