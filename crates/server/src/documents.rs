//! Public documents, written once and served as bytes: discovery, keys, and the well-known files of passkeys.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use bytes::Bytes;

use crate::{settings::Settings, settings_oauth::Certificates};

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

/// How long caches may keep them, in seconds.
const STATIC_SECONDS: u32 = 3600;

/// Those that don't change while the server runs. Those that speak of keys live with the keys.
pub(crate) struct Documents {
    pub(crate) passkey_endpoints: Document,
    pub(crate) related_origins: Document,
    pub(crate) protected_resource: Document,
    /// Where that one is (RFC 9728 §3.1).
    pub(crate) protected_resource_address: String,
}

impl Documents {
    pub(crate) fn new(settings: &Settings) -> Self {
        let document = |json| Document::json(json, STATIC_SECONDS);
        Self {
            passkey_endpoints: document(passkey_endpoints_json(&settings.issuer)),
            related_origins: document(related_origins_json(&settings.origins)),
            protected_resource: document(protected_resource_json(settings)),
            protected_resource_address: format!("{}/.well-known/oauth-protected-resource", settings.issuer),
        }
    }
}

/// `/.well-known/passkey-endpoints`: where a password manager sends people to enrol and to manage.
fn passkey_endpoints_json(issuer: &str) -> String {
    serde_json::json!({ "enroll": format!("{issuer}/account"), "manage": format!("{issuer}/account") }).to_string()
}

/// `/.well-known/webauthn`: origins that may use this RP ID besides its own (WebAuthn L3 §5.11).
fn related_origins_json(origins: &[String]) -> String {
    serde_json::json!({ "origins": origins }).to_string()
}

/// `/.well-known/oauth-protected-resource` (RFC 9728 §2): what a client must know to call userinfo, the one API of ours that opens with an
/// access token. Its tokens have the issuer's own address as their audience, so that is the resource's name.
fn protected_resource_json(settings: &Settings) -> String {
    serde_json::json!({
        "resource": settings.issuer,
        "authorization_servers": [settings.issuer],
        "jwks_uri": format!("{}/jwks.json", settings.issuer),
        "scopes_supported": ["openid"],
        // RFC 9728 §2: never in the query, never in the body.
        "bearer_methods_supported": ["header"],
        "resource_name": "Userinfo",
        "tls_client_certificate_bound_access_tokens": !matches!(settings.oauth.certificates, Certificates::None),
        "dpop_signing_alg_values_supported": oauth::dpop::DPOP_ALGS,
        "dpop_bound_access_tokens_required": false,
    })
    .to_string()
}
