//! From bytes to text: byte-order marks, UTF-16, and what is no text at all.

/// Largest file that is read, in bytes.
pub const FILE_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// Why a file is not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    /// It holds zero bytes, so it is a program, a picture, a database.
    #[error("it is not text")]
    Binary,
    /// It announces UTF-16 and breaks off, or pairs halves wrongly.
    #[error("it begins like UTF-16, but is not")]
    BrokenUtf16,
    /// It is text in another encoding, or damaged.
    #[error("it is not UTF-8 or UTF-16")]
    OtherEncoding,
}

/// Decodes a whole file.
///
/// # Errors
/// [`NotText`] says why it can't be.
pub fn decode(bytes: Vec<u8>) -> Result<String, NotText> {
    match bytes.as_slice() {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest.to_vec()),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        // Without a mark: documents begin with ASCII, so one byte of the first two is zero.
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => utf16(&bytes, u16::from_le_bytes),
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => utf16(&bytes, u16::from_be_bytes),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: Vec<u8>) -> Result<String, NotText> {
    if bytes.contains(&0) {
        return Err(NotText::Binary);
    }
    String::from_utf8(bytes).map_err(|_| NotText::OtherEncoding)
}

fn utf16(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> Result<String, NotText> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(NotText::BrokenUtf16);
    }
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect::<Result<_, _>>().map_err(|_| NotText::BrokenUtf16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_encodings() {
        let le = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let be = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
        assert_eq!(decode(b"\xef\xbb\xbf{}".to_vec()).unwrap(), "{}");
        assert_eq!(decode([vec![0xff, 0xfe], le("{\"é\"}")].concat()).unwrap(), "{\"é\"}");
        assert_eq!(decode([vec![0xfe, 0xff], be("{\"é\"}")].concat()).unwrap(), "{\"é\"}");
        assert_eq!(decode(le("{}  ")).unwrap(), "{}  ");
        assert_eq!(decode(vec![0xff, 0xfe, b'{']), Err(NotText::BrokenUtf16));
        assert_eq!(decode(b"caf\xe9".to_vec()), Err(NotText::OtherEncoding));
        assert_eq!(decode(b"\x7fELF\x02\x01\x00\x00".to_vec()), Err(NotText::Binary));
    }
}
