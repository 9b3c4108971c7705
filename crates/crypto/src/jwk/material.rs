//! The numbers of a public key: checked once, written back in one way, and used to verify.

use std::sync::Arc;

use aws_lc_rs::{
    rsa::PublicKeyComponents,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519, EcdsaVerificationAlgorithm,
        ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384,
        RSA_PSS_2048_8192_SHA512, RsaParameters,
    },
};

use crate::{Alg, BadKey, BadSignature, b64u, signature::is_small_order, spki};

/// Shortest and longest RSA modulus, in bits. RFC 7518 §3.3 sets the floor; what lies above the ceiling buys nothing but
/// our processor's time.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;
const RSA_MODULUS_BYTES_MAX: usize = 4096 / 8;
/// The largest exponent has 32 bits. The cost of verifying grows with it.
const RSA_EXPONENT_BYTES_MAX: usize = 4;

/// An elliptic curve of RFC 7518 §6.2.1.1. Each has one algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
    pub(super) fn from_name(name: &str) -> Option<Self> {
        [Self::P256, Self::P384, Self::P521].into_iter().find(|curve| curve.name() == name)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }

    const fn field_bytes(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    const fn alg(self) -> Alg {
        match self {
            Self::P256 => Alg::Es256,
            Self::P384 => Alg::Es384,
            Self::P521 => Alg::Es512,
        }
    }

    fn verifier(self) -> &'static EcdsaVerificationAlgorithm {
        match self {
            Self::P256 => &ECDSA_P256_SHA256_FIXED,
            Self::P384 => &ECDSA_P384_SHA384_FIXED,
            Self::P521 => &ECDSA_P521_SHA512_FIXED,
        }
    }
}

#[derive(Clone)]
pub(super) enum Material {
    Ec {
        curve: Curve,
        x: Vec<u8>,
        y: Vec<u8>,
        key: Arc<ParsedPublicKey>,
    },
    Ed25519 {
        x: [u8; 32],
        key: Arc<ParsedPublicKey>,
    },
    /// Parsed anew for each signature: the library ties a parsed key to one of the four algorithms, and parsing costs a
    /// small part of what verifying does.
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
}

impl Material {
    /// # Errors
    /// [`BadKey::Length`] unless both coordinates are as long as the field (RFC 7518 §6.2.1.2), [`BadKey::Point`] off the
    /// curve.
    pub(super) fn ec(curve: Curve, x: Vec<u8>, y: Vec<u8>) -> Result<Self, BadKey> {
        if x.len() != curve.field_bytes() || y.len() != curve.field_bytes() {
            return Err(BadKey::Length);
        }
        // SEC 1 §2.3.3, uncompressed. Parsing checks that the point is on the curve and not at infinity.
        let point = [&[4], &x[..], &y[..]].concat();
        let key = ParsedPublicKey::new(curve.verifier(), point).map_err(|_| BadKey::Point)?;
        Ok(Self::Ec { curve, x, y, key: Arc::new(key) })
    }

    /// # Errors
    /// [`BadKey::Point`] for points of small order, under which one signature fits any message.
    pub(super) fn ed25519(x: [u8; 32]) -> Result<Self, BadKey> {
        if is_small_order(&x) {
            return Err(BadKey::Point);
        }
        let key = ParsedPublicKey::new(&ED25519, x).map_err(|_| BadKey::Point)?;
        Ok(Self::Ed25519 { x, key: Arc::new(key) })
    }

    /// # Errors
    /// [`BadKey::Length`] on leading zeros (RFC 7518 §6.3.1.1), [`BadKey::Rsa`] outside 2048 to 4096 bits, on an even
    /// modulus, or on an exponent that is even, below 3 or longer than 32 bits.
    pub(super) fn rsa(n: Vec<u8>, e: Vec<u8>) -> Result<Self, BadKey> {
        let (Some(&n_high), Some(&n_low), Some(&e_high), Some(&e_low)) = (n.first(), n.last(), e.first(), e.last())
        else {
            return Err(BadKey::Length);
        };
        if n_high == 0 || e_high == 0 {
            return Err(BadKey::Length);
        }
        if n.len() > RSA_MODULUS_BYTES_MAX || e.len() > RSA_EXPONENT_BYTES_MAX {
            return Err(BadKey::Rsa);
        }
        let bits = n.len() * 8 - n_high.leading_zeros() as usize;
        let exponent_is_one = e == [1];
        if !RSA_BITS.contains(&bits) || n_low & 1 == 0 || e_low & 1 == 0 || exponent_is_one {
            return Err(BadKey::Rsa);
        }
        parsed_rsa(&n, &e, &RSA_PSS_2048_8192_SHA256).map_err(|_| BadKey::Rsa)?;
        Ok(Self::Rsa { n, e })
    }

    pub(super) const fn kty(&self) -> &'static str {
        match self {
            Self::Ec { .. } => "EC",
            Self::Ed25519 { .. } => "OKP",
            Self::Rsa { .. } => "RSA",
        }
    }

    /// The members that RFC 7638 §3.2 and RFC 8037 §2 hash, in their order, without braces.
    pub(super) fn members(&self) -> String {
        match self {
            Self::Ec { curve, x, y, .. } => {
                format!(r#""crv":"{}","kty":"EC","x":"{}","y":"{}""#, curve.name(), b64u(x), b64u(y))
            }
            Self::Ed25519 { x, .. } => format!(r#""crv":"Ed25519","kty":"OKP","x":"{}""#, b64u(x)),
            Self::Rsa { n, e } => format!(r#""e":"{}","kty":"RSA","n":"{}""#, b64u(e), b64u(n)),
        }
    }

    /// Whether a key of this kind verifies `alg` at all.
    pub(super) fn can(&self, alg: Alg) -> bool {
        match self {
            Self::Ec { curve, .. } => alg == curve.alg(),
            Self::Ed25519 { .. } => alg == Alg::EdDsa,
            Self::Rsa { .. } => rsa_parameters(alg).is_some(),
        }
    }

    /// # Errors
    /// [`BadSignature`]; also when the kind can't verify `alg`.
    pub(super) fn verify(&self, alg: Alg, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        let verified = match self {
            Self::Ec { key, curve, .. } if alg == curve.alg() => key.verify_sig(message, signature),
            Self::Ed25519 { key, .. } if alg == Alg::EdDsa => key.verify_sig(message, signature),
            Self::Rsa { n, e } => {
                let parameters = rsa_parameters(alg).ok_or(BadSignature)?;
                parsed_rsa(n, e, parameters)?.verify_sig(message, signature)
            }
            Self::Ec { .. } | Self::Ed25519 { .. } => return Err(BadSignature),
        };
        verified.map_err(|_| BadSignature)
    }

    /// Whether a DER `SubjectPublicKeyInfo` is this very key.
    pub(super) fn is_spki(&self, der: &[u8]) -> bool {
        match (self, spki::parse(der)) {
            (Self::Ec { curve: Curve::P256, x, y, .. }, Ok(spki::Key::P256 { x: other_x, y: other_y }))
            | (Self::Ec { curve: Curve::P384, x, y, .. }, Ok(spki::Key::P384 { x: other_x, y: other_y }))
            | (Self::Ec { curve: Curve::P521, x, y, .. }, Ok(spki::Key::P521 { x: other_x, y: other_y })) => {
                x == other_x && y == other_y
            }
            (Self::Ed25519 { x, .. }, Ok(spki::Key::Ed25519(other))) => x == other,
            (Self::Rsa { n, e }, Ok(spki::Key::Rsa { modulus, exponent })) => n == modulus && e == exponent,
            (Self::Ec { .. } | Self::Ed25519 { .. } | Self::Rsa { .. }, _) => false,
        }
    }
}

fn rsa_parameters(alg: Alg) -> Option<&'static RsaParameters> {
    match alg {
        Alg::Ps256 => Some(&RSA_PSS_2048_8192_SHA256),
        Alg::Ps384 => Some(&RSA_PSS_2048_8192_SHA384),
        Alg::Ps512 => Some(&RSA_PSS_2048_8192_SHA512),
        Alg::Rs256 => Some(&RSA_PKCS1_2048_8192_SHA256),
        Alg::Es256 | Alg::Es384 | Alg::Es512 | Alg::EdDsa => None,
    }
}

fn parsed_rsa(n: &[u8], e: &[u8], parameters: &'static RsaParameters) -> Result<ParsedPublicKey, BadSignature> {
    PublicKeyComponents { n, e }.to_parsed_public_key(parameters).map_err(|_| BadSignature)
}
