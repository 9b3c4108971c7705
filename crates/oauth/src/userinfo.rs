//! Userinfo (OpenID Connect Core §5.3): the subject, to whoever holds a live access token that is meant for us.
//!
//! The answer holds `sub` and nothing else: profile values are not kept here.

use crypto::from_b64u_exact;
use model::{FamilyId, Person, Timestamp};
use serde::Deserialize;

use crate::{
    Client, ClientStatus, FamilyState, Issuer, RefreshFamily, ScopeSet, TokenKeys, answer::JsonObject, scope::OPENID,
    subject::subject,
};

/// Longest Authorization header read, in bytes.
const HEADER_BYTES_MAX: usize = 8 * 1024 + 16;

/// Why userinfo does not answer. The whole answer is a status and one header (RFC 6750 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UserinfoRefusal {
    /// No bearer token in the Authorization header. A token in the query or the body counts as none.
    #[error("no bearer token in the authorization header")]
    NoCredentials,
    /// The header can't be read.
    #[error("an authorization header that is too long or has more than one part after the scheme")]
    HeaderBroken,
    /// Not an access token that we signed.
    #[error("not an access token that was signed here")]
    TokenInvalid,
    /// Past its time, or before it.
    #[error("an expired access token")]
    TokenExpired,
    /// Another issuer's, or meant for another audience.
    #[error("an access token for somebody else")]
    TokenForOthers,
    /// The grant behind it was ended.
    #[error("an access token of a grant that has ended")]
    GrantEnded,
    /// The person or the client may not be used any more.
    #[error("an access token of a person or a client that is disabled")]
    Disabled,
    /// It lacks `openid`.
    #[error("an access token without the scope openid")]
    ScopeMissing,
}

impl UserinfoRefusal {
    /// HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::NoCredentials
            | Self::TokenInvalid
            | Self::TokenExpired
            | Self::TokenForOthers
            | Self::GrantEnded
            | Self::Disabled => 401,
            Self::ScopeMissing => 403,
            Self::HeaderBroken => 400,
        }
    }

    /// `WWW-Authenticate` (draft-ietf-oauth-v2-1-16 §5.3.1). Without credentials it names no error.
    #[must_use]
    pub const fn www_authenticate(self) -> &'static str {
        match self {
            Self::NoCredentials => "Bearer",
            Self::HeaderBroken => "Bearer error=\"invalid_request\", error_description=\"send one bearer token\"",
            // One text for all of these: the reason is for the operator.
            Self::TokenInvalid | Self::TokenExpired | Self::TokenForOthers | Self::GrantEnded | Self::Disabled => {
                "Bearer error=\"invalid_token\", error_description=\"the access token is expired, revoked or not meant for this endpoint\""
            }
            Self::ScopeMissing => {
                "Bearer error=\"insufficient_scope\", error_description=\"the access token lacks openid\", scope=\"openid\""
            }
        }
    }
}

/// The token in an Authorization header. The query and the body are never read for one (draft-ietf-oauth-v2-1-16 §5.1).
///
/// # Errors
/// When there is none, or the header can't be read.
pub fn bearer(authorization: Option<&str>) -> Result<&str, UserinfoRefusal> {
    let header = authorization.ok_or(UserinfoRefusal::NoCredentials)?;
    if header.len() > HEADER_BYTES_MAX {
        return Err(UserinfoRefusal::HeaderBroken);
    }
    let Some((scheme, token)) = header.split_once(' ') else { return Err(UserinfoRefusal::NoCredentials) };
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(UserinfoRefusal::NoCredentials);
    }
    let token = token.trim_matches(' ');
    if token.is_empty() || token.contains([' ', ',']) {
        return Err(UserinfoRefusal::HeaderBroken);
    }
    Ok(token)
}

#[derive(Deserialize)]
struct Wire<'a> {
    iss: std::borrow::Cow<'a, str>,
    sub: String,
    aud: std::borrow::Cow<'a, str>,
    client_id: String,
    scope: String,
    iat: i64,
    exp: i64,
    fam: std::borrow::Cow<'a, str>,
}

/// What an access token says, once its signature and type are verified. Worth keeping in a cache until it expires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessTokenFacts {
    issuer: String,
    subject: String,
    audience: String,
    client_id: String,
    scope: ScopeSet,
    issued_seconds: i64,
    expires_seconds: i64,
    family: FamilyId,
}

impl AccessTokenFacts {
    /// Reads the claims that `KeySet::verify_jwt` returned for an access token.
    ///
    /// # Errors
    /// When they are not the claims of an access token of ours.
    pub fn parse(claims: &[u8]) -> Result<Self, UserinfoRefusal> {
        let wire: Wire<'_> = serde_json::from_slice(claims).map_err(|_| UserinfoRefusal::TokenInvalid)?;
        Ok(Self {
            issuer: wire.iss.into_owned(),
            subject: wire.sub,
            audience: wire.aud.into_owned(),
            client_id: wire.client_id,
            scope: ScopeSet::parse(&wire.scope).map_err(|_| UserinfoRefusal::TokenInvalid)?,
            issued_seconds: wire.iat,
            expires_seconds: wire.exp,
            family: FamilyId::from_bytes(from_b64u_exact(&wire.fam).map_err(|_| UserinfoRefusal::TokenInvalid)?),
        })
    }

    /// The family to load.
    #[must_use]
    pub const fn family(&self) -> FamilyId {
        self.family
    }

    /// The client to load.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// When a cache must forget it.
    #[must_use]
    pub const fn expires(&self) -> Timestamp {
        Timestamp::from_seconds(self.expires_seconds)
    }
}

/// Facts that the shell loaded for one userinfo request.
#[derive(Debug, Clone, Copy)]
pub struct UserinfoFacts<'a> {
    /// Who we are.
    pub issuer: &'a Issuer,
    /// The keyed hashes.
    pub keys: &'a TokenKeys,
    /// The token's family, as it stands now.
    pub family: Option<&'a RefreshFamily>,
    /// The token's client.
    pub client: Option<&'a Client>,
    /// The family's person.
    pub person: Option<&'a Person>,
}

/// Decides one userinfo request; the answer is the JSON body. Nothing changes and nothing is recorded.
///
/// # Errors
/// Why it is refused.
pub fn check(token: &AccessTokenFacts, facts: &UserinfoFacts<'_>, now: Timestamp) -> Result<String, UserinfoRefusal> {
    // 1. RFC 9068 §4: our issuer, and meant for us. A token for another resource server is none of ours (OAuth 2.1 §5.2).
    if token.issuer != facts.issuer.url() || token.audience != facts.issuer.url() {
        return Err(UserinfoRefusal::TokenForOthers);
    }
    // 2. Its time. Both ends are ours, so there is no skew to allow for.
    if now >= Timestamp::from_seconds(token.expires_seconds) || now < Timestamp::from_seconds(token.issued_seconds) {
        return Err(UserinfoRefusal::TokenExpired);
    }
    // 3. The grant as it stands now: a revocation counts at once, not when the token expires.
    let family = facts.family.filter(|family| family.id == token.family).ok_or(UserinfoRefusal::GrantEnded)?;
    if family.state != FamilyState::Live || now >= family.expires || family.client.as_str() != token.client_id {
        return Err(UserinfoRefusal::GrantEnded);
    }
    // 4. The client and the person as they stand now.
    let client = facts
        .client
        .filter(|client| client.id == family.client && client.status == ClientStatus::Active)
        .ok_or(UserinfoRefusal::Disabled)?;
    let person = facts
        .person
        .filter(|person| person.id == family.person && person.may_sign_in(now))
        .ok_or(UserinfoRefusal::Disabled)?;
    // 5. OpenID Connect Core §5.3.
    if !token.scope.contains(OPENID) {
        return Err(UserinfoRefusal::ScopeMissing);
    }
    // 6. §5.3.2: the same subject as in the ID token. Computed anew; a token whose subject differs is from another configuration.
    let subject = subject(client, person.id, facts.keys);
    if subject != token.subject {
        return Err(UserinfoRefusal::TokenInvalid);
    }
    let mut json = JsonObject::with_capacity(64);
    json.string("sub", &subject);
    Ok(json.finish())
}
