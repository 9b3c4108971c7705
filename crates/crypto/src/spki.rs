//! Reads a DER `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7) of the five kinds of key that we verify with, and nothing else.
//!
//! Only definite lengths in their shortest form are read, every byte must be accounted for, and parameters must be the
//! ones that the algorithm's standard fixes.

use crate::BadKey;

/// The parts of a public key, still unchecked as numbers.
pub(crate) enum Key<'a> {
    P256 { x: &'a [u8], y: &'a [u8] },
    P384 { x: &'a [u8], y: &'a [u8] },
    P521 { x: &'a [u8], y: &'a [u8] },
    Ed25519(&'a [u8; 32]),
    Rsa { modulus: &'a [u8], exponent: &'a [u8] },
}

/// Longest encoding read, in bytes: an RSA key of 8192 bits takes about 1060.
const SPKI_BYTES_MAX: usize = 2048;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;

// Whole `AlgorithmIdentifier` contents: object identifier and parameters.
/// id-ecPublicKey with prime256v1 (RFC 5480 §2.1.1).
const P256: &[u8] = b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";
/// id-ecPublicKey with secp384r1.
const P384: &[u8] = b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22";
/// id-ecPublicKey with secp521r1.
const P521: &[u8] = b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23";
/// id-Ed25519, parameters absent (RFC 8410 §3).
const ED25519: &[u8] = b"\x06\x03\x2b\x65\x70";
/// rsaEncryption with NULL (RFC 3279 §2.3.1).
const RSA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";

/// Takes `der` apart.
///
/// # Errors
/// [`BadKey::Encoding`] when it is anything but one whole encoding of a supported kind.
pub(crate) fn parse(der: &[u8]) -> Result<Key<'_>, BadKey> {
    if der.len() > SPKI_BYTES_MAX {
        return Err(BadKey::Encoding);
    }
    let inside = whole(der, SEQUENCE)?;
    let (algorithm, rest) = element(inside, SEQUENCE)?;
    // A bit string of whole bytes: no unused bits.
    let [0, key @ ..] = whole(rest, BIT_STRING)? else { return Err(BadKey::Encoding) };
    match algorithm {
        P256 => coordinates(key).map(|(x, y)| Key::P256 { x, y }),
        P384 => coordinates(key).map(|(x, y)| Key::P384 { x, y }),
        P521 => coordinates(key).map(|(x, y)| Key::P521 { x, y }),
        ED25519 => key.try_into().map(Key::Ed25519).map_err(|_| BadKey::Encoding),
        RSA => {
            let (modulus, rest) = element(whole(key, SEQUENCE)?, INTEGER)?;
            Ok(Key::Rsa { modulus: positive(modulus)?, exponent: positive(whole(rest, INTEGER)?)? })
        }
        _ => Err(BadKey::Encoding),
    }
}

/// The halves of an uncompressed point (SEC 1 §2.3.3); whether they have the field's length is checked with the curve.
fn coordinates(point: &[u8]) -> Result<(&[u8], &[u8]), BadKey> {
    match point {
        [4, both @ ..] if both.len() % 2 == 0 => Ok(both.split_at(both.len() / 2)),
        _ => Err(BadKey::Encoding),
    }
}

/// The magnitude of a positive DER integer: one zero byte in front when, and only when, the sign bit would be set.
fn positive(integer: &[u8]) -> Result<&[u8], BadKey> {
    match integer {
        [0, magnitude @ ..] if magnitude.first().is_some_and(|&high| high >= 0x80) => Ok(magnitude),
        [1..=0x7f, ..] => Ok(integer),
        _ => Err(BadKey::Encoding),
    }
}

/// The contents of an element that fills `der` to its end.
fn whole(der: &[u8], tag: u8) -> Result<&[u8], BadKey> {
    match element(der, tag)? {
        (contents, []) => Ok(contents),
        _ => Err(BadKey::Encoding),
    }
}

/// The contents of the element at the start of `der`, and what follows it.
fn element(der: &[u8], tag: u8) -> Result<(&[u8], &[u8]), BadKey> {
    // X.690 §10.1: the shortest form of the length. Three bytes reach 65535, past the bound above.
    let (length, rest) = match *der {
        [found, short @ 0..=0x7f, ref rest @ ..] if found == tag => (usize::from(short), rest),
        [found, 0x81, length @ 0x80..=0xff, ref rest @ ..] if found == tag => (usize::from(length), rest),
        [found, 0x82, high @ 1..=0xff, low, ref rest @ ..] if found == tag => {
            (usize::from(high) << 8 | usize::from(low), rest)
        }
        _ => return Err(BadKey::Encoding),
    };
    rest.split_at_checked(length).ok_or(BadKey::Encoding)
}
