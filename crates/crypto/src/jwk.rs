//! Public keys of others as JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037 §2), alone and in sets.
//!
//! Only keys that verify signatures are read: P-256, P-384, P-521, Ed25519, and RSA from 2048 to 4096 bits. What a key
//! says of its own use (`use`, `key_ops`, `alg`) is honoured, so a message can't bend a key to another algorithm (RFC 8725
//! §3.1). A key with a private member is refused, whoever sends it: a secret that was published is no secret, and one
//! that we never read can't leak from here.
//!
//! Start reading at [`PublicJwk::from_object`]; the arithmetic of each kind of key stands in `material`.

mod material;
mod read;
mod set;

pub use set::{JWK_SET_BYTES_MAX, JWK_SET_KEYS_MAX, JwkSet};

use crate::{
    Alg, BadKey, BadSignature, b64u,
    json::{BadJson, Bounds, Object, parse_object, quoted},
    sha256,
};
use material::Material;

/// Most bytes of one key alone. A certificate chain (`x5c`) is what makes keys long.
pub const JWK_BYTES_MAX: usize = 32 * 1024;
/// Deepest nesting of one key alone: members, and the arrays `key_ops` and `x5c`.
const JWK_DEPTH_MAX: usize = 3;
/// Most bytes of a key's name.
pub const KID_BYTES_MAX: usize = 256;

/// Why a key or a set of keys was refused. Names members, never their values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadJwk {
    /// It is no JSON object within the bounds.
    #[error(transparent)]
    Json(#[from] BadJson),
    /// A member that is needed is missing, or one has the wrong type or form.
    #[error("the member \"{0}\" of the key is missing or malformed")]
    Member(&'static str),
    /// The key is a private or a symmetric one.
    #[error("the key holds private members: it must be replaced, and only its public half be sent")]
    Private,
    /// A kind of key, a curve, an algorithm or a use that we verify nothing with.
    #[error("the key is of a kind or for a use that is not supported")]
    Unsupported,
    /// The numbers are no key, or none of its `alg`.
    #[error(transparent)]
    Key(#[from] BadKey),
    /// The set has no array `keys` of objects.
    #[error("expected a JWK Set: an object with an array of keys in \"keys\"")]
    NotASet,
    /// The set has more than [`JWK_SET_KEYS_MAX`] keys.
    #[error("the key set has too many keys")]
    TooManyKeys,
}

/// A public key with what it says of its own use: checked, and ready to verify.
#[derive(Clone)]
pub struct PublicJwk {
    material: Material,
    alg: Option<Alg>,
    kid: Option<String>,
    /// `use` was `sig`.
    says_use: bool,
    /// `key_ops` had `verify`.
    says_key_ops: bool,
    certificate: Option<[u8; 32]>,
}

impl PublicJwk {
    /// Reads one key.
    ///
    /// # Errors
    /// [`BadJwk`].
    pub fn parse(json: &[u8]) -> Result<Self, BadJwk> {
        let bounds = Bounds { bytes_max: JWK_BYTES_MAX, depth_max: JWK_DEPTH_MAX };
        Self::from_object(&parse_object(json, bounds)?)
    }

    /// Reads one key from an object that was parsed already, such as the `jwk` of a DPoP proof's header.
    ///
    /// # Errors
    /// [`BadJwk`].
    pub fn from_object(object: &Object) -> Result<Self, BadJwk> {
        read::key(object)
    }

    /// The key's name, chosen by its holder.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The one algorithm that the key says it is for, when it says so.
    #[must_use]
    pub fn alg(&self) -> Option<Alg> {
        self.alg
    }

    /// Every algorithm that the key may verify.
    pub fn algs(&self) -> impl Iterator<Item = Alg> {
        Alg::ALL.into_iter().filter(|&alg| self.fits(alg))
    }

    /// Whether the key may verify `alg`: its kind can, and its own `alg` does not object.
    #[must_use]
    pub fn fits(&self, alg: Alg) -> bool {
        self.material.can(alg) && self.alg.is_none_or(|own| own == alg)
    }

    /// The key's thumbprint with SHA-256 (RFC 7638 §3) in base64url: `jkt` in tokens bound to it (RFC 9449 §6.1).
    #[must_use]
    pub fn thumbprint(&self) -> String {
        b64u(&self.thumbprint_bytes())
    }

    /// The same, as bytes.
    #[must_use]
    pub fn thumbprint_bytes(&self) -> [u8; 32] {
        sha256(format!("{{{}}}", self.material.members()).as_bytes())
    }

    /// The SHA-256 of the certificate that the key came with: of the first in `x5c`, which was checked to hold this very
    /// key, or `x5t#S256`. RFC 8705 §2.2 compares it with the certificate of a connection.
    #[must_use]
    pub fn certificate_thumbprint(&self) -> Option<[u8; 32]> {
        self.certificate
    }

    /// The key as compact JSON: its numbers, and what it says of its use. Members that we don't know are gone.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = format!("{{{}", self.material.members());
        if self.says_use {
            json.push_str(r#","use":"sig""#);
        }
        if self.says_key_ops {
            json.push_str(r#","key_ops":["verify"]"#);
        }
        if let Some(alg) = self.alg {
            json.push_str(&format!(r#","alg":"{}""#, alg.as_str()));
        }
        if let Some(kid) = &self.kid {
            json.push_str(&format!(r#","kid":{}"#, quoted(kid)));
        }
        if let Some(certificate) = &self.certificate {
            json.push_str(&format!(r#","x5t#S256":"{}""#, b64u(certificate)));
        }
        json.push('}');
        json
    }

    /// Checks that the key made `signature` over `message` under `alg`, in the form of a JWS: ECDSA signatures are `r`
    /// then `s` (RFC 7518 §3.4).
    ///
    /// # Errors
    /// [`BadSignature`], whatever the reason; also when the key does not fit `alg`.
    pub fn verify(&self, alg: Alg, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        if self.fits(alg) { self.material.verify(alg, message, signature) } else { Err(BadSignature) }
    }
}

/// Two keys are the same when their numbers are, whatever they are called.
impl PartialEq for PublicJwk {
    fn eq(&self, other: &Self) -> bool {
        self.material.members() == other.material.members()
    }
}

impl Eq for PublicJwk {}

impl std::fmt::Debug for PublicJwk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A DPoP key names a device; it has no place in a log.
        f.debug_struct("PublicJwk").field("kty", &self.material.kty()).field("alg", &self.alg).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
