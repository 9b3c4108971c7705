//! An authorization code, as the shell keeps it for at most a minute.

use model::{Authentication, ClientId, FamilyId, PersonId, SessionId, Timestamp};

use crate::{GrantDetails, ScopeSet};

/// Life of a code, in seconds. draft-ietf-oauth-v2-1-16 §4.1.2 recommends at most ten minutes; FAPI 2.0 wants 60 seconds.
pub const CODE_SECONDS: i64 = 60;

/// Everything that an issued code stands for. Kept in memory under the code's keyed hash; nothing of it can be read from the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRecord {
    /// The only client that may redeem it.
    pub client: ClientId,
    /// `redirect_uri` exactly as the authorization request sent it, if it did.
    pub redirect_uri: Option<String>,
    /// The PKCE challenge: SHA-256 of the verifier (RFC 7636 §4.2). None only where a dated exception let a confidential OpenID
    /// client send a `nonce` in its place.
    pub challenge: Option<[u8; 32]>,
    /// The DPoP key that alone may redeem it (RFC 9449 §10).
    pub dpop_jkt: Option<[u8; 32]>,
    /// `nonce` of the request, for the ID token.
    pub nonce: Option<String>,
    /// What was granted.
    pub scope: ScopeSet,
    /// Everything else that was granted.
    pub details: GrantDetails,
    /// The `acr` to tell, where it is not the strength's own word.
    pub acr: Option<String>,
    /// By whom.
    pub person: PersonId,
    /// In which session.
    pub session: SessionId,
    /// How that person had signed in.
    pub authentication: Authentication,
    /// When it was issued.
    pub issued: Timestamp,
    /// When it dies, redeemed or not.
    pub expires: Timestamp,
}

/// What is kept of a code once it is redeemed: what tells a valid replay from a guess (the checks before `code_unspent`), and no more. Far
/// smaller than the record, because the codes of the last minute are all in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpentCode {
    client: ClientId,
    redirect_uri: Option<Box<str>>,
    challenge: Option<[u8; 32]>,
    seldom: Option<Box<Seldom>>,
    session: SessionId,
    authentication: Authentication,
    issued: Timestamp,
    expires: Timestamp,
    family: Option<FamilyId>,
}

/// What few codes have.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seldom {
    dpop_jkt: Option<[u8; 32]>,
    resources: Vec<String>,
}

impl SpentCode {
    /// What is kept of this code, which became `family`.
    #[must_use]
    pub fn of(record: &CodeRecord, family: Option<FamilyId>) -> Self {
        let resources = &record.details.resources;
        let seldom = (record.dpop_jkt.is_some() || !resources.is_empty())
            .then(|| Box::new(Seldom { dpop_jkt: record.dpop_jkt, resources: resources.clone() }));
        Self {
            client: record.client.clone(),
            redirect_uri: record.redirect_uri.as_deref().map(Into::into),
            challenge: record.challenge,
            seldom,
            session: record.session,
            authentication: record.authentication.clone(),
            issued: record.issued,
            expires: record.expires,
            family,
        }
    }

    /// The family that it became, if it led to one.
    #[must_use]
    pub const fn family(&self) -> Option<FamilyId> {
        self.family
    }

    /// The record for [`CodeFact::Spent`]: what was granted with it is gone, but for the resources that a redemption may name.
    #[must_use]
    pub fn record(&self) -> CodeRecord {
        let seldom = self.seldom.as_deref();
        CodeRecord {
            client: self.client.clone(),
            redirect_uri: self.redirect_uri.as_deref().map(str::to_owned),
            challenge: self.challenge,
            dpop_jkt: seldom.and_then(|seldom| seldom.dpop_jkt),
            nonce: None,
            scope: ScopeSet::empty(),
            details: GrantDetails {
                resources: seldom.map(|seldom| seldom.resources.clone()).unwrap_or_default(),
                ..GrantDetails::default()
            },
            acr: None,
            person: self.authentication.person,
            session: self.session,
            authentication: self.authentication.clone(),
            issued: self.issued,
            expires: self.expires,
        }
    }
}

/// What the shell found under a code's hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeFact<'a> {
    /// Not redeemed yet.
    Live(&'a CodeRecord),
    /// Redeemed, and kept until it would have expired so that a replay is recognised.
    Spent {
        /// What it stood for, or what [`SpentCode`] kept of that.
        record: &'a CodeRecord,
        /// The family that it became.
        family: Option<FamilyId>,
    },
    /// Never issued, expired and forgotten, or lost with a restart.
    Unknown,
}
