//! Verifying what other people signed: passkey assertions, attestation statements, client assertions.
//!
//! A key is checked and parsed once; the result can be kept and shared. The algorithm belongs to the key, never to the
//! message, so a message can't choose how it is verified.

use std::sync::Arc;

use aws_lc_rs::{
    rsa::PublicKeyComponents,
    signature::{
        ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ECDSA_P521_SHA512_ASN1, ED25519, ParsedPublicKey,
        RSA_PKCS1_2048_8192_SHA256,
    },
};

use crate::spki;

/// How a key signs. Each algorithm is tied to one curve, as WebAuthn L3 §5.8.5 asks of passkeys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
    /// EdDSA, on Ed25519 only.
    EdDsa,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
}

impl Algorithm {
    /// Every algorithm that we verify.
    pub const ALL: [Self; 5] = [Self::EdDsa, Self::Es256, Self::Es384, Self::Es512, Self::Rs256];

    /// The number in the IANA registry "COSE Algorithms" (RFC 9053 §2, RFC 8812 §2).
    #[must_use]
    pub const fn cose_id(self) -> i64 {
        match self {
            Self::Es256 => -7,
            Self::EdDsa => -8,
            Self::Es384 => -35,
            Self::Es512 => -36,
            Self::Rs256 => -257,
        }
    }

    /// The algorithm of that COSE number, if we verify it.
    #[must_use]
    pub const fn from_cose_id(id: i64) -> Option<Self> {
        match id {
            -7 => Some(Self::Es256),
            -8 => Some(Self::EdDsa),
            -35 => Some(Self::Es384),
            -36 => Some(Self::Es512),
            -257 => Some(Self::Rs256),
            _ => None,
        }
    }
}

/// Why a public key was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// The key does not belong to the algorithm it came with.
    #[error("the key is of another kind than its algorithm")]
    OtherKind,
    /// A coordinate, modulus or exponent has the wrong length or superfluous zeros.
    #[error("a part of the key has the wrong length")]
    Length,
    /// The point is not on the curve, is the point at infinity, or has a small order.
    #[error("the point is not a public key on its curve")]
    Point,
    /// The RSA key is outside 2048 to 8192 bits, its modulus is even, or its exponent is even or below 65537.
    #[error("the RSA key is too weak or too large")]
    Rsa,
    /// The bytes are not a DER `SubjectPublicKeyInfo` of a kind that we know.
    #[error("the key is not a DER SubjectPublicKeyInfo that is supported")]
    Encoding,
}

/// The signature is not one that the key made over the message. It deliberately tells no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not verify")]
pub struct BadSignature;

/// Longest RSA modulus, in bytes (8192 bits).
const RSA_MODULUS_BYTES_MAX: usize = 1024;
/// Longest signature of any algorithm we know: RSA with the longest modulus.
const SIGNATURE_BYTES_MAX: usize = RSA_MODULUS_BYTES_MAX;

/// A public key with its algorithm, checked and ready to verify. Cloning shares one parsed copy.
#[derive(Clone)]
pub struct PublicKey {
    algorithm: Algorithm,
    key: Arc<ParsedPublicKey>,
}

impl PublicKey {
    /// From the affine coordinates of a point, big-endian and as long as the curve's field: 32, 48 or 66 bytes each
    /// (RFC 9053 §7.1.1).
    ///
    /// # Errors
    /// [`BadKey::OtherKind`] when `algorithm` is not an ECDSA one, [`BadKey::Length`] when a coordinate is shorter or
    /// longer than the field, [`BadKey::Point`] when the point is not on the curve.
    pub fn from_ec_point(algorithm: Algorithm, x: &[u8], y: &[u8]) -> Result<Self, BadKey> {
        let (verifier, field_bytes) = match algorithm {
            Algorithm::Es256 => (&ECDSA_P256_SHA256_ASN1, 32),
            Algorithm::Es384 => (&ECDSA_P384_SHA384_ASN1, 48),
            Algorithm::Es512 => (&ECDSA_P521_SHA512_ASN1, 66),
            Algorithm::EdDsa | Algorithm::Rs256 => return Err(BadKey::OtherKind),
        };
        if x.len() != field_bytes || y.len() != field_bytes {
            return Err(BadKey::Length);
        }
        // SEC 1 §2.3.3, uncompressed. Parsing it checks that the point is on the curve and not at infinity (SEC 1 §3.2.2.1).
        let point = [&[4], x, y].concat();
        let key = ParsedPublicKey::new(verifier, point).map_err(|_| BadKey::Point)?;
        Ok(Self { algorithm, key: Arc::new(key) })
    }

    /// From an Ed25519 public key (RFC 8032 §5.1.2).
    ///
    /// Bytes that encode no point at all are accepted here; nothing verifies under them.
    ///
    /// # Errors
    /// [`BadKey::Point`] for the points of small order, under which one signature fits any message.
    pub fn from_ed25519(bytes: &[u8; 32]) -> Result<Self, BadKey> {
        if is_small_order(bytes) {
            return Err(BadKey::Point);
        }
        let key = ParsedPublicKey::new(&ED25519, bytes).map_err(|_| BadKey::Point)?;
        Ok(Self { algorithm: Algorithm::EdDsa, key: Arc::new(key) })
    }

    /// From an RSA modulus and exponent, big-endian without leading zeros (RFC 8230 §4).
    ///
    /// # Errors
    /// [`BadKey::Length`] on leading zeros or an empty part; [`BadKey::Rsa`] outside 2048 to 8192 bits, on an even
    /// modulus, or on an exponent that is even, below 65537 or longer than 32 bits.
    pub fn from_rsa(modulus: &[u8], exponent: &[u8]) -> Result<Self, BadKey> {
        let (Some(&modulus_high), Some(&modulus_low)) = (modulus.first(), modulus.last()) else {
            return Err(BadKey::Length);
        };
        if modulus_high == 0 || exponent.is_empty() || exponent[0] == 0 {
            return Err(BadKey::Length);
        }
        if modulus.len() > RSA_MODULUS_BYTES_MAX || exponent.len() > 4 {
            return Err(BadKey::Rsa);
        }
        let bits = modulus.len() * 8 - modulus_high.leading_zeros() as usize;
        let e = exponent.iter().fold(0u32, |value, &byte| value << 8 | u32::from(byte));
        // FIPS 186-5 §5.1 and appendix A.1.1: at least 2048 bits, odd exponent above 2^16.
        if bits < 2048 || modulus_low & 1 == 0 || e < 65537 || e & 1 == 0 {
            return Err(BadKey::Rsa);
        }
        let key = PublicKeyComponents { n: modulus, e: exponent }
            .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
            .map_err(|_| BadKey::Rsa)?;
        Ok(Self { algorithm: Algorithm::Rs256, key: Arc::new(key) })
    }

    /// From a DER `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7), as X.509 certificates carry it. Elliptic curve points
    /// must be uncompressed and their curve named.
    ///
    /// # Errors
    /// [`BadKey::Encoding`] unless it is exactly that, [`BadKey::OtherKind`] when its kind of key or curve is not the
    /// one of `algorithm`, and the errors of the other constructors.
    pub fn from_spki_der(algorithm: Algorithm, der: &[u8]) -> Result<Self, BadKey> {
        match (spki::parse(der)?, algorithm) {
            (spki::Key::P256 { x, y }, Algorithm::Es256)
            | (spki::Key::P384 { x, y }, Algorithm::Es384)
            | (spki::Key::P521 { x, y }, Algorithm::Es512) => Self::from_ec_point(algorithm, x, y),
            (spki::Key::Ed25519(bytes), Algorithm::EdDsa) => Self::from_ed25519(bytes),
            (spki::Key::Rsa { modulus, exponent }, Algorithm::Rs256) => Self::from_rsa(modulus, exponent),
            (
                spki::Key::P256 { .. }
                | spki::Key::P384 { .. }
                | spki::Key::P521 { .. }
                | spki::Key::Ed25519(_)
                | spki::Key::Rsa { .. },
                Algorithm::Es256 | Algorithm::Es384 | Algorithm::Es512 | Algorithm::EdDsa | Algorithm::Rs256,
            ) => Err(BadKey::OtherKind),
        }
    }

    /// How this key signs.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Checks that this key made `signature` over `message`. ECDSA signatures are DER `Ecdsa-Sig-Value`s (RFC 3279
    /// §2.2.3), as WebAuthn L3 §6.5.5 carries them; the others have their one plain form.
    ///
    /// # Errors
    /// [`BadSignature`], whatever the reason.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        if signature.len() > SIGNATURE_BYTES_MAX {
            return Err(BadSignature);
        }
        self.key.verify_sig(message, signature).map_err(|_| BadSignature)
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A public key names a person's device; it has no place in a log.
        f.debug_struct("PublicKey").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

/// The `y` of every Ed25519 point whose order divides 8, little-endian, with the sign bit cleared, together with the
/// two encodings of such a `y` that are not reduced modulo the field's prime.
const SMALL_ORDER_Y: [[u8; 32]; 7] = [
    little_endian(0, 0, 0),          // y = 0: order 4
    little_endian(1, 0, 0),          // y = 1: the neutral point
    little_endian(0xec, 0xff, 0x7f), // y = −1: order 2
    little_endian(0xed, 0xff, 0x7f), // 0, not reduced
    little_endian(0xee, 0xff, 0x7f), // 1, not reduced
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
        0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ], // order 8
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ], // order 8, negated
];

const fn little_endian(lowest: u8, middle: u8, highest: u8) -> [u8; 32] {
    let mut bytes = [middle; 32];
    bytes[0] = lowest;
    bytes[31] = highest;
    bytes
}

pub(crate) fn is_small_order(bytes: &[u8; 32]) -> bool {
    let mut y = *bytes;
    y[31] &= 0x7f;
    SMALL_ORDER_Y.contains(&y)
}

#[cfg(test)]
mod tests;
