//! A token request, taken apart once: its form, and how the client says who it is.

use model::FamilyId;

use super::TokenRefusal;
use crate::{
    TokenKeys,
    authentication::{Credentials, ShownCertificate},
    device::device_code_hash,
    params::{Malformed, RawParams},
    refresh_token::RefreshToken,
};

/// A token request. Nothing in it is believed yet.
#[derive(Debug)]
pub struct TokenRequest<'a> {
    pub(super) params: &'a RawParams<'a>,
    pub(super) credentials: Credentials<'a>,
}

/// What a request presents, so that the shell knows what to load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presented {
    /// A code; load what stands under this hash.
    Code([u8; 32]),
    /// A refresh token that this installation made; load this family.
    Family(FamilyId),
    /// A device code; load the grant under this hash, and what its approval names.
    Device([u8; 32]),
    /// Tokens to exchange: [`TokenRequest::subject_token`] and [`TokenRequest::actor_token`].
    Tokens,
    /// Nothing that could be loaded. [`super::handle`] says what is wrong.
    Nothing,
}

/// The parameters in the body of a POST with the type `application/x-www-form-urlencoded`.
///
/// # Errors
/// When it can't be read.
pub fn form(body: &[u8]) -> Result<RawParams<'_>, Malformed> {
    RawParams::parse(std::str::from_utf8(body).map_err(|_| Malformed::NotUtf8)?)
}

impl<'a> TokenRequest<'a> {
    /// Takes a form with the request's Authorization header and its connection's certificate, where they exist. The request's own
    /// query is never read (draft-ietf-oauth-v2-1-16 §2.4.1: no secret in the URI).
    ///
    /// # Errors
    /// When the client's credentials can't be read, or there are several.
    pub fn read(
        params: &'a RawParams<'a>,
        authorization: Option<&str>,
        certificate: Option<ShownCertificate<'a>>,
    ) -> Result<Self, TokenRefusal> {
        let credentials = Credentials::read(authorization, params, certificate).map_err(TokenRefusal::Client)?;
        Ok(Self { params, credentials })
    }

    /// The client that the request names, for loading it. Alone it proves nothing (draft-ietf-oauth-v2-1-16 §2.2).
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        self.credentials.client_id()
    }

    /// Under which the use of the request's assertion would stand in storage, if it has one.
    #[must_use]
    pub fn assertion_hash(&self, keys: &TokenKeys) -> Option<[u8; 32]> {
        self.credentials.assertion_hash(keys)
    }

    /// What to load. A refresh token that this installation did not make names nothing, so forgeries cost no look-up.
    #[must_use]
    pub fn presents(&self, keys: &TokenKeys) -> Presented {
        match self.params.value("grant_type") {
            Some("authorization_code") => match self.params.value("code") {
                Some(code) => Presented::Code(keys.code_hash(code)),
                None => Presented::Nothing,
            },
            Some("refresh_token") => {
                match self.params.value("refresh_token").map(|text| RefreshToken::parse(text, keys)) {
                    Some(Ok(token)) => Presented::Family(token.family()),
                    Some(Err(_)) | None => Presented::Nothing,
                }
            }
            Some(crate::device::GRANT_TYPE) => match self.params.value("device_code") {
                Some(code) => Presented::Device(device_code_hash(keys, code)),
                None => Presented::Nothing,
            },
            Some(crate::exchange::GRANT_TYPE) => Presented::Tokens,
            Some(_) | None => Presented::Nothing,
        }
    }

    /// The token to exchange (RFC 8693 §2.1); verify it like any access token before it becomes a fact.
    #[must_use]
    pub fn subject_token(&self) -> Option<&str> {
        self.params.value("subject_token")
    }

    /// The token of whoever acts (RFC 8693 §2.1).
    #[must_use]
    pub fn actor_token(&self) -> Option<&str> {
        self.params.value("actor_token")
    }
}
