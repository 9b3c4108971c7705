//! The keys that we sign tokens with, and JSON Web Tokens (RFC 7519) in their compact form (RFC 7515 §3.1).
//!
//! One key is active and signs. The others are published and accepted still, until nothing that they signed can be alive.
//!
//! A token's header is never parsed. Our keys know the few headers they have ever written, and a token is ours only if
//! it begins with one of those to the byte. So there is no `alg` to choose (RFC 8725 §3.1), `none` does not exist, a
//! token of one type can't pass for another (RFC 8725 §3.11), and `jwk`, `jku` or `crit` have nobody to speak to.

use std::sync::Arc;

use crate::{SigningKey, b64u_into, from_b64u, from_b64u_exact, signing::SIGNATURE_BYTES};

/// Longest token that is looked at, in bytes.
pub const TOKEN_BYTES_MAX: usize = 8 * 1024;

/// Base64url letters of a signature.
const SIGNATURE_LETTERS: usize = (SIGNATURE_BYTES * 4).div_ceil(3);

/// What a token is for; it stands in the header's `typ` (RFC 8725 §3.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JwtType {
    /// An access token (RFC 9068 §2.1).
    AccessToken,
    /// An ID token (OpenID Connect Core §2).
    IdToken,
    /// A logout token (OpenID Connect Back-Channel Logout §2.4).
    LogoutToken,
}

impl JwtType {
    /// Every type, in the order of [`JwtType::index`].
    pub(crate) const ALL: [Self; 3] = [Self::AccessToken, Self::IdToken, Self::LogoutToken];

    /// The `typ` of the header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "at+jwt",
            Self::IdToken => "JWT",
            Self::LogoutToken => "logout+jwt",
        }
    }

    pub(crate) const fn index(self) -> usize {
        match self {
            Self::AccessToken => 0,
            Self::IdToken => 1,
            Self::LogoutToken => 2,
        }
    }
}

/// A key set needs a key that signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key set needs at least one key")]
pub struct NoKey;

/// Why a token was refused. For the operator; a caller learns only that the token is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// More than [`TOKEN_BYTES_MAX`] bytes.
    #[error("the token is too long")]
    TooLong,
    /// The header is none that a key of this set writes for this type: another issuer's, another type's, a retired
    /// key's, or no token at all.
    #[error("the token does not begin with a header of ours for its type")]
    ForeignHeader,
    /// Not exactly three segments of canonical base64url, the last of 64 bytes.
    #[error("the token is not made of three base64url segments")]
    Malformed,
    /// The signature is not our key's over this header and these claims.
    #[error("the token's signature does not verify")]
    Signature,
}

/// The keys of an issuer: the first signs, all are published and accepted. Cloning shares the keys.
#[derive(Debug, Clone)]
pub struct KeySet(Arc<[Arc<SigningKey>]>);

impl KeySet {
    /// From the active key followed by the keys that are still accepted.
    ///
    /// # Errors
    /// [`NoKey`] when `keys` is empty.
    pub fn new(keys: Vec<Arc<SigningKey>>) -> Result<Self, NoKey> {
        if keys.is_empty() { Err(NoKey) } else { Ok(Self(keys.into())) }
    }

    /// The key that signs.
    #[must_use]
    pub fn active(&self) -> &SigningKey {
        &self.0[0]
    }

    /// All keys, the active one first.
    #[must_use]
    pub fn keys(&self) -> &[Arc<SigningKey>] {
        &self.0
    }

    /// The public halves as a JWK Set (RFC 7517 §5).
    #[must_use]
    pub fn jwks_json(&self) -> String {
        let keys: Vec<&str> = self.0.iter().map(|key| key.jwk_json()).collect();
        format!(r#"{{"keys":[{}]}}"#, keys.join(","))
    }

    /// Signs a token of type `typ` with the active key. `claims_json` is the whole claims object; it is not looked at.
    #[must_use]
    pub fn sign_jwt(&self, typ: JwtType, claims_json: &str) -> String {
        let key = self.active();
        let header = key.header(typ);
        let room = header.len() + (claims_json.len() * 4).div_ceil(3) + 1 + SIGNATURE_LETTERS;
        let mut token = String::with_capacity(room);
        token.push_str(header);
        b64u_into(claims_json.as_bytes(), &mut token);
        // RFC 7515 §5.1 step 5: what is signed is the text of the first two segments with the dot between them.
        let signature = key.sign(token.as_bytes());
        token.push('.');
        b64u_into(signature.as_ref(), &mut token);
        token
    }

    /// Checks that a key of this set signed `token` as a token of type `typ`, and gives its claims as JSON bytes.
    /// Whether the claims hold (issuer, audience, time) is the caller's question.
    ///
    /// # Errors
    /// [`BadToken`] says why it is none of ours.
    pub fn verify_jwt(&self, typ: JwtType, token: &str) -> Result<Vec<u8>, BadToken> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(BadToken::TooLong);
        }
        let (key, rest) = self
            .0
            .iter()
            .find_map(|key| token.strip_prefix(key.header(typ)).map(|rest| (key, rest)))
            .ok_or(BadToken::ForeignHeader)?;
        // A second dot among the claims or the signature is no letter of base64url and fails there.
        let (claims, signature) = rest.split_once('.').ok_or(BadToken::Malformed)?;
        let signature: [u8; SIGNATURE_BYTES] = from_b64u_exact(signature).map_err(|_| BadToken::Malformed)?;
        let signed = &token[..token.len() - SIGNATURE_LETTERS - 1];
        key.verify_raw(signed.as_bytes(), &signature).map_err(|_| BadToken::Signature)?;
        from_b64u(claims).map_err(|_| BadToken::Malformed)
    }
}

#[cfg(test)]
mod tests;
