//! What an access token of ours says when it comes back: to userinfo, introspection, revocation.

use std::borrow::Cow;

use crypto::from_b64u_exact;
use model::{FamilyId, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{Confirmation, ScopeSet};

/// The claims are not those of an access token of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the claims of an access token that was issued here")]
pub struct NotAnAccessToken;

#[derive(Deserialize)]
struct Wire<'a> {
    iss: Cow<'a, str>,
    sub: String,
    aud: OneOrMore,
    client_id: String,
    scope: Cow<'a, str>,
    iat: i64,
    exp: i64,
    jti: Cow<'a, str>,
    fam: Option<Cow<'a, str>>,
    auth_time: Option<i64>,
    acr: Option<String>,
    cnf: Option<Confirmation>,
    #[serde(borrow)]
    authorization_details: Option<&'a RawValue>,
    #[serde(borrow)]
    act: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

/// What an access token says, once its signature and type are verified. Worth keeping in a cache until it expires; whether it still
/// counts is asked anew at each use.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessTokenFacts {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) audience: Vec<String>,
    pub(crate) client_id: String,
    pub(crate) scope: ScopeSet,
    pub(crate) issued: Timestamp,
    pub(crate) expires: Timestamp,
    pub(crate) jti: [u8; 16],
    pub(crate) family: Option<FamilyId>,
    pub(crate) auth_time: Option<i64>,
    pub(crate) acr: Option<String>,
    pub(crate) confirmation: Option<Confirmation>,
    pub(crate) authorization_details: Option<String>,
    pub(crate) actor: Option<String>,
}

crate::quiet::quiet! { AccessTokenFacts }

impl AccessTokenFacts {
    /// Reads the claims that `KeySet::verify_jwt` returned for an access token.
    ///
    /// # Errors
    /// When they are not the claims of an access token of ours.
    pub fn parse(claims: &[u8]) -> Result<Self, NotAnAccessToken> {
        let wire: Wire<'_> = serde_json::from_slice(claims).map_err(|_| NotAnAccessToken)?;
        let id = |text: &str| from_b64u_exact::<16>(text).map_err(|_| NotAnAccessToken);
        Ok(Self {
            issuer: wire.iss.into_owned(),
            subject: wire.sub,
            audience: match wire.aud {
                OneOrMore::One(audience) => vec![audience],
                OneOrMore::More(audience) => audience,
            },
            client_id: wire.client_id,
            scope: ScopeSet::parse(&wire.scope).map_err(|_| NotAnAccessToken)?,
            issued: Timestamp::from_seconds(wire.iat),
            expires: Timestamp::from_seconds(wire.exp),
            jti: id(&wire.jti)?,
            family: wire.fam.map(|fam| id(&fam)).transpose()?.map(FamilyId::from_bytes),
            auth_time: wire.auth_time,
            acr: wire.acr,
            confirmation: wire.cnf,
            authorization_details: wire.authorization_details.map(|raw| raw.get().to_owned()),
            actor: wire.act.map(|raw| raw.get().to_owned()),
        })
    }

    /// The family to load; none where the client acts for itself.
    #[must_use]
    pub const fn family(&self) -> Option<FamilyId> {
        self.family
    }

    /// The client to load.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Under which it may have been revoked by itself ([`crate::Change::RevokeToken`]).
    #[must_use]
    pub const fn jti(&self) -> [u8; 16] {
        self.jti
    }

    /// The key that must be shown with it.
    #[must_use]
    pub const fn confirmation(&self) -> Option<Confirmation> {
        self.confirmation
    }

    /// When a cache must forget it.
    #[must_use]
    pub const fn expires(&self) -> Timestamp {
        self.expires
    }

    /// Issued here, and in its time. Both ends are ours, so there is no skew to allow for.
    pub(crate) fn is_current(&self, issuer: &str, now: Timestamp) -> bool {
        self.issuer == issuer && self.issued <= now && now < self.expires
    }

    /// Whether it is meant for `audience` (RFC 9068 §4).
    pub(crate) fn is_for(&self, audience: &str) -> bool {
        self.audience.iter().any(|known| known == audience)
    }
}
