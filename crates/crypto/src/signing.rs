//! A key that we sign with: ECDSA on P-256 with SHA-256 (`ES256`, RFC 7518 §3.4), and what we publish of it.

use aws_lc_rs::{
    agreement::{ECDH_P256, PrivateKey},
    encoding::{AsBigEndian, EcPrivateKeyBin},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, ParsedPublicKey},
};
use model::{Entropy, KeyId, Timestamp};
use zeroize::Zeroizing;

use crate::{BadSignature, SealBroken, SealingKey, b64u, hash::sha256_of, keyset::JwtType, sha256};

/// Bytes of an `ES256` signature: `r` and `s`, 32 each (RFC 7518 §3.4).
pub const SIGNATURE_BYTES: usize = 64;
const SCALAR_BYTES: usize = 32;

/// The order of P-256's group (SEC 2 §2.4.2), big-endian. A private key is a number from 1 to one below it.
const ORDER: [u8; SCALAR_BYTES] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa,
    0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

/// Why a stored signing key could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSigningKey {
    /// The seal does not open: changed bytes, another root key, or another key's row.
    #[error(transparent)]
    Seal(#[from] SealBroken),
    /// What the seal held is not a private key on P-256.
    #[error("the sealed value is not a private key on P-256")]
    Scalar,
}

/// A key pair that signs tokens. Its private half leaves it sealed only.
pub struct SigningKey {
    id: KeyId,
    created: Timestamp,
    kid: String,
    pair: EcdsaKeyPair,
    public: ParsedPublicKey,
    jwk_json: String,
    headers: [String; JwtType::ALL.len()],
}

impl SigningKey {
    /// A new key. Takes 42 bytes of entropy: ten for the id, the others for the private key.
    #[must_use]
    pub fn generate(now: Timestamp, entropy: &mut Entropy) -> Self {
        let id = KeyId::fresh(now, entropy);
        let mut scalar: Zeroizing<[u8; SCALAR_BYTES]> = Zeroizing::new(entropy.take());
        // FIPS 186-5 appendix A.2.2: a number out of range is replaced, never reduced, so that no key is likelier than
        // another. One in 2^32 is out of range; hashing on keeps the function free of a second draw.
        while !in_range(&scalar) {
            *scalar = sha256_of(&[b"lockgate signing key, next candidate", &scalar[..]]);
        }
        Self::from_scalar(id, now, &scalar).expect("a number below the order is a private key")
    }

    /// The private key, sealed for storage and bound to this key's id. Takes 12 bytes of entropy.
    #[must_use]
    pub fn to_sealed(&self, sealing: &SealingKey, entropy: &mut Entropy) -> Vec<u8> {
        let scalar: EcPrivateKeyBin<'_> =
            self.pair.private_key().as_be_bytes().expect("the key pair was built from its private key");
        sealing.seal(&place(self.id), scalar.as_ref(), entropy)
    }

    /// A stored key again. `id` and `created` are the ones that were stored beside it.
    ///
    /// # Errors
    /// [`BadSigningKey`] when the seal is broken or does not hold a private key.
    pub fn from_sealed(
        id: KeyId,
        created: Timestamp,
        sealing: &SealingKey,
        sealed: &[u8],
    ) -> Result<Self, BadSigningKey> {
        let opened = Zeroizing::new(sealing.open(&place(id), sealed)?);
        let scalar = opened.as_slice().try_into().map_err(|_| BadSigningKey::Scalar)?;
        Self::from_scalar(id, created, scalar)
    }

    pub(crate) fn from_scalar(
        id: KeyId,
        created: Timestamp,
        scalar: &[u8; SCALAR_BYTES],
    ) -> Result<Self, BadSigningKey> {
        if !in_range(scalar) {
            return Err(BadSigningKey::Scalar);
        }
        // The library computes public keys for key agreement only; the point is the same for signing.
        let point = PrivateKey::from_private_key(&ECDH_P256, scalar)
            .map_err(|_| BadSigningKey::Scalar)?
            .compute_public_key()
            .map_err(|_| BadSigningKey::Scalar)?;
        let point = point.as_ref();
        let pair = EcdsaKeyPair::from_private_key_and_public_key(&ECDSA_P256_SHA256_FIXED_SIGNING, scalar, point)
            .map_err(|_| BadSigningKey::Scalar)?;
        let public = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).map_err(|_| BadSigningKey::Scalar)?;
        // SEC 1 §2.3.3: one byte 4, then x and y of 32 bytes each.
        let (x, y) = (b64u(&point[1..33]), b64u(&point[33..]));
        let kid = b64u(&thumbprint(&x, &y)[..16]);
        // RFC 7517 §4 and RFC 7518 §6.2.1: the public half only.
        let jwk_json =
            format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}","alg":"ES256","use":"sig","kid":"{kid}"}}"#);
        let headers = JwtType::ALL.map(|typ| header(typ, &kid));
        Ok(Self { id, created, kid, pair, public, jwk_json, headers })
    }

    /// The key's id in storage.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// When the key was generated.
    #[must_use]
    pub fn created(&self) -> Timestamp {
        self.created
    }

    /// The key's public name in token headers and in the key set: base64url of the first 16 bytes of its thumbprint.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half as a JSON Web Key.
    #[must_use]
    pub fn jwk_json(&self) -> &str {
        &self.jwk_json
    }

    /// The encoded header of a token of this type, with the dot behind it.
    pub(crate) fn header(&self, typ: JwtType) -> &str {
        &self.headers[typ.index()]
    }

    /// Signs `message`: 64 bytes, `r` then `s` (RFC 7518 §3.4).
    #[must_use]
    pub fn sign_raw(&self, message: &[u8]) -> Vec<u8> {
        self.sign(message).as_ref().to_vec()
    }

    pub(crate) fn sign(&self, message: &[u8]) -> aws_lc_rs::signature::Signature {
        #[expect(
            clippy::disallowed_methods,
            reason = "ECDSA's nonce is the one randomness that stays inside the library: a bad one would give the key away"
        )]
        let random = SystemRandom::new();
        self.pair.sign(&random, message).expect("signing with a checked key fails only when memory is exhausted")
    }

    /// Checks a signature of the form that [`sign_raw`](Self::sign_raw) gives.
    ///
    /// # Errors
    /// [`BadSignature`] when this key did not make it over `message`.
    pub fn verify_raw(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        if signature.len() != SIGNATURE_BYTES {
            return Err(BadSignature);
        }
        self.public.verify_sig(message, signature).map_err(|_| BadSignature)
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.id).field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// Whether the big-endian number is from 1 to one below the order. Comparing a candidate that is about to be thrown
/// away, or that almost surely is far below the order, tells nothing of the key that is kept.
fn in_range(scalar: &[u8; SCALAR_BYTES]) -> bool {
    *scalar < ORDER && *scalar != [0; SCALAR_BYTES]
}

/// The place that a sealed key belongs to: it won't open as another key.
fn place(id: KeyId) -> Vec<u8> {
    [&b"signing key "[..], id.as_bytes()].concat()
}

/// The JWK thumbprint of a key on P-256 (RFC 7638 §3): the required members in alphabetical order, without spaces.
fn thumbprint(x: &str, y: &str) -> [u8; 32] {
    sha256(format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#).as_bytes())
}

fn header(typ: JwtType, kid: &str) -> String {
    let mut text = b64u(format!(r#"{{"alg":"ES256","typ":"{}","kid":"{kid}"}}"#, typ.as_str()).as_bytes());
    text.push('.');
    text
}

#[cfg(test)]
mod tests;
