//! Addresses and methods that don't exist.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use web::ErrorKind;

use super::account;
use crate::{ambient, respond, state::App, visitor::Visitor};

/// 404.
pub(crate) async fn not_found(State(app): State<Arc<App>>) -> Response {
    respond::error(&app, StatusCode::NOT_FOUND, ErrorKind::NotFound, "")
}

/// 405; the framework adds `Allow`.
pub(crate) async fn method_not_allowed(State(app): State<Arc<App>>) -> Response {
    respond::error(&app, StatusCode::METHOD_NOT_ALLOWED, ErrorKind::MethodNotAllowed, "")
}

/// `GET /`: sends on, unless a sign-out has led here.
pub(crate) async fn home(State(app): State<Arc<App>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let leaving = query.as_deref() == Some(account::SIGNED_OUT);
    if leaving && Visitor::session(&app, &headers, ambient::now()).is_none() {
        return account::signed_out(&app);
    }
    respond::see_other(if app.settings.demo.is_some() { "/tour" } else { "/account" }).into_response()
}
