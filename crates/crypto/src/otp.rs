//! One-time codes by HMAC (HOTP, RFC 4226): the arithmetic. Which counter counts, and how often, is decided elsewhere.

use aws_lc_rs::hmac;

/// Digits of a code (RFC 4226 §5.3 asks for six at least; every authenticator application shows six).
pub const OTP_DIGITS: usize = 6;

/// The code for one value of the counter, as the ASCII digits that a person types.
///
/// HMAC with SHA-1, as RFC 4226 §5.2 defines it and as authenticator applications compute it; what is known against SHA-1
/// (collisions) does not touch HMAC.
#[must_use]
pub fn hotp(secret: &[u8], counter: u64) -> [u8; OTP_DIGITS] {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &counter.to_be_bytes());
    let tag = tag.as_ref();
    // RFC 4226 §5.3: the low four bits of the last byte say where to read 31 bits.
    let offset = usize::from(tag[tag.len() - 1] & 0x0f);
    let read = u32::from_be_bytes([tag[offset] & 0x7f, tag[offset + 1], tag[offset + 2], tag[offset + 3]]);
    let mut digits = [b'0'; OTP_DIGITS];
    let mut rest = read;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_of_rfc_4226_appendix_d() {
        let expected =
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (counter, code) in (0..).zip(expected) {
            assert_eq!(hotp(b"12345678901234567890", counter), code.as_bytes(), "{counter}");
        }
    }
}
