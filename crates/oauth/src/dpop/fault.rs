//! Why a DPoP proof does not hold.

/// The algorithms that proofs may be signed with, for metadata and challenges (RFC 9449 §5.1, §7.1).
pub const DPOP_ALGS: [&str; 8] = ["ES256", "ES384", "ES512", "EdDSA", "Ed25519", "PS256", "PS384", "PS512"];

/// The rule that a proof breaks. `Display` is for the operator's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DpopFault {
    /// More than one header, or one that is no text.
    #[error("more than one dpop proof")]
    Several,
    /// It is not one well-formed JWT with a usable public key.
    #[error("a dpop proof that is not a well-formed JWT")]
    Malformed,
    /// `typ` is not `dpop+jwt`.
    #[error("a dpop proof of another type")]
    Typ,
    /// The algorithm is not among [`DPOP_ALGS`].
    #[error("a dpop proof with an algorithm that is not accepted")]
    Algorithm,
    /// There is no public key in the header.
    #[error("a dpop proof without its key")]
    KeyMissing,
    /// `jti`, `htm`, `htu` or `iat` is missing or unusable.
    #[error("a dpop proof that lacks a claim")]
    ClaimMissing,
    /// It is for another method.
    #[error("a dpop proof for another method")]
    Method,
    /// It is for another address.
    #[error("a dpop proof for another address")]
    Url,
    /// It is too old, or from the future.
    #[error("a dpop proof that is not fresh")]
    Time,
    /// It has no nonce, or not a current one of ours.
    #[error("a dpop proof without a current nonce")]
    Nonce,
    /// It is for another access token, or for none.
    #[error("a dpop proof for another access token")]
    Token,
    /// The signature is wrong.
    #[error("a dpop proof with a wrong signature")]
    Signature,
    /// It was used before.
    #[error("a dpop proof that was used before")]
    Replayed,
}

impl DpopFault {
    /// The error code for the client (RFC 9449 §5, §8).
    #[must_use]
    pub const fn code(self) -> &'static str {
        if self.wants_nonce() { "use_dpop_nonce" } else { "invalid_dpop_proof" }
    }

    /// Whether the client should try again with the nonce that the answer's `DPoP-Nonce` header carries.
    #[must_use]
    pub const fn wants_nonce(self) -> bool {
        match self {
            Self::Nonce => true,
            Self::Several
            | Self::Malformed
            | Self::Typ
            | Self::Algorithm
            | Self::KeyMissing
            | Self::ClaimMissing
            | Self::Method
            | Self::Url
            | Self::Time
            | Self::Token
            | Self::Signature
            | Self::Replayed => false,
        }
    }

    /// What the client is told.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::Nonce => "repeat the request with a proof that carries the nonce of this answer's DPoP-Nonce header",
            Self::Several => "send one DPoP header",
            Self::Malformed | Self::Typ | Self::Algorithm | Self::KeyMissing | Self::ClaimMissing => {
                "the DPoP proof must be a signed JWT of type dpop+jwt with jwk, jti, htm, htu and iat"
            }
            Self::Method | Self::Url => "htm and htu of the DPoP proof must name this request",
            Self::Time => "iat of the DPoP proof must be the present time",
            Self::Token => "ath of the DPoP proof must be the hash of the access token",
            Self::Signature => "the DPoP proof must be signed with the key in its header",
            Self::Replayed => "make a new DPoP proof for each request",
        }
    }

    /// The answer of the token endpoint, and of others that clients call by themselves: 400.
    #[must_use]
    pub fn answer(self) -> crate::ErrorAnswer {
        crate::ErrorAnswer::new(400, None, self.code(), self.description())
    }
}
