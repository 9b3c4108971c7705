//! A key that we sign with, and what we publish of it.
//!
//! The usual one is ECDSA on P-256 with SHA-256 (`ES256`, RFC 7518 §3.4); Ed25519 and RSA are there for clients that can't
//! verify it. Each key has one algorithm and never another (RFC 8725 §3.1): an RSA key that signs with PSS does not sign
//! with PKCS #1 v1.5.
//!
//! Start reading at [`SigningKey`]; the differences between the kinds stand in `pair`.

mod pair;

use aws_lc_rs::{rand::SystemRandom, signature::ParsedPublicKey};
use model::{Entropy, KeyId, Timestamp};
use zeroize::Zeroizing;

use crate::{BadSignature, KeyKind, SealBroken, SealingKey, SigningAlg, b64u, keyset::JwtType, sha256};
use pair::{Pair, PublicHalf};

/// Bytes of an `ES256` signature, `r` and `s` of 32 each (RFC 7518 §3.4), and of an `EdDSA` one.
pub const SIGNATURE_BYTES: usize = 64;
/// Bytes of the longest signature that we make: RSA with 3072 bits.
pub(crate) const SIGNATURE_BYTES_MAX: usize = 384;

/// Why a stored signing key could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSigningKey {
    /// The seal does not open: changed bytes, another root key, or another key's row.
    #[error(transparent)]
    Seal(#[from] SealBroken),
    /// What the seal held has the length of a private key on P-256, but is none.
    #[error("the sealed value is not a private key on P-256")]
    Scalar,
    /// What the seal held is no private key of a kind that we sign with.
    #[error("the sealed value is not a private key of a known kind")]
    Material,
}

/// A key pair that signs tokens. Its private half leaves it sealed only.
pub struct SigningKey {
    id: KeyId,
    created: Timestamp,
    kid: String,
    kind: KeyKind,
    pair: Pair,
    public: ParsedPublicKey,
    jwk_json: String,
    headers: [String; JwtType::ALL.len()],
}

impl SigningKey {
    /// A new key on P-256. Takes 42 bytes of entropy: ten for the id, the others for the private key.
    #[must_use]
    pub fn generate(now: Timestamp, entropy: &mut Entropy) -> Self {
        Self::generate_kind(KeyKind::Es256, now, entropy)
    }

    /// A new key of any kind. Takes at most 42 bytes of entropy.
    ///
    /// The primes of an RSA key are the second randomness, beside the nonces of signatures, that is drawn inside the
    /// library: it offers no way to hand it any. Finding them takes up to a few seconds.
    #[must_use]
    pub fn generate_kind(kind: KeyKind, now: Timestamp, entropy: &mut Entropy) -> Self {
        let id = KeyId::fresh(now, entropy);
        Self::from_pair(id, now, Pair::generate(kind, entropy)).expect("a new key pair has a public half")
    }

    /// The private key, sealed for storage and bound to this key's id. Takes 12 bytes of entropy.
    #[must_use]
    pub fn to_sealed(&self, sealing: &SealingKey, entropy: &mut Entropy) -> Vec<u8> {
        sealing.seal(&place(self.id), &self.pair.to_secret(), entropy)
    }

    /// A stored key again, of the kind that it was. `id` and `created` are the ones that were stored beside it.
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
        Self::from_pair(id, created, Pair::from_secret(&opened)?)
    }

    fn from_pair(id: KeyId, created: Timestamp, pair: Pair) -> Result<Self, BadSigningKey> {
        let PublicHalf { key: public, members, thumbprint_input } = pair.public_half()?;
        let kind = pair.kind();
        let alg = kind.alg().as_str();
        // RFC 7638 §3, cut: half of the digest tells any two keys apart.
        let kid = b64u(&sha256(thumbprint_input.as_bytes())[..16]);
        // RFC 7517 §4: the public half only.
        let jwk_json = format!(r#"{{{members},"alg":"{alg}","use":"sig","kid":"{kid}"}}"#);
        let headers = JwtType::ALL.map(|typ| header(alg, typ, &kid));
        Ok(Self { id, created, kid, kind, pair, public, jwk_json, headers })
    }

    /// An RSA key from a file of the tests.
    #[cfg(test)]
    pub(crate) fn for_test(pkcs8: &[u8]) -> Self {
        let pair = Pair::from_secret(&[b"R", pkcs8].concat()).expect("the file holds a private key");
        Self::from_pair(KeyId::from_bytes([9; 16]), Timestamp::from_seconds(1), pair).expect("a whole key")
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

    /// What kind of key it is.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// How it signs.
    #[must_use]
    pub fn alg(&self) -> SigningAlg {
        self.kind.alg()
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

    /// Bytes of each signature that this key makes: [`SIGNATURE_BYTES`], or as many as its RSA modulus has.
    #[must_use]
    pub fn signature_bytes(&self) -> usize {
        self.pair.signature_bytes()
    }

    /// Signs `message`, in the form of a JWS: for ECDSA `r` then `s` (RFC 7518 §3.4).
    #[must_use]
    pub fn sign_raw(&self, message: &[u8]) -> Vec<u8> {
        self.sign(message, &mut [0; SIGNATURE_BYTES_MAX]).to_vec()
    }

    /// Signs into the front of `buffer`, and gives what was written.
    pub(crate) fn sign<'b>(&self, message: &[u8], buffer: &'b mut [u8; SIGNATURE_BYTES_MAX]) -> &'b [u8] {
        #[expect(
            clippy::disallowed_methods,
            reason = "ECDSA's nonce and the salt of PSS stay inside the library: a bad nonce would give the key away"
        )]
        let random = SystemRandom::new();
        self.pair.sign(&random, message, buffer)
    }

    /// Checks a signature of the form that [`sign_raw`](Self::sign_raw) gives.
    ///
    /// # Errors
    /// [`BadSignature`] when this key did not make it over `message`.
    pub fn verify_raw(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        if signature.len() != self.signature_bytes() {
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

/// The place that a sealed key belongs to: it won't open as another key.
fn place(id: KeyId) -> Vec<u8> {
    [&b"signing key "[..], id.as_bytes()].concat()
}

fn header(alg: &str, typ: JwtType, kid: &str) -> String {
    let mut text = b64u(format!(r#"{{"alg":"{alg}","typ":"{}","kid":"{kid}"}}"#, typ.as_str()).as_bytes());
    text.push('.');
    text
}

#[cfg(test)]
mod tests;
