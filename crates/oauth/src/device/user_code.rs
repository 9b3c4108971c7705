//! The code that a person reads on one screen and types on another (RFC 8628 §6.1).

use model::Entropy;

use crate::TokenKeys;

/// Twenty consonants: no vowels, so that no words appear; nothing that looks like a digit.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// Letters of a code. 20⁸ is about 2³⁴·⁶, enough beside a limit on guesses (RFC 8628 §5.1).
const LENGTH: usize = 8;
/// Most bytes that are looked at in what a person typed.
const TYPED_BYTES_MAX: usize = 64;

/// What was typed can't be a user code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected eight letters such as BCDF-GHJK")]
pub struct NotAUserCode;

/// A user code. Whoever types it can connect the device to their account, so it does not print itself.
#[derive(Clone, PartialEq, Eq)]
pub struct UserCode([u8; LENGTH]);

impl UserCode {
    /// A fresh code.
    #[must_use]
    pub fn fresh(entropy: &mut Entropy) -> Self {
        // 128 bits leave a bias of less than 2⁻⁹³ between letters.
        let mut rest = u128::from_be_bytes(entropy.take::<16>());
        let letters = LETTERS.len() as u128;
        Self(std::array::from_fn(|_| {
            let letter = LETTERS[usize::try_from(rest % letters).expect("a remainder below twenty")];
            rest /= letters;
            letter
        }))
    }

    /// Reads what a person typed: any case, with or without hyphens and spaces (RFC 8628 §6.1).
    ///
    /// # Errors
    /// When something else than the eight letters remains.
    pub fn parse(typed: &str) -> Result<Self, NotAUserCode> {
        if typed.len() > TYPED_BYTES_MAX {
            return Err(NotAUserCode);
        }
        let mut letters = [0; LENGTH];
        let mut count = 0;
        for byte in typed.bytes().filter(|byte| !matches!(byte, b'-' | b' ' | b'.' | b'_' | b'\t')) {
            let letter = byte.to_ascii_uppercase();
            if count == LENGTH || !LETTERS.contains(&letter) {
                return Err(NotAUserCode);
            }
            letters[count] = letter;
            count += 1;
        }
        if count == LENGTH { Ok(Self(letters)) } else { Err(NotAUserCode) }
    }

    /// As the device shows it: `BCDF-GHJK`.
    #[must_use]
    pub fn shown(&self) -> String {
        let mut text = String::with_capacity(LENGTH + 1);
        for (i, letter) in self.0.iter().enumerate() {
            if i == LENGTH / 2 {
                text.push('-');
            }
            text.push(char::from(*letter));
        }
        text
    }

    /// Under which its grant is kept.
    #[must_use]
    pub fn hash(&self, keys: &TokenKeys) -> [u8; 32] {
        keys.kept_hash("device user code", &self.0)
    }
}

impl std::fmt::Debug for UserCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UserCode(…)")
    }
}
