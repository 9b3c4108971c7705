//! The secret that an authenticator application shares with us, and the forms in which it is handed over.

use std::fmt::Write as _;

use model::{Entropy, Secret};

use crate::limits::TOTP_STEP_SECONDS;

/// Bytes of a secret: the length of SHA-1's output, as RFC 4226 §4 (R6) recommends.
pub const TOTP_SECRET_BYTES: usize = 20;
/// Longest issuer or account name in the address, in characters: more makes a QR code that telephones can't read.
const SHOWN_CHARACTERS_MAX: usize = 100;

/// A shared secret. Does not print itself, and is wiped when dropped.
#[derive(Debug, Clone)]
pub struct TotpSecret(Secret<[u8; TOTP_SECRET_BYTES]>);

impl TotpSecret {
    /// A fresh secret. Takes 20 bytes of entropy.
    #[must_use]
    pub fn fresh(entropy: &mut Entropy) -> Self {
        Self(Secret::new(entropy.take()))
    }

    /// From the bytes that were sealed.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; TOTP_SECRET_BYTES]) -> Self {
        Self(Secret::new(bytes))
    }

    /// The bytes, for sealing.
    #[must_use]
    pub const fn expose(&self) -> &[u8; TOTP_SECRET_BYTES] {
        self.0.expose()
    }

    /// The text that a person types who can't scan: base32 (RFC 4648 §6), 32 letters and digits without padding.
    #[must_use]
    pub fn base32(&self) -> Secret<String> {
        const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let mut text = String::with_capacity(TOTP_SECRET_BYTES * 8 / 5);
        for five in self.expose().chunks_exact(5) {
            let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
            for place in (0..8).rev() {
                text.push(char::from(ALPHABET[(bits >> (place * 5)) as usize & 31]));
            }
        }
        Secret::new(text)
    }

    /// The address that a QR code carries: `otpauth://totp/Issuer:label?secret=…`, in the form that authenticator
    /// applications agree on. Goes onto the page and nowhere else.
    ///
    /// `issuer` is the organisation's name, `label` the sign-in name; both are cut to 100 characters. The colon that parts
    /// them is theirs alone, so a colon inside either becomes a space.
    #[must_use]
    pub fn uri(&self, issuer: &str, label: &str) -> Secret<String> {
        let (issuer, label) = (encoded(issuer), encoded(label));
        // Room for everything at once: no half-filled copy of the secret stays behind in memory.
        let mut uri = String::with_capacity(128 + 2 * issuer.len() + label.len());
        let written = write!(
            uri,
            "otpauth://totp/{issuer}:{label}?secret={}&issuer={issuer}&algorithm=SHA1&digits={}&period={TOTP_STEP_SECONDS}",
            self.base32().expose(),
            crypto::otp::OTP_DIGITS,
        );
        written.expect("writing to a string does not fail");
        Secret::new(uri)
    }
}

/// Percent-encoded (RFC 3986 §2.1): everything but unreserved characters.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    let mut buffer = [0; 4];
    for c in text.chars().take(SHOWN_CHARACTERS_MAX).map(|c| if c == ':' { ' ' } else { c }) {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~') {
            out.push(c);
        } else {
            for byte in c.encode_utf8(&mut buffer).bytes() {
                write!(out, "%{byte:02X}").expect("writing to a string does not fail");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_handed_over_in_base32() {
        // "12345678901234567890", the secret of RFC 6238 appendix B.
        let secret = TotpSecret::from_bytes(*b"12345678901234567890");
        assert_eq!(secret.base32().expose(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(TotpSecret::from_bytes([0xff; 20]).base32().expose(), "77777777777777777777777777777777");
    }

    #[test]
    fn the_address_says_who_and_how_and_nothing_breaks_out_of_it() {
        let secret = TotpSecret::from_bytes(*b"12345678901234567890");
        assert_eq!(
            secret.uri("Harbour & Co: Ltd", "ada@example.org").expose(),
            "otpauth://totp/Harbour%20%26%20Co%20%20Ltd:ada%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Harbour%20%26%20Co%20%20Ltd&algorithm=SHA1&digits=6&period=30"
        );
        let hostile = secret.uri("é", "x&secret=AAAA#?/\u{202e}%00");
        assert!(
            hostile.expose().starts_with("otpauth://totp/%C3%A9:x%26secret%3DAAAA%23%3F%2F%E2%80%AE%2500?secret=GE")
        );
        assert!(secret.uri(&"é".repeat(500), &"é".repeat(500)).expose().len() < 2000);
    }

    #[test]
    fn a_secret_is_fresh_and_does_not_print_itself() {
        let mut entropy = Entropy::new(std::array::from_fn(|i| i as u8));
        let (one, two) = (TotpSecret::fresh(&mut entropy), TotpSecret::fresh(&mut entropy));
        assert_ne!(one.expose(), two.expose());
        assert_eq!(format!("{one:?}"), "TotpSecret(Secret(…))");
    }
}
