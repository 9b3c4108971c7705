//! The name of a pushed request (RFC 9126 §2.2): unguessable, and nothing but a name.

use crypto::{b64u_into, from_b64u_exact};
use model::{Entropy, Secret};

/// What every name of ours begins with.
const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";
/// What the keyed hash is for, under which a pushed request is kept.
pub(crate) const PURPOSE: &str = "pushed request";

/// Whether `text` looks like a name of ours; a foreign one would have to be fetched from, which we never do.
pub(crate) fn is_ours(text: &str) -> bool {
    text.starts_with(PREFIX)
}

/// The random part of a name of ours.
pub(crate) fn secret(text: &str) -> Option<[u8; 32]> {
    from_b64u_exact(text.strip_prefix(PREFIX)?).ok()
}

/// A fresh name and its random part: 256 bits (RFC 9126 §7.1).
pub(crate) fn fresh(entropy: &mut Entropy) -> (Secret<String>, [u8; 32]) {
    let secret = entropy.take::<32>();
    let mut text = String::with_capacity(PREFIX.len() + 43);
    text.push_str(PREFIX);
    b64u_into(&secret, &mut text);
    (Secret::new(text), secret)
}
