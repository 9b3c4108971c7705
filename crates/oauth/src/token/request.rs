//! A token request, taken apart once: its form, and how the client says who it is.

use std::borrow::Cow;

use base64::{Engine, prelude::BASE64_STANDARD};
use model::{FamilyId, Secret};

use super::TokenRefusal;
use crate::{
    TokenKeys,
    params::{Malformed, RawParams, decode},
    refresh_token::RefreshToken,
};

/// Longest Authorization header read, in bytes.
const HEADER_BYTES_MAX: usize = 2048;

/// A parsed token request. Nothing in it is believed yet.
#[derive(Debug)]
pub struct TokenRequest<'a> {
    pub(super) params: RawParams<'a>,
    header: Option<BasicCredentials>,
}

#[derive(Debug)]
struct BasicCredentials {
    client_id: String,
    secret: Secret<String>,
}

/// What a request presents, so that the shell knows what to load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presented {
    /// A code; load what stands under this hash.
    Code([u8; 32]),
    /// A refresh token that this installation made; load this family.
    Family(FamilyId),
    /// Nothing that could be loaded. [`super::handle`] says what is wrong.
    Nothing,
}

impl<'a> TokenRequest<'a> {
    /// Reads the body of a POST with the type `application/x-www-form-urlencoded`, and its Authorization header, if it has one.
    /// The request's own query is never read (draft-ietf-oauth-v2-1-16 §2.4.1: no secret in the URI).
    ///
    /// # Errors
    /// When body or header can't be read, or the client authenticates in two ways.
    pub fn parse(body: &'a [u8], authorization: Option<&str>) -> Result<Self, TokenRefusal> {
        let body = std::str::from_utf8(body).map_err(|_| TokenRefusal::Malformed(Malformed::NotUtf8))?;
        let params = RawParams::parse(body).map_err(TokenRefusal::Malformed)?;
        let header = authorization.map(basic).transpose()?;
        // draft-ietf-oauth-v2-1-16 §2.4: one method per request.
        if header.is_some() && params.one("client_secret") != Ok(None) {
            return Err(TokenRefusal::TwoMethods);
        }
        if let (Some(header), Some(id)) = (&header, params.value("client_id"))
            && header.client_id != id
        {
            return Err(TokenRefusal::TwoClients);
        }
        Ok(Self { params, header })
    }

    /// The client that the request names, for loading it. Alone it proves nothing (draft-ietf-oauth-v2-1-16 §2.2).
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        match &self.header {
            Some(header) => Some(&header.client_id),
            None => self.params.value("client_id"),
        }
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
            Some(_) | None => Presented::Nothing,
        }
    }

    /// The secret, from wherever it came.
    pub(super) fn secret(&self) -> Option<&str> {
        match &self.header {
            Some(header) => Some(header.secret.expose()),
            None => self.params.value("client_secret"),
        }
    }
}

/// RFC 7617 §2 around RFC 6749 §2.3.1: id and secret are form-encoded, joined by a colon, then base64.
fn basic(header: &str) -> Result<BasicCredentials, TokenRefusal> {
    let broken = TokenRefusal::HeaderBroken;
    if header.len() > HEADER_BYTES_MAX {
        return Err(broken);
    }
    let (scheme, token) = header.split_once(' ').ok_or(broken)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(broken);
    }
    let bytes = BASE64_STANDARD.decode(token.trim_matches(' ')).map_err(|_| broken)?;
    let pair = Secret::new(String::from_utf8(bytes).map_err(|_| broken)?);
    let (id, secret) = pair.expose().split_once(':').ok_or(broken)?;
    Ok(BasicCredentials {
        client_id: decode(id).map_err(|_| broken)?.into_owned(),
        secret: Secret::new(decode(secret).map(Cow::into_owned).map_err(|_| broken)?),
    })
}
