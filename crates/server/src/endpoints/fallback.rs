//! Addresses and methods that don't exist.

use std::sync::Arc;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use web::ErrorKind;

use crate::{respond, state::App};

/// 404.
pub(crate) async fn not_found(State(app): State<Arc<App>>) -> Response {
    respond::error(&app, StatusCode::NOT_FOUND, ErrorKind::NotFound, "")
}

/// 405; the framework adds `Allow`.
pub(crate) async fn method_not_allowed(State(app): State<Arc<App>>) -> Response {
    respond::error(&app, StatusCode::METHOD_NOT_ALLOWED, ErrorKind::MethodNotAllowed, "")
}

/// `GET /`
pub(crate) async fn home(State(app): State<Arc<App>>) -> Response {
    respond::see_other(if app.settings.demo.is_some() { "/tour" } else { "/account" }).into_response()
}
