//! What the writer seals by itself: password hashes, so that a copy of the database alone can't be guessed at.

use crypto::{HashKey, RootKey, SealBroken, SealingKey};
use model::{Entropy, PersonId, Secret, entropy::ENTROPY_BYTES};

/// The writer's sealing key, with the key from which it derives nonces.
#[derive(Clone)]
pub(crate) struct Seals {
    passwords: SealingKey,
    nonces: HashKey,
}

impl std::fmt::Debug for Seals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seals(…)")
    }
}

impl Seals {
    pub(crate) fn from_root(root: &RootKey) -> Self {
        Self { passwords: root.sealing_key("password hashes"), nonces: root.hash_key("password hash nonces") }
    }

    /// Seals the text of a password hash for its person. The nonce follows from what is sealed: the writer draws no randomness, and
    /// AES-GCM-SIV (RFC 8452 §1) gives away by an equal nonce only that the same text was sealed for the same person.
    pub(crate) fn seal_password(&self, person: PersonId, text: &str) -> Vec<u8> {
        let derived = self.nonces.hash("nonce", &[person.as_bytes(), text.as_bytes()]);
        let mut bytes = [0; ENTROPY_BYTES];
        bytes[..derived.len()].copy_from_slice(&derived);
        self.passwords.seal(person.as_bytes(), text.as_bytes(), &mut Entropy::new(bytes))
    }

    /// Opens what [`Self::seal_password`] gave.
    pub(crate) fn open_password(&self, person: PersonId, sealed: &[u8]) -> Result<Secret<String>, SealBroken> {
        let plain = self.passwords.open(person.as_bytes(), sealed)?;
        String::from_utf8(plain).map(Secret::new).map_err(|_| SealBroken)
    }
}
