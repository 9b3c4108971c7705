//! Serving the public documents.

use std::sync::Arc;

use axum::{body::Body, extract::State, http::HeaderMap, response::Response};

use crate::state::App;

/// OpenID Connect Discovery 1.0 §4.
pub(crate) async fn discovery(State(app): State<Arc<App>>, headers: HeaderMap) -> Response<Body> {
    app.keys.live().discovery.answer(&headers)
}

/// RFC 8414 §3.
pub(crate) async fn authorization_server(State(app): State<Arc<App>>, headers: HeaderMap) -> Response<Body> {
    app.keys.live().authorization_server.answer(&headers)
}

/// RFC 7517 §5.
pub(crate) async fn jwks(State(app): State<Arc<App>>, headers: HeaderMap) -> Response<Body> {
    app.keys.live().jwks.answer(&headers)
}

/// Passkey Endpoints (W3C Web Application Security Working Group).
pub(crate) async fn passkey_endpoints(State(app): State<Arc<App>>, headers: HeaderMap) -> Response<Body> {
    app.documents.passkey_endpoints.answer(&headers)
}

/// WebAuthn L3 §5.11.
pub(crate) async fn related_origins(State(app): State<Arc<App>>, headers: HeaderMap) -> Response<Body> {
    app.documents.related_origins.answer(&headers)
}

/// RFC 9728 §3.
pub(crate) async fn protected_resource(State(app): State<Arc<App>>, headers: HeaderMap) -> Response<Body> {
    app.documents.protected_resource.answer(&headers)
}
