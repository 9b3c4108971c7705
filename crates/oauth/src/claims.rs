//! What our tokens say.

use model::{Authentication, FamilyId, Timestamp};

use crate::answer::JsonObject;

/// Claims of an access token (RFC 9068 §2.2). Written straight into one buffer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AccessClaims<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) audience: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) scope: &'a str,
    pub(crate) token_id: &'a str,
    pub(crate) family: FamilyId,
    pub(crate) authentication: &'a Authentication,
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
    pub(crate) authentication: &'a Authentication,
    pub(crate) issued: Timestamp,
    pub(crate) expires: Timestamp,
}

impl AccessClaims<'_> {
    pub(crate) fn to_json(self) -> String {
        let mut json = JsonObject::with_capacity(512);
        json.string("iss", self.issuer);
        json.string("sub", self.subject);
        json.string("aud", self.audience);
        json.string("client_id", self.client_id);
        json.string("scope", self.scope);
        json.number("iat", self.issued.seconds());
        json.number("exp", self.expires.seconds());
        json.string("jti", self.token_id);
        authentication(&mut json, self.authentication);
        // Ours: the family to look up, so that a revocation is known at userinfo at once.
        json.string("fam", &crypto::b64u(self.family.as_bytes()));
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
        authentication(&mut json, self.authentication);
        json.finish()
    }
}

/// `auth_time`, `acr` and `amr`, from the ceremony behind the grant and never from the state of the account.
fn authentication(json: &mut JsonObject, authentication: &Authentication) {
    json.number("auth_time", authentication.at.seconds());
    if let Some(acr) = authentication.strength.acr() {
        json.string("acr", acr);
    }
    json.strings("amr", authentication.amr.names());
}
