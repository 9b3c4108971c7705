//! A CBOR writer (RFC 8949): just enough, and always in the shortest form.

/// An encoded key and its encoded value.
pub(crate) type Entry = (Vec<u8>, Vec<u8>);

/// An integer.
pub(crate) fn int(value: i64) -> Vec<u8> {
    match u64::try_from(value) {
        Ok(positive) => head(0, positive),
        // RFC 8949 §3.1: -1 minus the argument, which is the complement of the bits.
        Err(_) => head(1, (!value).unsigned_abs()),
    }
}

/// A byte string.
pub(crate) fn bytes(value: &[u8]) -> Vec<u8> {
    [head(2, value.len() as u64), value.to_vec()].concat()
}

/// A text.
pub(crate) fn text(value: &str) -> Vec<u8> {
    [head(3, value.len() as u64), value.as_bytes().to_vec()].concat()
}

/// An array of encoded elements.
pub(crate) fn array(elements: &[Vec<u8>]) -> Vec<u8> {
    [head(4, elements.len() as u64), elements.concat()].concat()
}

/// A map of encoded keys and values, in the order given.
pub(crate) fn map(entries: &[Entry]) -> Vec<u8> {
    let mut out = head(5, entries.len() as u64);
    for (key, value) in entries {
        out.extend_from_slice(key);
        out.extend_from_slice(value);
    }
    out
}

fn head(major: u8, argument: u64) -> Vec<u8> {
    let wide = argument.to_be_bytes();
    let (short, tail): (u8, &[u8]) = match argument {
        0..24 => (wide[7], &[]),
        24..0x100 => (24, &wide[7..]),
        0x100..0x1_0000 => (25, &wide[6..]),
        0x1_0000..0x1_0000_0000 => (26, &wide[4..]),
        0x1_0000_0000.. => (27, &wide),
    };
    [&[major << 5 | short], tail].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_of_rfc_8949_appendix_a() {
        assert_eq!(int(23), [0x17]);
        assert_eq!(int(24), [0x18, 0x18]);
        assert_eq!(int(1000), [0x19, 0x03, 0xe8]);
        assert_eq!(int(1_000_000), [0x1a, 0x00, 0x0f, 0x42, 0x40]);
        assert_eq!(int(-1), [0x20]);
        assert_eq!(int(-100), [0x38, 0x63]);
        assert_eq!(int(-1000), [0x39, 0x03, 0xe7]);
        assert_eq!(bytes(&[1, 2, 3, 4]), [0x44, 1, 2, 3, 4]);
        assert_eq!(text("IETF"), [0x64, 0x49, 0x45, 0x54, 0x46]);
        assert_eq!(array(&[int(1), array(&[int(2), int(3)])]), [0x82, 0x01, 0x82, 0x02, 0x03]);
        assert_eq!(map(&[(int(1), int(2)), (int(3), int(4))]), [0xa2, 0x01, 0x02, 0x03, 0x04]);
    }
}
