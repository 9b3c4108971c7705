//! The small parts that stored hashes are written in: decimal numbers, named parameters, base64.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use super::BadHash;

/// Standard base64 (RFC 4648 §4) as others write it: with padding or without. We write it without, as the PHC string
/// format does.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_encode_padding(false).with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A decimal number without sign. What is too large to count is too costly to compute.
pub(super) fn number(text: &str) -> Result<u32, BadHash> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(BadHash::Malformed);
    }
    text.parse().map_err(|_| BadHash::TooCostly)
}

/// The values of `names` in a list such as `m=19456,t=2,p=1`, in the order of `names`. Each must stand there once, in
/// any order, and nothing else may.
pub(super) fn named<const N: usize>(list: &str, names: [&str; N]) -> Result<[u32; N], BadHash> {
    let mut found = [None; N];
    for item in list.split(',') {
        let (name, value) = item.split_once('=').ok_or(BadHash::Malformed)?;
        let place = names.iter().position(|one| *one == name).ok_or(BadHash::Unsupported("an unknown parameter"))?;
        if found[place].replace(number(value)?).is_some() {
            return Err(BadHash::Malformed);
        }
    }
    let mut values = [0; N];
    for (value, found) in values.iter_mut().zip(found) {
        *value = found.ok_or(BadHash::Malformed)?;
    }
    Ok(values)
}

/// Decodes base64, whose length the caller has bounded.
pub(super) fn bytes(text: &str) -> Result<Vec<u8>, BadHash> {
    LENIENT.decode(text).map_err(|_| BadHash::Malformed)
}

/// Encodes as the PHC string format does.
pub(super) fn text(bytes: &[u8]) -> String {
    LENIENT.encode(bytes)
}

/// `salt` and `output` of a hash, when their lengths are sane. An output of 16 bytes is the least that can't be met by
/// chance; longer than 64 bytes is more work for nothing.
pub(super) fn sane(salt: &[u8], output: &[u8]) -> Result<(), BadHash> {
    if salt.is_empty() || output.len() < 16 {
        Err(BadHash::TooWeak)
    } else if salt.len() > 128 || output.len() > 64 {
        Err(BadHash::TooLong)
    } else {
        Ok(())
    }
}
