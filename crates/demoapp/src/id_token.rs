//! Checking an ID token (OpenID Connect Core 1.0 §3.1.3.7) before believing a word of it.

use std::fmt;

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::Jwk};
use serde_json::{Map, Value};

/// Longest ID token looked at, in bytes.
pub(crate) const ID_TOKEN_BYTES_MAX: usize = 8 * 1024;
/// Allowed difference between the issuer's clock and ours, in seconds.
const LEEWAY_SECONDS: u64 = 5;

/// Claims of an ID token that passed every check.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CheckedClaims(Map<String, Value>);

impl CheckedClaims {
    /// Every claim, by name.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The subject: checked to be present and a string.
    pub(crate) fn subject(&self) -> &str {
        self.0.get("sub").and_then(Value::as_str).unwrap_or_default()
    }
}

/// What the token must say.
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) client_id: &'a str,
    /// The nonce sent with the request; none for a token that came with a refresh (§12.2).
    pub(crate) nonce: Option<&'a str>,
    /// The subject known already, for a token that came with a refresh (§12.2: it must not change).
    pub(crate) subject: Option<&'a str>,
    pub(crate) now: i64,
}

/// The key id in the token's header, read before the signature can be checked and used only to pick a published key.
pub(crate) fn key_id(token: &str) -> Result<String, TokenFault> {
    if token.len() > ID_TOKEN_BYTES_MAX {
        return Err(TokenFault::TooLong);
    }
    let header = decode_header(token).map_err(|_| TokenFault::Malformed)?;
    // We registered for ES256; `none` and the HMAC family never get as far as a key.
    if header.alg != Algorithm::ES256 {
        return Err(TokenFault::Algorithm);
    }
    header.kid.ok_or(TokenFault::Malformed)
}

/// Checks signature, issuer, audience, expiry, nonce and subject.
pub(crate) fn check(token: &str, key: &Jwk, expected: &Expected<'_>) -> Result<CheckedClaims, TokenFault> {
    if token.len() > ID_TOKEN_BYTES_MAX {
        return Err(TokenFault::TooLong);
    }
    let key = DecodingKey::from_jwk(key).map_err(|_| TokenFault::Signature)?;
    let mut rules = Validation::new(Algorithm::ES256);
    rules.leeway = LEEWAY_SECONDS;
    rules.validate_nbf = true;
    rules.set_issuer(&[expected.issuer]);
    rules.set_audience(&[expected.client_id]);
    rules.set_required_spec_claims(&["iss", "sub", "aud", "exp"]);
    let claims =
        decode::<Map<String, Value>>(token, &key, &rules).map_err(|error| TokenFault::of(error.kind()))?.claims;

    // §3.1.3.7 step 3: an audience that we don't know may not share our token.
    if claims.get("aud").and_then(Value::as_array).is_some_and(|audiences| audiences.len() > 1) {
        return Err(TokenFault::Audience);
    }
    // §2: `iat` is required; one from the future means that a clock is wrong or the token is.
    let issued = claims.get("iat").and_then(Value::as_i64).ok_or(TokenFault::Malformed)?;
    if issued > expected.now.saturating_add(LEEWAY_SECONDS.cast_signed()) {
        return Err(TokenFault::NotYetValid);
    }
    let nonce = claims.get("nonce").and_then(Value::as_str);
    if let Some(wanted) = expected.nonce
        && nonce != Some(wanted)
    {
        return Err(TokenFault::Nonce);
    }
    let subject = claims.get("sub").and_then(Value::as_str).filter(|s| !s.is_empty()).ok_or(TokenFault::Subject)?;
    if expected.subject.is_some_and(|known| known != subject) {
        return Err(TokenFault::Subject);
    }
    Ok(CheckedClaims(claims))
}

/// Why an ID token was not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenFault {
    TooLong,
    Malformed,
    Algorithm,
    Signature,
    Issuer,
    Audience,
    Expired,
    NotYetValid,
    Nonce,
    Subject,
}

impl TokenFault {
    fn of(kind: &jsonwebtoken::errors::ErrorKind) -> Self {
        use jsonwebtoken::errors::ErrorKind;
        // The library's list is open-ended, so whatever is not named here counts as malformed.
        match kind {
            ErrorKind::InvalidSignature => Self::Signature,
            ErrorKind::InvalidIssuer => Self::Issuer,
            ErrorKind::InvalidAudience => Self::Audience,
            ErrorKind::ExpiredSignature => Self::Expired,
            ErrorKind::ImmatureSignature => Self::NotYetValid,
            ErrorKind::InvalidSubject => Self::Subject,
            ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName => Self::Algorithm,
            _ => Self::Malformed,
        }
    }
}

impl fmt::Display for TokenFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "the ID token is too long",
            Self::Malformed => "the ID token is malformed or lacks a required claim",
            Self::Algorithm => "the ID token is not signed with ES256",
            Self::Signature => "the ID token's signature does not verify",
            Self::Issuer => "the ID token comes from another issuer",
            Self::Audience => "the ID token was made for another application",
            Self::Expired => "the ID token has expired",
            Self::NotYetValid => "the ID token is not valid yet",
            Self::Nonce => "the ID token belongs to another sign-in",
            Self::Subject => "the ID token names nobody, or somebody else than before",
        })
    }
}
