//! The private half of a signing key, for each kind: from entropy, to and from the bytes that are sealed, and signing.

use aws_lc_rs::{
    agreement::{ECDH_P256, PrivateKey},
    encoding::{AsBigEndian, AsDer, Curve25519SeedBin, EcPrivateKeyBin, Pkcs8V1Der, PublicKeyX509Der},
    rand::SecureRandom,
    rsa::{KeyPair as RsaKeyPair, KeySize, PublicKeyComponents},
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
        ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RSA_PSS_2048_8192_SHA256, RSA_PSS_SHA256,
        RsaEncoding, RsaParameters,
    },
};
use model::Entropy;
use zeroize::Zeroizing;

use super::{BadSigningKey, SIGNATURE_BYTES, SIGNATURE_BYTES_MAX};
use crate::{KeyKind, RsaBits, b64u, hash::sha256_of, spki};

pub(super) const SCALAR_BYTES: usize = 32;
const SEED_BYTES: usize = 32;

/// The order of P-256's group (SEC 2 §2.4.2), big-endian. A private key is a number from 1 to one below it.
pub(super) const ORDER: [u8; SCALAR_BYTES] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa,
    0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

// The first byte of what is sealed says the kind; a key on P-256 is the bare 32 bytes of its number, as the first version
// wrote it, and no other kind is as short.
const ED25519_MARK: u8 = b'E';
const PS256_MARK: u8 = b'P';
const RS256_MARK: u8 = b'R';

pub(super) enum Pair {
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa { pair: RsaKeyPair, padding: Padding, bits: RsaBits },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Padding {
    Pss,
    Pkcs1,
}

/// The public half: what verifies, and what is published of it.
pub(super) struct PublicHalf {
    pub(super) key: ParsedPublicKey,
    /// `kty` and the numbers, as members of a JWK in the order in which we publish them.
    pub(super) members: String,
    /// What RFC 7638 §3.2 hashes.
    pub(super) thumbprint_input: String,
}

impl Pair {
    /// A new private key. Takes 32 bytes of entropy, or none for RSA, whose primes the library draws by itself.
    pub(super) fn generate(kind: KeyKind, entropy: &mut Entropy) -> Self {
        match kind {
            KeyKind::Es256 => {
                let scalar = fresh_scalar(entropy);
                Self::from_scalar(&scalar).expect("a number below the order is a private key")
            }
            KeyKind::EdDsa => {
                let seed: Zeroizing<[u8; SEED_BYTES]> = Zeroizing::new(entropy.take());
                Self::from_seed(&*seed).expect("any 32 bytes are an Ed25519 private key (RFC 8032 §5.1.5)")
            }
            KeyKind::Ps256(bits) => Self::generate_rsa(Padding::Pss, bits),
            KeyKind::Rs256(bits) => Self::generate_rsa(Padding::Pkcs1, bits),
        }
    }

    fn generate_rsa(padding: Padding, bits: RsaBits) -> Self {
        let size = match bits {
            RsaBits::Bits2048 => KeySize::Rsa2048,
            RsaBits::Bits3072 => KeySize::Rsa3072,
        };
        let pair = RsaKeyPair::generate(size).expect("the search for primes fails only when memory is exhausted");
        Self::Rsa { pair, padding, bits }
    }

    pub(super) fn from_scalar(scalar: &[u8; SCALAR_BYTES]) -> Result<Self, BadSigningKey> {
        if !in_range(scalar) {
            return Err(BadSigningKey::Scalar);
        }
        // The library computes public keys for key agreement only; the point is the same for signing.
        let point = PrivateKey::from_private_key(&ECDH_P256, scalar)
            .map_err(|_| BadSigningKey::Scalar)?
            .compute_public_key()
            .map_err(|_| BadSigningKey::Scalar)?;
        EcdsaKeyPair::from_private_key_and_public_key(&ECDSA_P256_SHA256_FIXED_SIGNING, scalar, point.as_ref())
            .map(Self::P256)
            .map_err(|_| BadSigningKey::Scalar)
    }

    pub(super) fn from_seed(seed: &[u8]) -> Result<Self, BadSigningKey> {
        Ed25519KeyPair::from_seed_unchecked(seed).map(Self::Ed25519).map_err(|_| BadSigningKey::Material)
    }

    fn from_pkcs8(padding: Padding, pkcs8: &[u8]) -> Result<Self, BadSigningKey> {
        let pair = RsaKeyPair::from_pkcs8(pkcs8).map_err(|_| BadSigningKey::Material)?;
        let bits = match pair.public_modulus_len() {
            256 => RsaBits::Bits2048,
            384 => RsaBits::Bits3072,
            _ => return Err(BadSigningKey::Material),
        };
        Ok(Self::Rsa { pair, padding, bits })
    }

    /// The bytes to be sealed.
    pub(super) fn to_secret(&self) -> Zeroizing<Vec<u8>> {
        match self {
            Self::P256(pair) => {
                let scalar: EcPrivateKeyBin<'_> =
                    pair.private_key().as_be_bytes().expect("the key pair was built from its private key");
                Zeroizing::new(scalar.as_ref().to_vec())
            }
            Self::Ed25519(pair) => {
                let seed: Curve25519SeedBin<'_> =
                    pair.seed().and_then(|seed| seed.as_be_bytes()).expect("the key pair was built from its seed");
                marked(ED25519_MARK, seed.as_ref())
            }
            Self::Rsa { pair, padding, .. } => {
                let pkcs8: Pkcs8V1Der<'_> = pair.as_der().expect("a whole RSA key has an encoding");
                let mark = match padding {
                    Padding::Pss => PS256_MARK,
                    Padding::Pkcs1 => RS256_MARK,
                };
                marked(mark, pkcs8.as_ref())
            }
        }
    }

    /// The pair again, from what [`to_secret`](Self::to_secret) gave.
    pub(super) fn from_secret(secret: &[u8]) -> Result<Self, BadSigningKey> {
        if let Ok(scalar) = secret.try_into() {
            return Self::from_scalar(scalar);
        }
        match secret {
            [ED25519_MARK, seed @ ..] => Self::from_seed(seed),
            [PS256_MARK, pkcs8 @ ..] => Self::from_pkcs8(Padding::Pss, pkcs8),
            [RS256_MARK, pkcs8 @ ..] => Self::from_pkcs8(Padding::Pkcs1, pkcs8),
            _ => Err(BadSigningKey::Material),
        }
    }

    pub(super) fn kind(&self) -> KeyKind {
        match self {
            Self::P256(_) => KeyKind::Es256,
            Self::Ed25519(_) => KeyKind::EdDsa,
            Self::Rsa { padding: Padding::Pss, bits, .. } => KeyKind::Ps256(*bits),
            Self::Rsa { padding: Padding::Pkcs1, bits, .. } => KeyKind::Rs256(*bits),
        }
    }

    pub(super) fn signature_bytes(&self) -> usize {
        match self {
            Self::P256(_) | Self::Ed25519(_) => SIGNATURE_BYTES,
            Self::Rsa { bits: RsaBits::Bits2048, .. } => 256,
            Self::Rsa { bits: RsaBits::Bits3072, .. } => 384,
        }
    }

    /// Signs into the front of `buffer`, without an allocation of ours, and gives what was written.
    pub(super) fn sign<'b>(
        &self,
        random: &dyn SecureRandom,
        message: &[u8],
        buffer: &'b mut [u8; SIGNATURE_BYTES_MAX],
    ) -> &'b [u8] {
        const NO_MEMORY: &str = "signing with a checked key fails only when memory is exhausted";
        let out = &mut buffer[..self.signature_bytes()];
        match self {
            Self::P256(pair) => out.copy_from_slice(pair.sign(random, message).expect(NO_MEMORY).as_ref()),
            Self::Ed25519(pair) => out.copy_from_slice(pair.try_sign(message).expect(NO_MEMORY).as_ref()),
            Self::Rsa { pair, padding, .. } => {
                let encoding: &'static dyn RsaEncoding = match padding {
                    Padding::Pss => &RSA_PSS_SHA256,
                    Padding::Pkcs1 => &RSA_PKCS1_SHA256,
                };
                pair.sign(encoding, random, message, out).expect(NO_MEMORY);
            }
        }
        out
    }

    /// # Errors
    /// [`BadSigningKey`] when the pair was read from storage and its public half is no key.
    pub(super) fn public_half(&self) -> Result<PublicHalf, BadSigningKey> {
        let bad = BadSigningKey::Material;
        match self {
            Self::P256(pair) => {
                let point = pair.public_key().as_ref();
                let key = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).map_err(|_| bad)?;
                // SEC 1 §2.3.3: one byte 4, then x and y of 32 bytes each.
                let (x, y) = (b64u(&point[1..33]), b64u(&point[33..]));
                // RFC 7518 §6.2.1.
                let members = format!(r#""kty":"EC","crv":"P-256","x":"{x}","y":"{y}""#);
                let thumbprint_input = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
                Ok(PublicHalf { key, members, thumbprint_input })
            }
            Self::Ed25519(pair) => {
                let bytes = pair.public_key().as_ref();
                let key = ParsedPublicKey::new(&ED25519, bytes).map_err(|_| bad)?;
                let x = b64u(bytes);
                // RFC 8037 §2.
                let members = format!(r#""kty":"OKP","crv":"Ed25519","x":"{x}""#);
                let thumbprint_input = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
                Ok(PublicHalf { key, members, thumbprint_input })
            }
            Self::Rsa { pair, padding, .. } => {
                let der: PublicKeyX509Der<'_> = pair.public_key().as_der().map_err(|_| bad)?;
                let Ok(spki::Key::Rsa { modulus, exponent }) = spki::parse(der.as_ref()) else { return Err(bad) };
                let parameters: &'static RsaParameters = match padding {
                    Padding::Pss => &RSA_PSS_2048_8192_SHA256,
                    Padding::Pkcs1 => &RSA_PKCS1_2048_8192_SHA256,
                };
                let key = PublicKeyComponents { n: modulus, e: exponent }
                    .to_parsed_public_key(parameters)
                    .map_err(|_| bad)?;
                let (n, e) = (b64u(modulus), b64u(exponent));
                // RFC 7518 §6.3.1.
                let members = format!(r#""kty":"RSA","n":"{n}","e":"{e}""#);
                let thumbprint_input = format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#);
                Ok(PublicHalf { key, members, thumbprint_input })
            }
        }
    }
}

fn marked(mark: u8, secret: &[u8]) -> Zeroizing<Vec<u8>> {
    // Room for all of it at once, so that no half-filled copy stays behind in memory.
    let mut bytes = Zeroizing::new(Vec::with_capacity(1 + secret.len()));
    bytes.push(mark);
    bytes.extend_from_slice(secret);
    bytes
}

fn fresh_scalar(entropy: &mut Entropy) -> Zeroizing<[u8; SCALAR_BYTES]> {
    let mut scalar: Zeroizing<[u8; SCALAR_BYTES]> = Zeroizing::new(entropy.take());
    // FIPS 186-5 appendix A.2.2: a number out of range is replaced, never reduced, so that no key is likelier than
    // another. One in 2^32 is out of range; hashing on keeps the function free of a second draw.
    while !in_range(&scalar) {
        *scalar = sha256_of(&[b"lockgate signing key, next candidate", &scalar[..]]);
    }
    scalar
}

/// Whether the big-endian number is from 1 to one below the order. Comparing a candidate that is about to be thrown
/// away, or that almost surely is far below the order, tells nothing of the key that is kept.
fn in_range(scalar: &[u8; SCALAR_BYTES]) -> bool {
    *scalar < ORDER && *scalar != [0; SCALAR_BYTES]
}
