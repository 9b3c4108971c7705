//! A granted token request, still unsigned.

use crypto::JwtType;
use model::{FamilyId, Secret};

use crate::{Confirmation, ScopeSet, answer::JsonObject};

/// Headers of every answer of the token endpoint, errors included (draft-ietf-oauth-v2-1-16 §3.2.3).
pub const NO_STORE: [(&str, &str); 2] = [("cache-control", "no-store"), ("pragma", "no-cache")];

/// The tokens to sign and send, once the changes are durable.
#[derive(Clone)]
pub struct TokenReply {
    pub(crate) access_claims: String,
    pub(crate) id_claims: Option<String>,
    pub(crate) refresh_token: Option<Secret<String>>,
    pub(crate) scope: ScopeSet,
    pub(crate) expires_in: i64,
    pub(crate) family: Option<FamilyId>,
    pub(crate) confirmation: Option<Confirmation>,
    pub(crate) authorization_details: Option<String>,
    /// RFC 8693 §2.2.1: told by token exchange only.
    pub(crate) issued_token_type: Option<&'static str>,
}

crate::quiet::quiet! { TokenReply }

impl TokenReply {
    /// The family that these tokens belong to; none where a client acts for itself. For a code: keep it beside the spent code.
    #[must_use]
    pub const fn family(&self) -> Option<FamilyId> {
        self.family
    }

    /// Claims of the access token (RFC 9068 §2.2), as JSON.
    #[must_use]
    pub fn access_claims(&self) -> &str {
        &self.access_claims
    }

    /// Claims of the ID token, where `openid` was granted with a code.
    #[must_use]
    pub fn id_claims(&self) -> Option<&str> {
        self.id_claims.as_deref()
    }

    /// The refresh token, where the client may use one.
    #[must_use]
    pub const fn refresh_token(&self) -> Option<&Secret<String>> {
        self.refresh_token.as_ref()
    }

    /// What was granted.
    #[must_use]
    pub const fn scope(&self) -> &ScopeSet {
        &self.scope
    }

    /// How the access token must be presented: `DPoP` when it is bound to a DPoP key (RFC 9449 §5). One that is bound to a
    /// certificate still travels as `Bearer` (RFC 8705 §3).
    #[must_use]
    pub const fn token_type(&self) -> &'static str {
        match self.confirmation {
            Some(Confirmation::Jkt(_)) => "DPoP",
            Some(Confirmation::X5t(_)) | None => "Bearer",
        }
    }

    /// The JSON answer. `sign` makes a JWT of the given type from claims; it is called once or twice. The text holds the tokens.
    #[must_use]
    pub fn render(&self, mut sign: impl FnMut(JwtType, &str) -> String) -> String {
        let access = sign(JwtType::AccessToken, &self.access_claims);
        let id = self.id_claims.as_deref().map(|claims| sign(JwtType::IdToken, claims));
        let mut json = JsonObject::with_capacity(
            320 + access.len() + id.as_ref().map_or(0, String::len) + self.scope.as_str().len(),
        );
        json.string("access_token", &access);
        json.string("token_type", self.token_type());
        json.number("expires_in", self.expires_in);
        if let Some(token) = &self.refresh_token {
            json.string("refresh_token", token.expose());
        }
        // draft-ietf-oauth-v2-1-16 §3.2.3: needed when it differs from the request, allowed always.
        json.string("scope", self.scope.as_str());
        // RFC 9396 §7: what was granted, which may be less than what was asked for.
        if let Some(details) = &self.authorization_details {
            json.raw("authorization_details", details);
        }
        if let Some(kind) = self.issued_token_type {
            json.string("issued_token_type", kind);
        }
        if let Some(id) = &id {
            json.string("id_token", id);
        }
        json.finish()
    }
}
