//! What a presented access token of ours says.

use crypto::from_b64u_exact;
use model::{FamilyId, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use crate::ScopeSet;

/// The claims are not those of an access token of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the claims of an access token that was issued here")]
pub struct BadPresentedToken;

/// What a presented access token says, once its signature and type are verified.
#[derive(Clone, PartialEq)]
pub struct PresentedToken {
    pub(super) issuer: String,
    pub(super) subject: String,
    pub(super) audience: Vec<String>,
    pub(super) client_id: String,
    pub(super) scope: ScopeSet,
    pub(super) issued: Timestamp,
    pub(super) expires: Timestamp,
    pub(super) family: Option<FamilyId>,
    pub(super) act: Option<Value>,
    pub(super) may_act: Option<Value>,
    pub(super) is_bound: bool,
    jti: Option<[u8; 16]>,
}

crate::quiet::quiet! { PresentedToken }

#[derive(Deserialize)]
struct Wire {
    iss: String,
    sub: String,
    aud: OneOrMore,
    client_id: String,
    #[serde(default)]
    scope: String,
    iat: i64,
    exp: i64,
    jti: Option<String>,
    fam: Option<String>,
    act: Option<Value>,
    may_act: Option<Value>,
    cnf: Option<Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl PresentedToken {
    /// Reads the claims that `KeySet::verify_jwt` returned for an access token.
    ///
    /// # Errors
    /// When they are not the claims of an access token of ours.
    pub fn parse(claims: &[u8]) -> Result<Self, BadPresentedToken> {
        let wire: Wire = serde_json::from_slice(claims).map_err(|_| BadPresentedToken)?;
        let bytes = |text: String| from_b64u_exact::<16>(&text).map_err(|_| BadPresentedToken);
        Ok(Self {
            issuer: wire.iss,
            subject: wire.sub,
            audience: match wire.aud {
                OneOrMore::One(audience) => vec![audience],
                OneOrMore::More(audience) => audience,
            },
            client_id: wire.client_id,
            scope: ScopeSet::parse(&wire.scope).map_err(|_| BadPresentedToken)?,
            issued: Timestamp::from_seconds(wire.iat),
            expires: Timestamp::from_seconds(wire.exp),
            family: wire.fam.map(bytes).transpose()?.map(FamilyId::from_bytes),
            act: wire.act,
            may_act: wire.may_act,
            is_bound: wire.cnf.is_some(),
            jti: wire.jti.map(bytes).transpose()?,
        })
    }

    /// The family to load, if the token belongs to one.
    #[must_use]
    pub const fn family(&self) -> Option<FamilyId> {
        self.family
    }

    /// The client that holds it. While it is disabled the token is worth nothing ([`super::TokenFact::Worthless`]).
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The id under which it may have been revoked by itself ([`crate::Change::RevokeToken`]).
    #[must_use]
    pub const fn jti(&self) -> Option<[u8; 16]> {
        self.jti
    }

    /// Issued here, and in time.
    pub(super) fn is_current(&self, issuer: &str, now: Timestamp) -> bool {
        self.issuer == issuer && self.issued <= now && now < self.expires
    }
}
