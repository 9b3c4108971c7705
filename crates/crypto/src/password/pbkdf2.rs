//! PBKDF2 (RFC 8018 §5.2), in the library that the rest of this room uses.

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2;
use zeroize::Zeroizing;

use super::{BadHash, fields};
use crate::equal;

/// The hash function under HMAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prf {
    Sha1,
    Sha256,
    Sha512,
}

impl Prf {
    const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "pbkdf2-sha1",
            Self::Sha256 => "pbkdf2-sha256",
            Self::Sha512 => "pbkdf2-sha512",
        }
    }

    const fn bytes(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    /// Most rounds over all blocks of one hash: about a second. Django's default, with SHA-256, stood at 1 000 000 in 2025.
    const fn rounds_max(self) -> u64 {
        match self {
            Self::Sha1 | Self::Sha256 => 3_000_000,
            Self::Sha512 => 1_200_000,
        }
    }

    const fn algorithm(self) -> pbkdf2::Algorithm {
        match self {
            Self::Sha1 => pbkdf2::PBKDF2_HMAC_SHA1,
            Self::Sha256 => pbkdf2::PBKDF2_HMAC_SHA256,
            Self::Sha512 => pbkdf2::PBKDF2_HMAC_SHA512,
        }
    }
}

/// One stored PBKDF2 hash.
#[derive(Clone)]
pub(super) struct Pbkdf2Hash {
    prf: Prf,
    iterations: NonZeroU32,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl Pbkdf2Hash {
    /// From its parts, in whatever form they were written.
    pub(super) fn new(prf: Prf, iterations: u32, salt: Vec<u8>, output: Vec<u8>) -> Result<Self, BadHash> {
        fields::sane(&salt, &output)?;
        let iterations = NonZeroU32::new(iterations).ok_or(BadHash::Malformed)?;
        // RFC 8018 §5.2, step 3: each block of output costs all iterations again.
        let blocks = output.len().div_ceil(prf.bytes()) as u64;
        if u64::from(iterations.get()) * blocks > prf.rounds_max() {
            return Err(BadHash::TooCostly);
        }
        Ok(Self { prf, iterations, salt, output })
    }

    /// Reads what follows the scheme's name and a dollar sign: `i=1000,l=32$salt$output` in the PHC string format, or
    /// passlib's `1000$salt$output`, whose base64 has a dot for the plus sign.
    pub(super) fn parse(prf: Prf, rest: &str) -> Result<Self, BadHash> {
        let mut parts = rest.split('$');
        let (Some(cost), Some(salt), Some(output), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(BadHash::Malformed);
        };
        if !cost.contains('=') {
            let bytes = |text: &str| fields::bytes(&text.replace('.', "+"));
            return Self::new(prf, fields::number(cost)?, bytes(salt)?, bytes(output)?);
        }
        let output = fields::bytes(output)?;
        let iterations = if cost.contains(',') {
            let [iterations, length] = fields::named(cost, ["i", "l"])?;
            if length as usize != output.len() {
                return Err(BadHash::Malformed);
            }
            iterations
        } else {
            let [iterations] = fields::named(cost, ["i"])?;
            iterations
        };
        Self::new(prf, iterations, fields::bytes(salt)?, output)
    }

    pub(super) fn to_text(&self) -> String {
        let (salt, output) = (fields::text(&self.salt), fields::text(&self.output));
        format!("${}$i={},l={}${salt}${output}", self.prf.name(), self.iterations, self.output.len())
    }

    pub(super) fn name(&self) -> &'static str {
        self.prf.name()
    }

    pub(super) fn matches(&self, password: &[u8]) -> bool {
        let mut output = Zeroizing::new(vec![0; self.output.len()]);
        pbkdf2::derive(self.prf.algorithm(), self.iterations, &self.salt, password, &mut output);
        equal(&output, &self.output)
    }
}
