//! My account: what the person holds, who can act for them, who has seen their data; and the changes that they make to it.
//!
//! Start reading at [`owner`], the guard of every page here; then [`password`], the longest of the ways to change something. After an act
//! the browser is sent on (303), so that reloading a page never repeats it.

pub(crate) mod applications;
pub(crate) mod authenticator_app;
pub(crate) mod data;
pub(crate) mod overview;
mod owner;
pub(crate) mod passkeys;
pub(crate) mod password;
pub(crate) mod recovery_codes;
pub(crate) mod sessions;
mod settle;
pub(crate) mod ways;

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use model::Session;
use signin::Refusal;
use store::ChangeSet;
use web::{ErrorKind, SignedOutPage};

use super::ceremony::enrol::display_name;
use crate::{ambient, commit::commit, cookies::Cookie, guard, respond, state::App, visitor::Visitor};

/// `POST /sign-out`: an ordinary form post from one of our own pages.
pub(crate) async fn sign_out(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    if !guard::same_origin(&headers, &app.settings.issuer) {
        return respond::error(&app, StatusCode::FORBIDDEN, ErrorKind::CrossOrigin, "");
    }
    let now = ambient::now();
    if let Some(session) = Visitor::session(&app, &headers, now) {
        let outcome = signin::sign_out(&session, now);
        if commit(&app, ChangeSet::new(now, outcome.changes, outcome.audit)).await.is_err() {
            return respond::error(&app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "");
        }
    }
    // A page of its own, so that reloading it does not post again.
    respond::with_cookie(respond::see_other("/signed-out"), app.cookies.clear(Cookie::Session))
}

/// `GET /signed-out`
pub(crate) async fn signed_out(State(app): State<Arc<App>>) -> Response {
    let html = SignedOutPage { site: &app.site }.render();
    respond::page(&app, StatusCode::OK, SignedOutPage::KIND, html, None)
}

/// The name by which pages greet the session's person.
pub(crate) fn greeting(app: &App, session: &Session) -> Result<String, Refusal> {
    display_name(app, session.authentication.person)
}
