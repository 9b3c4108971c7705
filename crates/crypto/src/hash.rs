//! SHA-256, keyed hashes with a purpose, and comparison in constant time.

use std::sync::Arc;

use aws_lc_rs::{constant_time, digest, hmac};

/// SHA-256 (FIPS 180-4) of `bytes`.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    fixed(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// SHA-256 of `parts`, one after the other without a boundary: callers see to it that there is only one way to cut them.
pub(crate) fn sha256_of(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(part);
    }
    fixed(context.finish().as_ref())
}

/// Whether `a` and `b` are the same, in a time that depends on their lengths only.
#[must_use]
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}

/// A key for HMAC-SHA-256 (RFC 2104). Does not print itself; cloning shares one copy in memory.
///
/// What is stored under a keyed hash can't be found by guessing from a stolen database alone.
#[derive(Clone)]
pub struct HashKey(Arc<hmac::Key>);

impl HashKey {
    /// From 32 secret bytes; see [`crate::RootKey::hash_key`] for the usual source.
    #[must_use]
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(Arc::new(hmac::Key::new(hmac::HMAC_SHA256, bytes)))
    }

    /// The keyed hash of `parts`, in this order, for one `purpose`.
    ///
    /// The purpose and each part go in behind their length, so that no two different lists feed the hash the same
    /// bytes and a hash for one purpose is worthless for another.
    #[must_use]
    pub fn hash(&self, purpose: &'static str, parts: &[&[u8]]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0);
        for part in std::iter::once(purpose.as_bytes()).chain(parts.iter().copied()) {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        fixed(context.sign().as_ref())
    }
}

impl std::fmt::Debug for HashKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HashKey(…)")
    }
}

fn fixed(bytes: &[u8]) -> [u8; 32] {
    bytes.try_into().expect("SHA-256 gives 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }

    #[test]
    fn the_first_example_of_fips_180() {
        assert_eq!(hex(&sha256(b"abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn the_keyed_hash_is_hmac_over_length_prefixed_parts() {
        let key = [7; 32];
        let mut message = Vec::new();
        for part in ["session", "a", "bc"] {
            message.extend_from_slice(&(part.len() as u64).to_be_bytes());
            message.extend_from_slice(part.as_bytes());
        }
        let expected = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), &message);
        assert_eq!(HashKey::new(&key).hash("session", &[b"a", b"bc"]), expected.as_ref());
    }

    #[test]
    fn moving_a_boundary_a_purpose_or_the_key_changes_the_hash() {
        let key = HashKey::new(&[1; 32]);
        let hashes = [
            key.hash("p", &[b"ab", b"c"]),
            key.hash("p", &[b"a", b"bc"]),
            key.hash("p", &[b"abc"]),
            key.hash("p", &[b"abc", b""]),
            key.hash("q", &[b"abc"]),
            key.hash("pabc", &[]),
            HashKey::new(&[2; 32]).hash("p", &[b"abc"]),
        ];
        for (i, a) in hashes.iter().enumerate() {
            for b in &hashes[i + 1..] {
                assert_ne!(a, b);
            }
        }
        assert_eq!(key.clone().hash("p", &[b"abc"]), hashes[2]);
    }

    #[test]
    fn equality_needs_every_byte_and_the_length() {
        assert!(equal(b"", b"") && equal(b"same", b"same"));
        assert!(!equal(b"same", b"samE") && !equal(b"same", b"sam") && !equal(b"", b"x"));
    }

    #[test]
    fn a_key_does_not_print_itself() {
        assert_eq!(format!("{:?}", HashKey::new(&[9; 32])), "HashKey(…)");
    }
}
