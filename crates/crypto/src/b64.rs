//! Base64url without padding (RFC 4648 §5, RFC 7515 §2), in its one canonical form.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// The text is not canonical base64url without padding, or does not hold as many bytes as wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected canonical base64url without padding")]
pub struct NotBase64;

/// Encodes `bytes`.
#[must_use]
pub fn b64u(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Appends the encoding of `bytes` to `out`; allocates only when `out` lacks room.
pub fn b64u_into(bytes: &[u8], out: &mut String) {
    URL_SAFE_NO_PAD.encode_string(bytes, out);
}

/// Decodes `text`, whose length the caller has bounded.
///
/// # Errors
/// On padding, white space, letters of the other alphabet, or unused bits that are not zero: two different texts never
/// decode to the same bytes.
pub fn from_b64u(text: &str) -> Result<Vec<u8>, NotBase64> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| NotBase64)
}

/// Decodes `text` into exactly `N` bytes without allocating.
///
/// # Errors
/// As [`from_b64u`], and when `text` holds more or fewer bytes. The length is checked before anything is decoded.
pub fn from_b64u_exact<const N: usize>(text: &str) -> Result<[u8; N], NotBase64> {
    if text.len() != (N * 4).div_ceil(3) {
        return Err(NotBase64);
    }
    let mut out = [0; N];
    let written = URL_SAFE_NO_PAD.decode_slice(text, &mut out).map_err(|_| NotBase64)?;
    if written == N { Ok(out) } else { Err(NotBase64) }
}

/// Decodes `text` into the front of `buffer` without allocating, and gives what was written.
pub(crate) fn from_b64u_within<'b>(text: &str, buffer: &'b mut [u8]) -> Result<&'b [u8], NotBase64> {
    let written = URL_SAFE_NO_PAD.decode_slice(text, buffer).map_err(|_| NotBase64)?;
    Ok(&buffer[..written])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_7515_appendix_c() {
        let bytes = [3, 236, 255, 224, 193];
        assert_eq!(b64u(&bytes), "A-z_4ME");
        assert_eq!(from_b64u("A-z_4ME").unwrap(), bytes);
        assert_eq!(from_b64u_exact::<5>("A-z_4ME").unwrap(), bytes);
        let mut text = String::from("x.");
        b64u_into(&bytes, &mut text);
        assert_eq!(text, "x.A-z_4ME");
    }

    #[test]
    fn only_the_canonical_text_is_accepted() {
        // The last: `F` leaves unused bits set where `E` leaves them zero.
        for text in ["A-z_4ME=", "A+z/4ME", "A-z_4 ME", "A-z_4ME\n", "A", "A-z_4MF", "Ä"] {
            assert_eq!(from_b64u(text), Err(NotBase64), "{text:?}");
        }
        assert_eq!(from_b64u_exact::<5>("A-z_4MF"), Err(NotBase64));
    }

    #[test]
    fn an_exact_length_is_exact() {
        for length in 0..70usize {
            let text = b64u(&vec![0xfb; length]);
            assert_eq!(from_b64u_exact::<32>(&text).is_ok(), length == 32, "{length}");
            assert_eq!(from_b64u_exact::<64>(&text).is_ok(), length == 64, "{length}");
        }
        assert_eq!(from_b64u_exact::<0>(""), Ok([]));
    }
}
