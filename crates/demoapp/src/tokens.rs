//! The token endpoint and userinfo, as a client sees them.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    app::App,
    id_token::{self, CheckedClaims, Expected, TokenFault},
    outbound::CallFault,
    provider::ProviderFault,
    query,
    visits::{Private, SignedIn},
};

/// The tokens held for one visitor. Pages show when they came and when they end, never what they are.
pub(crate) struct Tokens {
    pub(crate) access: Private,
    pub(crate) access_expires: i64,
    pub(crate) refresh: Option<Private>,
    /// The server has refused that refresh token; it stays so.
    pub(crate) refresh_refused: bool,
    pub(crate) received: i64,
}

/// An answer that granted something.
pub(crate) struct Granted {
    pub(crate) tokens: Tokens,
    pub(crate) id_token: Option<String>,
    pub(crate) scope: Option<String>,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    token_type: String,
    expires_in: Option<i64>,
    refresh_token: Option<String>,
    id_token: Option<String>,
    scope: Option<String>,
}

#[derive(Deserialize)]
struct ErrorAnswer {
    error: String,
}

/// Redeems a code (RFC 6749 §4.1.3, RFC 7636 §4.5).
pub(crate) async fn redeem(app: &App, code: &Private, verifier: &Private, now: i64) -> Result<Granted, GrantFault> {
    let redirect_uri = app.settings.config.redirect_uri.as_str();
    let pairs = [
        ("grant_type", "authorization_code"),
        ("code", code.0.as_str()),
        ("redirect_uri", redirect_uri),
        ("code_verifier", verifier.0.as_str()),
    ];
    request(app, &pairs, now).await
}

/// Exchanges a refresh token (RFC 6749 §6).
pub(crate) async fn refresh(app: &App, token: &Private, now: i64) -> Result<Granted, GrantFault> {
    request(app, &[("grant_type", "refresh_token"), ("refresh_token", token.0.as_str())], now).await
}

/// Refreshes what `signed_in` holds: new tokens, and the same person in the ID token when one came along.
pub(crate) async fn refresh_visit(app: &App, signed_in: &mut SignedIn, now: i64) -> Result<(), GrantFault> {
    let token = signed_in.tokens.refresh.clone().ok_or(GrantFault::NoRefreshToken)?;
    let refreshed = refresh(app, &token, now).await;
    if matches!(&refreshed, Err(GrantFault::Refused { error, .. }) if error == "invalid_grant") {
        signed_in.tokens.refresh_refused = true;
    }
    let mut granted = refreshed?;
    if let Some(text) = &granted.id_token {
        // OpenID Connect Core §12.2: the person must not change behind a refresh.
        let subject = signed_in.claims.subject().to_owned();
        signed_in.claims = checked(app, text, None, Some(&subject), now).await?;
    }
    // A server that does not rotate sends no new refresh token; the old one goes on.
    granted.tokens.refresh = granted.tokens.refresh.or(Some(token));
    signed_in.tokens = granted.tokens;
    signed_in.refreshes = signed_in.refreshes.saturating_add(1);
    Ok(())
}

/// Checks an ID token against the issuer's published keys.
pub(crate) async fn checked(
    app: &App,
    token: &str,
    nonce: Option<&str>,
    subject: Option<&str>,
    now: i64,
) -> Result<CheckedClaims, GrantFault> {
    let kid = id_token::key_id(token).map_err(GrantFault::IdToken)?;
    let key = app.provider.key(&app.outbound, &kid, now).await.map_err(GrantFault::Provider)?;
    let config = &app.settings.config;
    let expected = Expected { issuer: &config.issuer, client_id: &config.client_id, nonce, subject, now };
    id_token::check(token, &key, &expected).map_err(GrantFault::IdToken)
}

/// Asks userinfo; the subject must be the ID token's (OpenID Connect Core §5.3.2).
pub(crate) async fn userinfo(app: &App, access: &Private, subject: &str) -> Result<Map<String, Value>, GrantFault> {
    let endpoints = app.provider.endpoints(&app.outbound).await.map_err(GrantFault::Provider)?;
    let bearer = format!("Bearer {}", access.0);
    let answer = app.outbound.get(&endpoints.userinfo_endpoint, Some(&bearer)).await.map_err(GrantFault::Call)?;
    if !answer.status.is_success() {
        return Err(GrantFault::Refused { status: answer.status.as_u16(), error: userinfo_error(&answer.headers) });
    }
    let claims: Map<String, Value> = serde_json::from_slice(&answer.body).map_err(|_| GrantFault::Unreadable)?;
    if claims.get("sub").and_then(Value::as_str) != Some(subject) {
        return Err(GrantFault::IdToken(TokenFault::Subject));
    }
    Ok(claims)
}

/// The error word of a `WWW-Authenticate: Bearer` challenge (RFC 6750 §3).
fn userinfo_error(headers: &http::HeaderMap) -> String {
    let challenge =
        headers.get(http::header::WWW_AUTHENTICATE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let word = challenge.split_once("error=\"").and_then(|(_, rest)| rest.split_once('"')).map(|(word, _)| word);
    error_word(word.unwrap_or("none given"))
}

async fn request(app: &App, pairs: &[(&str, &str)], now: i64) -> Result<Granted, GrantFault> {
    let endpoints = app.provider.endpoints(&app.outbound).await.map_err(GrantFault::Provider)?;
    let config = &app.settings.config;
    let mut form = query::write(pairs);
    let authorization = config.client_secret.as_ref().map(|secret| basic(&config.client_id, secret));
    if authorization.is_none() {
        form = format!("{form}&{}", query::write(&[("client_id", &config.client_id)]));
    }
    let answer = app
        .outbound
        .post_form(&endpoints.token_endpoint, authorization.as_deref(), form)
        .await
        .map_err(GrantFault::Call)?;
    if !answer.status.is_success() {
        let error = serde_json::from_slice::<ErrorAnswer>(&answer.body).map_or("none given".to_owned(), |e| e.error);
        return Err(GrantFault::Refused { status: answer.status.as_u16(), error: error_word(&error) });
    }
    let answer: TokenAnswer = serde_json::from_slice(&answer.body).map_err(|_| GrantFault::Unreadable)?;
    // RFC 6749 §7.1: a token type that we do not understand must not be used.
    if !answer.token_type.eq_ignore_ascii_case("bearer") {
        return Err(GrantFault::Unreadable);
    }
    let tokens = Tokens {
        access: Private(answer.access_token),
        access_expires: now.saturating_add(answer.expires_in.unwrap_or(0).clamp(0, 86_400)),
        refresh: answer.refresh_token.map(Private),
        refresh_refused: false,
        received: now,
    };
    Ok(Granted { tokens, id_token: answer.id_token, scope: answer.scope })
}

/// RFC 6749 §2.3.1: id and secret are form-encoded before they are joined and put into Basic.
fn basic(client_id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{}:{}", query::encode(client_id), query::encode(secret))))
}

/// Keeps an error word fit to show: short, and only the characters of RFC 6749 §5.2's own words.
fn error_word(word: &str) -> String {
    word.chars().filter(|c| c.is_ascii_lowercase() || matches!(c, '_' | ' ')).take(40).collect()
}

/// Why nothing was granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum GrantFault {
    Provider(ProviderFault),
    Call(CallFault),
    Refused { status: u16, error: String },
    Unreadable,
    NoIdToken,
    NoRefreshToken,
    IdToken(TokenFault),
}

impl fmt::Display for GrantFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Provider(fault) => fault.fmt(f),
            Self::Call(fault) => fault.fmt(f),
            Self::Refused { status, error } => write!(f, "the sign-in service refused with {error} (status {status})"),
            Self::Unreadable => f.write_str("the sign-in service's answer was not what the standard describes"),
            Self::NoIdToken => f.write_str("the sign-in service sent no ID token"),
            Self::NoRefreshToken => f.write_str("there is no refresh token to use"),
            Self::IdToken(fault) => fault.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_form_encoded_first() {
        let text = basic("a:b", "p%q r");
        let decoded = STANDARD.decode(text.strip_prefix("Basic ").unwrap()).unwrap();
        assert_eq!(decoded, b"a%3Ab:p%25q%20r");
    }

    #[test]
    fn an_error_word_cannot_carry_markup_or_length() {
        assert_eq!(error_word("invalid_grant"), "invalid_grant");
        assert_eq!(error_word("<b>x</b>"), "bxb");
        assert_eq!(error_word(&"x".repeat(500)).len(), 40);
    }
}
