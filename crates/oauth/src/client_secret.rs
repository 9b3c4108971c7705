//! Client secrets: always ours, always random, so that a fast keyed hash protects them and guessing is hopeless.

use crypto::b64u_into;
use model::{Entropy, Secret};

/// A fresh secret: `lgs_` and 256 random bits in base64url. Shown once; only [`crate::TokenKeys::client_secret_hash`] of it is kept.
#[must_use]
pub fn fresh(entropy: &mut Entropy) -> Secret<String> {
    let mut text = String::with_capacity(48);
    text.push_str("lgs_");
    b64u_into(&entropy.take::<32>(), &mut text);
    Secret::new(text)
}
