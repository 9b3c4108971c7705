//! What our tokens say.

use model::{Authentication, FamilyId, Timestamp};

use crate::{Confirmation, GrantDetails, answer::JsonObject};

/// For whom an access token is meant (RFC 9068 §2.2, RFC 8707 §2).
#[derive(Debug, Clone)]
pub(crate) enum Audience<'a> {
    /// One, which is told as a string.
    One(&'a str),
    /// Several, which are told as an array.
    Several(Vec<&'a str>),
}

/// Claims of an access token (RFC 9068 §2.2). Written straight into one buffer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AccessClaims<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) audience: &'a Audience<'a>,
    pub(crate) client_id: &'a str,
    pub(crate) scope: &'a str,
    pub(crate) token_id: &'a str,
    pub(crate) family: Option<FamilyId>,
    pub(crate) authentication: Option<&'a Authentication>,
    pub(crate) details: Option<&'a GrantDetails>,
    pub(crate) confirmation: Option<Confirmation>,
    pub(crate) issued: Timestamp,
    pub(crate) expires: Timestamp,
}

/// Claims of an ID token (OpenID Connect Core §2). No profile.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IdClaims<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) nonce: Option<&'a str>,
    pub(crate) sid: Option<&'a str>,
    pub(crate) acr: Option<&'a str>,
    pub(crate) authentication: &'a Authentication,
    pub(crate) issued: Timestamp,
    pub(crate) expires: Timestamp,
}

impl AccessClaims<'_> {
    pub(crate) fn to_json(self) -> String {
        let mut json = JsonObject::with_capacity(512);
        json.string("iss", self.issuer);
        json.string("sub", self.subject);
        match self.audience {
            Audience::One(audience) => json.string("aud", audience),
            Audience::Several(audiences) => json.strings("aud", audiences.iter().copied()),
        }
        json.string("client_id", self.client_id);
        json.string("scope", self.scope);
        json.number("iat", self.issued.seconds());
        json.number("exp", self.expires.seconds());
        json.string("jti", self.token_id);
        let acr = self.details.and_then(|details| details.acr.as_deref());
        if let Some(ceremony) = self.authentication {
            authentication(&mut json, ceremony, acr);
        }
        if let Some(details) = self.details {
            // RFC 9396 §9.1
            if let Some(authorization_details) = &details.authorization_details {
                json.raw("authorization_details", authorization_details);
            }
            // RFC 8693 §4.1
            if let Some(actor) = &details.actor {
                json.raw("act", actor);
            }
        }
        if let Some(confirmation) = self.confirmation {
            json.raw("cnf", &confirmation.to_json());
        }
        // Ours: the family to look up, so that a revocation is known at userinfo at once.
        if let Some(family) = self.family {
            json.string("fam", &crypto::b64u(family.as_bytes()));
        }
        json.finish()
    }
}

impl IdClaims<'_> {
    pub(crate) fn to_json(self) -> String {
        let mut json = JsonObject::with_capacity(448);
        json.string("iss", self.issuer);
        json.string("sub", self.subject);
        json.string("aud", self.client_id);
        json.number("iat", self.issued.seconds());
        json.number("exp", self.expires.seconds());
        if let Some(nonce) = self.nonce {
            json.string("nonce", nonce);
        }
        authentication(&mut json, self.authentication, self.acr);
        // OpenID Connect Back-Channel Logout 1.0 §2.1
        if let Some(sid) = self.sid {
            json.string("sid", sid);
        }
        json.finish()
    }
}

/// `auth_time`, `acr` and `amr`, from the ceremony behind the grant and never from the state of the account.
/// `acr` is the strength's own word, unless the request's rules chose another that is true as well.
fn authentication(json: &mut JsonObject, authentication: &Authentication, acr: Option<&str>) {
    json.number("auth_time", authentication.at.seconds());
    if let Some(acr) = acr.or(authentication.strength.acr()) {
        json.string("acr", acr);
    }
    json.strings("amr", authentication.amr.names());
}
