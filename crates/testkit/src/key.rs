//! Keys that passkeys and certificates sign with.

use std::sync::{Arc, OnceLock};

use aws_lc_rs::{
    digest::{SHA256, SHA384, SHA512, digest},
    rsa::{KeyPair as RsaKeyPair, KeySize},
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, ECDSA_P521_SHA512_ASN1_SIGNING, EcdsaKeyPair,
        Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    },
};

use crate::{cbor, der, seed::Seed};

/// How a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// Ed25519 (COSE -8).
    EdDsa,
    /// ECDSA on P-256 with SHA-256 (COSE -7).
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256, 2048 bits (COSE -257).
    Rs256,
    /// ECDSA on P-384 with SHA-384 (COSE -35).
    Es384,
    /// ECDSA on P-521 with SHA-512 (COSE -36).
    Es512,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::EdDsa, Self::Es256, Self::Rs256, Self::Es384, Self::Es512];

    /// The number in the IANA registry "COSE Algorithms".
    #[must_use]
    pub const fn cose_id(self) -> i64 {
        match self {
            Self::EdDsa => -8,
            Self::Es256 => -7,
            Self::Rs256 => -257,
            Self::Es384 => -35,
            Self::Es512 => -36,
        }
    }

    /// A lower-case word for names of ceremonies.
    #[must_use]
    pub const fn as_word(self) -> &'static str {
        match self {
            Self::EdDsa => "eddsa",
            Self::Es256 => "es256",
            Self::Rs256 => "rs256",
            Self::Es384 => "es384",
            Self::Es512 => "es512",
        }
    }
}

/// A private key.
#[derive(Clone)]
pub(crate) struct Key {
    algorithm: Algorithm,
    pair: Pair,
}

#[derive(Clone)]
enum Pair {
    Ec(Arc<EcdsaKeyPair>),
    Ed(Arc<Ed25519KeyPair>),
    Rsa(Arc<RsaKeyPair>),
}

/// RSA keys can't be made from a seed with this library and take long to find, so a few are drawn once in a process.
const RSA_KEYS: usize = 3;

impl Key {
    /// The key of `algorithm` that follows from the seed. RSA keys differ from run to run; within one run the same seed
    /// gives the same key, and so may another.
    pub(crate) fn from_seed(algorithm: Algorithm, seed: Seed) -> Self {
        let pair = match algorithm {
            Algorithm::EdDsa => {
                let secret = seed.bytes("ed25519", 0, 32);
                Pair::Ed(Arc::new(Ed25519KeyPair::from_seed_unchecked(&secret).expect("any 32 bytes are a secret")))
            }
            Algorithm::Es256 | Algorithm::Es384 | Algorithm::Es512 => Pair::Ec(Arc::new(ec_pair(algorithm, seed))),
            Algorithm::Rs256 => Pair::Rsa(rsa_pair(usize::from(seed.bytes("rsa", 0, 1)[0]) % (RSA_KEYS - 1))),
        };
        Self { algorithm, pair }
    }

    /// A key of the same kind that is surely another one.
    pub(crate) fn another(&self, seed: Seed) -> Self {
        match self.algorithm {
            // The last RSA key is never given out by `from_seed`.
            Algorithm::Rs256 => Self { algorithm: self.algorithm, pair: Pair::Rsa(rsa_pair(RSA_KEYS - 1)) },
            Algorithm::EdDsa | Algorithm::Es256 | Algorithm::Es384 | Algorithm::Es512 => {
                Self::from_seed(self.algorithm, seed.child("another key", 0))
            }
        }
    }

    pub(crate) const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Signs as WebAuthn L3 §6.5.5 carries signatures: DER for ECDSA, the plain form otherwise.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.pair {
            Pair::Ed(pair) => pair.sign(message).as_ref().to_vec(),
            Pair::Ec(pair) => {
                let hash = match self.algorithm {
                    Algorithm::Es384 => &SHA384,
                    Algorithm::Es512 => &SHA512,
                    Algorithm::Es256 | Algorithm::EdDsa | Algorithm::Rs256 => &SHA256,
                };
                let signature = pair.sign_digest(&digest(hash, message)).expect("a sound key and its own hash");
                signature.as_ref().to_vec()
            }
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign_digest(&RSA_PKCS1_SHA256, &digest(&SHA256, message), &mut signature)
                    .expect("a sound key and room for its signature");
                signature
            }
        }
    }

    /// The members of the public COSE_Key (RFC 9053 §7, RFC 8230 §4), without `alg`.
    pub(crate) fn cose_members(&self) -> Vec<(i64, Vec<u8>)> {
        match &self.pair {
            Pair::Ed(pair) => {
                vec![(1, cbor::int(1)), (-1, cbor::int(6)), (-2, cbor::bytes(pair.public_key().as_ref()))]
            }
            Pair::Ec(pair) => {
                let point = &pair.public_key().as_ref()[1..];
                let (x, y) = point.split_at(point.len() / 2);
                let curve = match self.algorithm {
                    Algorithm::Es384 => 2,
                    Algorithm::Es512 => 3,
                    Algorithm::Es256 | Algorithm::EdDsa | Algorithm::Rs256 => 1,
                };
                vec![(1, cbor::int(2)), (-1, cbor::int(curve)), (-2, cbor::bytes(x)), (-3, cbor::bytes(y))]
            }
            Pair::Rsa(pair) => {
                let (modulus, exponent) = rsa_parts(pair.public_key().as_ref());
                vec![(1, cbor::int(3)), (-1, cbor::bytes(modulus)), (-2, cbor::bytes(exponent))]
            }
        }
    }

    /// The public key as SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
    pub(crate) fn spki(&self) -> Vec<u8> {
        let (identifier, key) = match &self.pair {
            Pair::Ed(pair) => (der::sequence(&[&der::oid(der::ED25519)]), pair.public_key().as_ref().to_vec()),
            Pair::Ec(pair) => (
                der::sequence(&[&der::oid(der::EC_PUBLIC_KEY), &der::oid(curve(self.algorithm))]),
                pair.public_key().as_ref().to_vec(),
            ),
            Pair::Rsa(pair) => {
                (der::sequence(&[&der::oid(der::RSA_ENCRYPTION), der::NULL]), pair.public_key().as_ref().to_vec())
            }
        };
        der::sequence(&[&identifier, &der::bits(&key)])
    }
}

fn ec_pair(algorithm: Algorithm, seed: Seed) -> EcdsaKeyPair {
    let (signing, field_bytes) = match algorithm {
        Algorithm::Es384 => (&ECDSA_P384_SHA384_ASN1_SIGNING, 48),
        Algorithm::Es512 => (&ECDSA_P521_SHA512_ASN1_SIGNING, 66),
        Algorithm::Es256 | Algorithm::EdDsa | Algorithm::Rs256 => (&ECDSA_P256_SHA256_ASN1_SIGNING, 32),
    };
    let mut scalar = seed.bytes(algorithm.as_word(), 0, field_bytes);
    // Below the order of the curve: P-521's begins with 01 ff, the others' with ff.
    scalar[0] = if algorithm == Algorithm::Es512 { 0 } else { scalar[0] & 0x7f };
    // RFC 5915 §3, without the public key, which the library computes.
    let private = der::sequence(&[
        &der::integer(&[1]),
        &der::element(der::OCTET_STRING, &scalar),
        &der::element(der::CONTEXT_0, &der::oid(curve(algorithm))),
    ]);
    EcdsaKeyPair::from_private_key_der(signing, &private).expect("the scalar is below the order and not zero")
}

const fn curve(algorithm: Algorithm) -> &'static [u8] {
    match algorithm {
        Algorithm::Es384 => der::P384,
        Algorithm::Es512 => der::P521,
        Algorithm::Es256 | Algorithm::EdDsa | Algorithm::Rs256 => der::P256,
    }
}

/// Modulus and exponent of an RSAPublicKey (RFC 8017 appendix A.1.1) as the library writes it: 2048 bits, exponent
/// 65537 in five bytes at the end.
fn rsa_parts(public: &[u8]) -> (&[u8], &[u8]) {
    let (rest, exponent) = public.split_at(public.len() - 5);
    (&rest[rest.len() - 256..], &exponent[2..])
}

fn rsa_pair(index: usize) -> Arc<RsaKeyPair> {
    static PAIRS: [OnceLock<Arc<RsaKeyPair>>; RSA_KEYS] = [const { OnceLock::new() }; RSA_KEYS];
    let draw = || Arc::new(RsaKeyPair::generate(KeySize::Rsa2048).expect("the library finds an RSA key"));
    PAIRS[index].get_or_init(draw).clone()
}
