//! Sealing at rest: what must come back is kept under AES-256-GCM-SIV (RFC 8452).
//!
//! GCM-SIV forgives a repeated nonce: it would tell that two sealed values are equal and nothing more. Random nonces are
//! therefore safe for as many values as an installation will ever hold.

use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use model::{Entropy, Secret};

/// The first byte of everything sealed in this form, so that another form can follow it some day.
const VERSION: u8 = 1;
const TAG_BYTES: usize = 16;
/// How many bytes sealing adds: version, nonce and tag.
pub const SEAL_BYTES: usize = 1 + NONCE_LEN + TAG_BYTES;

/// The sealed bytes were changed, are of another form, or were sealed with another key or for another place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sealed value does not open")]
pub struct SealBroken;

/// A key that seals and opens. Does not print itself; cloning shares one copy in memory.
#[derive(Clone)]
pub struct SealingKey(Arc<LessSafeKey>);

impl SealingKey {
    /// From 32 secret bytes; see [`crate::RootKey::sealing_key`] for the usual source.
    #[must_use]
    pub fn new(bytes: &Secret<[u8; 32]>) -> Self {
        let key = UnboundKey::new(&AES_256_GCM_SIV, bytes.expose()).expect("AES-256 takes 32 bytes");
        Self(Arc::new(LessSafeKey::new(key)))
    }

    /// Seals `plain` for the place that `aad` names (a column and a row, say): moved elsewhere, it will not open.
    ///
    /// Gives a version byte, the nonce of 12 bytes, the ciphertext, and the tag of 16 bytes: [`SEAL_BYTES`] more than
    /// `plain`. Takes 12 bytes of entropy.
    #[must_use]
    pub fn seal(&self, aad: &[u8], plain: &[u8], entropy: &mut Entropy) -> Vec<u8> {
        let nonce: [u8; NONCE_LEN] = entropy.take();
        let mut out = Vec::with_capacity(plain.len() + SEAL_BYTES);
        out.push(VERSION);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(plain);
        let tag = self
            .0
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut out[1 + NONCE_LEN..])
            .expect("sealing fails only past 2^36 bytes (RFC 8452 §6), which no caller holds");
        out.extend_from_slice(tag.as_ref());
        out
    }

    /// Opens what [`seal`](Self::seal) gave for the same `aad`.
    ///
    /// # Errors
    /// [`SealBroken`], whatever the reason.
    pub fn open(&self, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealBroken> {
        let [VERSION, rest @ ..] = sealed else { return Err(SealBroken) };
        let (nonce, body) = rest.split_first_chunk::<NONCE_LEN>().ok_or(SealBroken)?;
        let mut plain = body.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let length = self.0.open_in_place(nonce, Aad::from(aad), &mut plain).map_err(|_| SealBroken)?.len();
        plain.truncate(length);
        Ok(plain)
    }
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealingKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> SealingKey {
        SealingKey::new(&Secret::new([byte; 32]))
    }

    fn entropy(byte: u8) -> Entropy {
        Entropy::new([byte; model::entropy::ENTROPY_BYTES])
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }

    #[test]
    fn the_examples_of_rfc_8452_appendix_c_2() {
        let mut bytes = [0; 32];
        bytes[0] = 1;
        let key = SealingKey::new(&Secret::new(bytes));
        let mut random = [0; model::entropy::ENTROPY_BYTES];
        random[0] = 3;
        let check = |plain: &[u8], expected: &str| {
            let sealed = key.seal(b"", plain, &mut Entropy::new(random));
            assert_eq!(hex(&sealed), format!("01030000000000000000000000{expected}"));
        };
        check(b"", "07f5f4169bbf55a8400cd47ea6fd400f");
        check(&[1, 0, 0, 0, 0, 0, 0, 0], "c2ef328e5c71c83b843122130f7364b761e0b97427e3df28");
    }

    #[test]
    fn what_is_sealed_opens_with_the_same_key_and_place_only() {
        for plain in [&b""[..], b"x", &[0; 1000]] {
            let sealed = key(1).seal(b"person 7", plain, &mut entropy(9));
            assert_eq!(sealed.len(), plain.len() + SEAL_BYTES);
            assert_eq!(key(1).open(b"person 7", &sealed).as_deref(), Ok(plain));
            assert_eq!(key(1).open(b"person 8", &sealed), Err(SealBroken));
            assert_eq!(key(2).open(b"person 7", &sealed), Err(SealBroken));
        }
    }

    #[test]
    fn changing_any_byte_or_the_length_breaks_the_seal() {
        let sealed = key(1).seal(b"place", b"Ada Lovelace", &mut entropy(9));
        for i in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[i] ^= 0x80;
            assert_eq!(key(1).open(b"place", &changed), Err(SealBroken), "byte {i}");
            assert_eq!(key(1).open(b"place", &sealed[..i]), Err(SealBroken), "cut at {i}");
        }
        assert_eq!(key(1).open(b"place", &[&sealed[..], &[0]].concat()), Err(SealBroken));
    }

    #[test]
    fn the_same_value_sealed_twice_looks_different() {
        let mut entropy = Entropy::new(std::array::from_fn(|i| i as u8));
        let one = key(1).seal(b"", b"Ada", &mut entropy);
        assert_ne!(one, key(1).seal(b"", b"Ada", &mut entropy));
    }
}
