//! The challenge: what makes an answer fresh.

use std::fmt;

use model::Entropy;

/// Bytes in the challenges that we issue (WebAuthn L3 §13.4.3 asks for at least 16).
pub const CHALLENGE_BYTES: usize = 32;
const CHALLENGE_BYTES_MIN: usize = 16;
const CHALLENGE_BYTES_MAX: usize = 128;

/// A ceremony's challenge. The room that issues it spends it before it asks this one to verify an answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Challenge(Box<[u8]>);

impl Challenge {
    /// A fresh challenge of [`CHALLENGE_BYTES`] bytes.
    #[must_use]
    pub fn fresh(entropy: &mut Entropy) -> Self {
        Self(Box::new(entropy.take::<CHALLENGE_BYTES>()))
    }

    /// A challenge of our own length, for the shell that kept its bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; CHALLENGE_BYTES]) -> Self {
        Self(Box::new(bytes))
    }

    /// A challenge that another relying party issued, 16 to 128 bytes (test vectors, imported ceremonies).
    ///
    /// # Errors
    /// When the length is outside those bounds.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, NotAChallenge> {
        if (CHALLENGE_BYTES_MIN..=CHALLENGE_BYTES_MAX).contains(&bytes.len()) {
            Ok(Self(bytes.into()))
        } else {
            Err(NotAChallenge)
        }
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text that the options carry and that `clientDataJSON.challenge` must repeat (base64url, no padding).
    #[must_use]
    pub fn b64u(&self) -> String {
        crypto::b64u(&self.0)
    }
}

impl fmt::Debug for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Challenge(…)")
    }
}

/// The bytes are no challenge: fewer than 16 or more than 128.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAChallenge;

impl fmt::Display for NotAChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a challenge of 16 to 128 bytes")
    }
}
impl std::error::Error for NotAChallenge {}
