//! Public documents, written once and served as bytes: discovery, keys, and the well-known files of passkeys.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use bytes::Bytes;

/// One document with its headers ready.
pub(crate) struct Document {
    body: Bytes,
    etag: HeaderValue,
    content_type: HeaderValue,
    cache_control: HeaderValue,
}

impl Document {
    /// A JSON document that caches may keep for `max_age_seconds`.
    pub(crate) fn json(body: String, max_age_seconds: u32) -> Self {
        let etag = format!("\"{}\"", &crypto::b64u(&crypto::sha256(body.as_bytes()))[..22]);
        Self {
            body: body.into(),
            etag: HeaderValue::try_from(etag).expect("base64url is visible ASCII"),
            content_type: HeaderValue::from_static("application/json"),
            cache_control: HeaderValue::try_from(format!("public, max-age={max_age_seconds}"))
                .expect("digits are visible ASCII"),
        }
    }

    /// The document, or 304 when the caller already holds it (RFC 9110 §13.1.2).
    pub(crate) fn answer(&self, request: &HeaderMap) -> Response<Body> {
        let held = request.get(header::IF_NONE_MATCH).is_some_and(|sent| sent == self.etag);
        let mut response = Response::new(if held { Body::empty() } else { Body::from(self.body.clone()) });
        if held {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, self.content_type.clone());
        headers.insert(header::CACHE_CONTROL, self.cache_control.clone());
        headers.insert(header::ETAG, self.etag.clone());
        // RFC 8414 §3 and RFC 10017: browser clients read these from anywhere; nothing in them is anybody's secret.
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response
    }
}

/// All of them.
pub(crate) struct Documents {
    pub(crate) discovery: Document,
    pub(crate) authorization_server: Document,
    pub(crate) jwks: Document,
    pub(crate) passkey_endpoints: Document,
    pub(crate) related_origins: Document,
}

/// `/.well-known/passkey-endpoints`: where a password manager sends people to enrol and to manage.
pub(crate) fn passkey_endpoints_json(issuer: &str) -> String {
    serde_json::json!({ "enroll": format!("{issuer}/account"), "manage": format!("{issuer}/account") }).to_string()
}

/// `/.well-known/webauthn`: origins that may use this RP ID besides its own (WebAuthn L3 §5.11).
pub(crate) fn related_origins_json(origins: &[String]) -> String {
    serde_json::json!({ "origins": origins }).to_string()
}
