//! The answer of introspection, plain or signed.

use model::{ClientId, Timestamp};

use crate::{Issuer, answer::JsonObject};

/// The media type of a signed answer (RFC 9701 §4).
const SIGNED: &str = "application/token-introspection+jwt";
/// Longest Accept header read, in bytes.
const ACCEPT_BYTES_MAX: usize = 1024;

/// What the caller is told.
#[derive(Clone, PartialEq, Eq)]
pub struct IntrospectionReply {
    json: String,
    signed_claims: String,
    is_active: bool,
}

crate::quiet::quiet! { IntrospectionReply }

/// Whether the caller asks for a signed answer (RFC 9701 §4).
#[must_use]
pub fn wants_signed(accept: Option<&str>) -> bool {
    let Some(accept) = accept.filter(|accept| accept.len() <= ACCEPT_BYTES_MAX) else { return false };
    let mut types = accept.split(',').map(|part| part.split(';').next().unwrap_or(part).trim());
    types.any(|media_type| media_type.eq_ignore_ascii_case(SIGNED))
}

impl IntrospectionReply {
    pub(super) fn new(active: Option<String>, issuer: &Issuer, caller: &ClientId, now: Timestamp) -> Self {
        let is_active = active.is_some();
        // RFC 7662 §2.2: of a token that does not count, nothing else is said.
        let json = active.unwrap_or_else(|| "{\"active\":false}".to_owned());
        let mut claims = JsonObject::with_capacity(json.len() + 192);
        // RFC 9701 §5: no `sub` and no `exp` outside, so that the answer can't pass for a token.
        claims.string("iss", issuer.url());
        claims.string("aud", caller.as_str());
        claims.number("iat", now.seconds());
        claims.raw("token_introspection", &json);
        Self { json, signed_claims: claims.finish(), is_active }
    }

    /// The JSON body, to be sent with [`crate::token::NO_STORE`].
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// The claims to sign as `JwtType::Introspection`, where [`wants_signed`]; send it as
    /// `application/token-introspection+jwt`.
    #[must_use]
    pub fn signed_claims(&self) -> &str {
        &self.signed_claims
    }

    /// Whether the token counts.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        self.is_active
    }
}
