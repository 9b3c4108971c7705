//! Answers that people see: pages with their security headers, redirects, error pages.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::RequestId;
use web::{ErrorKind, ErrorPage, PageKind};

use crate::{ambient, state::App};

/// A page with everything that must travel with it.
pub(crate) fn page(app: &App, status: StatusCode, kind: PageKind, html: String, form_action: Option<&str>) -> Response {
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    for (name, value) in web::security_headers(kind) {
        let name = HeaderName::try_from(*name).expect("the page room's header names are valid");
        headers.insert(name, HeaderValue::from_static(value));
    }
    let policy = web::content_security_policy(form_action);
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::try_from(policy).expect("the policy's sources were checked to be plain ASCII"),
    );
    if app.settings.issuer.starts_with("https://") {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

/// An error page that never redirects. `for_developers` is one line of our own words.
pub(crate) fn error(app: &App, status: StatusCode, kind: ErrorKind, for_developers: &str) -> Response {
    let request = RequestId::fresh(ambient::now(), &mut ambient::entropy());
    tracing::info!(%request, status = status.as_u16(), kind = ?kind, reason = for_developers, "request refused");
    let html = ErrorPage { site: &app.site, kind, for_developers: for_developers.to_owned(), request }.render();
    let mut response = page(app, status, ErrorPage::KIND, html, None);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
    response
}

/// The same answer, saying when trying again makes sense (RFC 9110 §10.2.3).
pub(crate) fn retry_after(mut response: Response, seconds: u32) -> Response {
    response.headers_mut().insert(header::RETRY_AFTER, seconds.max(1).into());
    response
}

/// 429: too many requests from this address block (RFC 6585 §4).
pub(crate) fn too_many(app: &App, seconds: u32) -> Response {
    retry_after(error(app, StatusCode::TOO_MANY_REQUESTS, ErrorKind::TooManyRequests, ""), seconds)
}

/// 303: the next request is a GET, whatever this one was (draft-ietf-oauth-v2-1-16 §7.5.3 forbids 307).
pub(crate) fn see_other(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (
            StatusCode::SEE_OTHER,
            [(header::LOCATION, location), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))],
        )
            .into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The same answer with one more cookie.
pub(crate) fn with_cookie(mut response: Response, cookie: HeaderValue) -> Response {
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}
