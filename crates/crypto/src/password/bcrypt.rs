//! bcrypt, as crypt(3) writes it: `$2b$12$` and 53 characters for 16 bytes of salt and 23 of output.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use zeroize::Zeroizing;

use super::{BadHash, fields};
use crate::equal;

/// bcrypt's own alphabet. The last character of salt and output carries bits that belong to nothing; writers fill them
/// as they like.
const BCRYPT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::BCRYPT,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// How many bytes of a password bcrypt sees, the zero byte behind it included.
const SEEN_BYTES_MAX: usize = 72;
const COST_MIN: u32 = 4;
/// Two to this power rounds: about a second. Each step more doubles it.
const COST_MAX: u32 = 14;
const SALT_CHARS: usize = 22;
const OUTPUT_CHARS: usize = 31;
const OUTPUT_BYTES: usize = 23;

/// One stored bcrypt hash.
#[derive(Clone)]
pub(super) struct BcryptHash {
    cost: u32,
    salt: [u8; 16],
    output: [u8; OUTPUT_BYTES],
}

impl BcryptHash {
    /// Reads what follows `$2a$`, `$2b$` or `$2y$`. The three letters name bugs of former implementations, for passwords
    /// that ours computes alike: `2a` is read as the fixed algorithm.
    pub(super) fn parse(rest: &str) -> Result<Self, BadHash> {
        let (cost, tail) = rest.split_once('$').ok_or(BadHash::Malformed)?;
        let cost = fields::number(cost)?;
        if cost > COST_MAX {
            return Err(BadHash::TooCostly);
        }
        let (salt, output) = tail.split_at_checked(SALT_CHARS).ok_or(BadHash::Malformed)?;
        if cost < COST_MIN || output.len() != OUTPUT_CHARS {
            return Err(BadHash::Malformed);
        }
        Ok(Self { cost, salt: exactly(salt)?, output: exactly(output)? })
    }

    pub(super) fn to_text(&self) -> String {
        format!("$2b${:02}${}{}", self.cost, BCRYPT.encode(self.salt), BCRYPT.encode(self.output))
    }

    /// Whether the whole password counts. bcrypt cuts after 72 bytes, so a longer one that matches may still have a
    /// wrong end, and must not replace what is stored.
    pub(super) fn sees_all(password: &[u8]) -> bool {
        password.len() <= SEEN_BYTES_MAX
    }

    pub(super) fn matches(&self, password: &[u8]) -> bool {
        // bcrypt reads up to and with the zero byte that ends a string in C; a password holds none of its own (see
        // `Password`). Cutting is what the system that stored this hash did: refusing would lock out its people.
        let mut seen = Zeroizing::new([0; SEEN_BYTES_MAX]);
        let length = password.len().min(SEEN_BYTES_MAX);
        seen[..length].copy_from_slice(&password[..length]);
        let with_end = (length + 1).min(SEEN_BYTES_MAX);
        let output = Zeroizing::new(::bcrypt::bcrypt(self.cost, self.salt, &seen[..with_end]));
        equal(&output[..OUTPUT_BYTES], &self.output)
    }
}

fn exactly<const N: usize>(text: &str) -> Result<[u8; N], BadHash> {
    let bytes = BCRYPT.decode(text).map_err(|_| BadHash::Malformed)?;
    bytes.try_into().map_err(|_| BadHash::Malformed)
}
