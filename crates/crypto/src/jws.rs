//! JSON Web Signatures of others, in their compact form (RFC 7515 §7.1): client assertions, request objects, DPoP proofs,
//! and the tokens of other issuers. Our own tokens are never read here: see [`crate::keyset`].
//!
//! A message says under which algorithm it was signed; the key decides whether that may be (RFC 8725 §3.1). Where the key
//! comes from is the caller's decision alone: `jku`, `x5u` and `x5c` in a header are not looked at, and `jwk` is used only
//! by [`Jws::verify_embedded`], whose name says so.

use crate::{
    Alg, from_b64u,
    json::{BadJson, Bounds, Claims, Object, Value, parse_object},
    jwk::{BadJwk, PublicJwk},
};

/// Longest message that is looked at, in bytes, whatever limit the caller gives.
pub const JWS_BYTES_MAX: usize = 16 * 1024;
/// Longest header, in bytes of JSON.
pub const JWS_HEADER_BYTES_MAX: usize = 4 * 1024;
/// The header, an embedded key, its arrays.
const JWS_HEADER_DEPTH_MAX: usize = 4;

/// Why a message was refused. For the operator; a caller learns only the code of its protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadJws {
    /// Longer than the caller's limit or [`JWS_BYTES_MAX`].
    #[error("the signed message is too long")]
    TooLong,
    /// Not exactly three segments of canonical base64url, of which only the payload may be empty.
    #[error("the message is not made of three base64url segments")]
    Malformed,
    /// The header is no object, says a name twice, or is too long or too deep.
    #[error("the header of the signed message is refused: {0}")]
    Header(BadJson),
    /// A member of the header is missing or has the wrong type.
    #[error("the header member \"{0}\" is missing or malformed")]
    Member(&'static str),
    /// `alg` is none that we verify: `none`, a symmetric one, an unknown one.
    #[error("the signature algorithm is not supported")]
    Algorithm,
    /// The header demands an extension (RFC 7515 §4.1.11), or names one that must be demanded (RFC 7797 §6). We know none.
    #[error("the header demands an extension that is not supported")]
    Critical,
    /// The embedded key is refused.
    #[error("the key in the header is refused: {0}")]
    EmbeddedKey(BadJwk),
    /// No key comes into question.
    #[error("no known key fits the signed message")]
    NoKey,
    /// The key is not for this algorithm.
    #[error("the key is not for the algorithm of the signed message")]
    KeyUnfit,
    /// The key did not sign this.
    #[error("the signature does not verify")]
    Signature,
}

/// What a header says, as far as we listen.
#[derive(Clone, PartialEq, Eq)]
pub struct JwsHeader {
    /// How the message claims to be signed.
    pub alg: Alg,
    /// What kind of message it claims to be; compare with [`JwsHeader::is_typ`].
    pub typ: Option<String>,
    /// The name of the key that signed.
    pub kid: Option<String>,
    /// The media type of the payload.
    pub cty: Option<String>,
    /// The key that the message brought along. It proves nothing but its possession.
    pub jwk: Option<PublicJwk>,
}

impl JwsHeader {
    /// Whether `typ` is `expected`, without regard to case and to a leading `application/` (RFC 7515 §4.1.9). False when
    /// the header has none.
    #[must_use]
    pub fn is_typ(&self, expected: &str) -> bool {
        const PREFIX: &str = "application/";
        let Some(typ) = self.typ.as_deref() else { return false };
        let short = match typ.split_at_checked(PREFIX.len()) {
            // The short form stands for a type without a second slash only.
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case(PREFIX) && !rest.contains('/') => rest,
            Some(_) | None => typ,
        };
        short.eq_ignore_ascii_case(expected)
    }

    fn parse(json: &[u8]) -> Result<Self, BadJws> {
        let bounds = Bounds { bytes_max: JWS_HEADER_BYTES_MAX, depth_max: JWS_HEADER_DEPTH_MAX };
        let object = parse_object(json, bounds).map_err(BadJws::Header)?;
        // RFC 7515 §4.1.11: what is critical and not understood refuses the message. RFC 7797 §3: an unencoded payload
        // would change what is signed; it must be critical, and a message that hides it is refused as well.
        if object.has("crit") || object.has("b64") {
            return Err(BadJws::Critical);
        }
        let alg = text(&object, "alg")?.ok_or(BadJws::Member("alg"))?;
        let alg = Alg::from_name(&alg).ok_or(BadJws::Algorithm)?;
        let jwk = match object.get("jwk") {
            None => None,
            Some(Value::Object(key)) => Some(PublicJwk::from_object(key).map_err(BadJws::EmbeddedKey)?),
            Some(
                Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) | Value::Text(_) | Value::Array(_),
            ) => return Err(BadJws::Member("jwk")),
        };
        Ok(Self { alg, typ: text(&object, "typ")?, kid: text(&object, "kid")?, cty: text(&object, "cty")?, jwk })
    }
}

impl std::fmt::Debug for JwsHeader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The rest is any sender's free text.
        f.debug_struct("JwsHeader").field("alg", &self.alg).finish_non_exhaustive()
    }
}

/// A signed message, taken apart and not verified yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Jws<'a> {
    /// What it says of itself.
    pub header: JwsHeader,
    /// What was signed, decoded. Worth nothing before a key has verified it.
    pub payload: Vec<u8>,
    /// The text that the signature covers.
    pub signing_input: &'a str,
    /// The signature.
    pub signature: Vec<u8>,
}

impl<'a> Jws<'a> {
    /// Takes `text` apart.
    ///
    /// # Errors
    /// [`BadJws`]; the length is checked before anything else.
    pub fn parse(text: &'a str, limit_bytes: usize) -> Result<Self, BadJws> {
        if text.len() > limit_bytes.min(JWS_BYTES_MAX) {
            return Err(BadJws::TooLong);
        }
        let (signing_input, signature) = text.rsplit_once('.').ok_or(BadJws::Malformed)?;
        // More dots are no letters of base64url and fail there: an encrypted message (five segments) is refused too.
        let (header, payload) = signing_input.split_once('.').ok_or(BadJws::Malformed)?;
        if header.len() > JWS_HEADER_BYTES_MAX.div_ceil(3) * 4 {
            return Err(BadJws::Header(BadJson::TooLong));
        }
        let header = from_b64u(header).map_err(|_| BadJws::Malformed)?;
        let payload = from_b64u(payload).map_err(|_| BadJws::Malformed)?;
        let signature = from_b64u(signature).map_err(|_| BadJws::Malformed)?;
        let header = JwsHeader::parse(&header)?;
        if signature.is_empty() {
            return Err(BadJws::Malformed);
        }
        Ok(Self { header, payload, signing_input, signature })
    }

    /// Checks that `key` signed this message (RFC 7515 §5.2).
    ///
    /// # Errors
    /// [`BadJws::KeyUnfit`] when the key is not for the message's algorithm, [`BadJws::Signature`] when it did not sign.
    pub fn verify(&self, key: &PublicJwk) -> Result<(), BadJws> {
        if !key.fits(self.header.alg) {
            return Err(BadJws::KeyUnfit);
        }
        key.verify(self.header.alg, self.signing_input.as_bytes(), &self.signature).map_err(|_| BadJws::Signature)
    }

    /// Checks that the key in the header signed this message, and gives it. That proves possession of this key (RFC 9449
    /// §4.3), not who possesses it.
    ///
    /// # Errors
    /// [`BadJws::NoKey`] when the header has none, else as [`verify`](Self::verify).
    pub fn verify_embedded(&self) -> Result<&PublicJwk, BadJws> {
        let key = self.header.jwk.as_ref().ok_or(BadJws::NoKey)?;
        self.verify(key)?;
        Ok(key)
    }

    /// The payload as claims. Verify first: until then they are anybody's words.
    ///
    /// # Errors
    /// [`BadJson`] when the payload is no claims set.
    pub fn claims(&self) -> Result<Claims, BadJson> {
        Claims::parse(&self.payload)
    }
}

impl std::fmt::Debug for Jws<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Assertions and proofs are credentials, and their claims may be personal.
        f.debug_struct("Jws").field("alg", &self.header.alg).finish_non_exhaustive()
    }
}

fn text(object: &Object, name: &'static str) -> Result<Option<String>, BadJws> {
    match object.get(name) {
        None => Ok(None),
        Some(Value::Text(text)) => Ok(Some(text.clone())),
        Some(
            Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) | Value::Array(_) | Value::Object(_),
        ) => Err(BadJws::Member(name)),
    }
}

#[cfg(test)]
mod tests;
