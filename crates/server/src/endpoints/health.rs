//! Liveness and readiness.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::state::App;

/// The process answers.
pub(crate) async fn live() -> Response {
    answer(StatusCode::OK, r#"{"status":"live"}"#)
}

/// Everything that a sign-in needs works; otherwise says which part does not.
pub(crate) async fn ready(State(app): State<Arc<App>>) -> Response {
    let health = app.store.health();
    if health.writable {
        answer(StatusCode::OK, r#"{"status":"ready","parts":{"store":"writable"}}"#)
    } else {
        answer(StatusCode::SERVICE_UNAVAILABLE, r#"{"status":"not_ready","parts":{"store":"not_writable"}}"#)
    }
}

fn answer(status: StatusCode, body: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], body).into_response()
}
