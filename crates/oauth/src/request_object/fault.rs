//! Why a request object is refused.

use crypto::{
    json::{BadClaim, BadJson},
    jws::BadJws,
};

/// The rule that a request object breaks. For the caller too: whoever signed it needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestObjectFault {
    /// It is no signed message that we read: encrypted, too long, malformed.
    #[error("the request object can not be read as a signed message")]
    Unreadable(BadJws),
    /// It is not signed, or in a way that we don't verify.
    #[error("the request object must be signed with an asymmetric algorithm that is supported here")]
    Algorithm,
    /// Its `typ` belongs to another kind of token.
    #[error("the request object's typ must be oauth-authz-req+jwt, JWT or absent")]
    Type,
    /// None of the client's keys fits, fetched anew where they are published.
    #[error("no key of this client fits the request object")]
    KeyUnknown,
    /// A key fits and did not sign this.
    #[error("the signature of the request object does not verify")]
    Signature,
    /// What it signs is no claims set.
    #[error("the claims of the request object can not be read, or one of them is there twice")]
    Claims(BadJson),
    /// A claim has the wrong type.
    #[error("the request object's {0} is missing or malformed")]
    Claim(&'static str),
    /// It carries another request.
    #[error("a request object may not hold request or request_uri")]
    Nested,
    /// `client_id` inside is not the one outside.
    #[error("client_id in the request object must be the client_id of the request")]
    OtherClient,
    /// `iss` is not the client.
    #[error("iss in the request object must be the client_id")]
    Issuer,
    /// `aud` does not hold our issuer.
    #[error("aud in the request object must hold the issuer of this server")]
    Audience,
    /// `sub` is the client: a client assertion, or something that could pass for one.
    #[error("a request object may not have the client as its sub")]
    Subject,
    /// `exp` or `nbf` is missing where the client must send both.
    #[error("this client must send exp and nbf in its request objects")]
    TimesMissing,
    /// It is past its `exp`.
    #[error("the request object is expired")]
    Expired,
    /// Its `nbf` is in the future, or more than an hour ago.
    #[error("nbf in the request object must not be in the future, nor more than 60 minutes ago")]
    NotBefore,
    /// It lives for more than an hour.
    #[error("exp in the request object must be at most 60 minutes after nbf")]
    LivesTooLong,
    /// Its parameters are too many or too long.
    #[error("the parameters in the request object are too long")]
    TooLong,
}

impl From<BadClaim> for RequestObjectFault {
    fn from(bad: BadClaim) -> Self {
        Self::Claim(bad.0)
    }
}
