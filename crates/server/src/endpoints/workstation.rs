//! Marking a browser as one that several people share. An operator makes a link (`lockgate workstation link`); whoever opens it in a browser
//! within the hour marks that browser. The mark only takes away, so nobody gains by one (docs/decisions).

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use signin::limits::WORKSTATION_MARK_SECONDS;
use web::WorkstationPage;

use super::ceremony::request::Ceremony;
use crate::{ambient, cookies::Cookie, problem::Problem, respond, state::App, visitor::Visitor};

/// `GET /shared-computer`: the link's token stays in the fragment, which browsers do not send.
pub(crate) async fn show(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let visitor = Visitor::of(&app, &headers, ambient::now());
    let html = WorkstationPage { site: &app.site, computer: visitor.computer() }.render();
    respond::page(&app, StatusCode::OK, WorkstationPage::KIND, html, None)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MarkRequest {
    token: String,
}

/// `POST /api/workstation`
pub(crate) async fn mark(State(app): State<Arc<App>>, mut request: Ceremony<MarkRequest>) -> Result<Response, Problem> {
    let token = model::Secret::new(std::mem::take(&mut request.body.token));
    let mark = signin::workstation_mark(&app.hashes.signin, token.expose(), request.now, &mut request.entropy);
    let Some(mark) = mark else {
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "workstation_link",
            "This link doesn't work any more",
            "Links for shared computers work for one hour. Ask for a new one.",
        ));
    };
    let cookie = app.cookies.set(Cookie::Workstation, &mark, Some(WORKSTATION_MARK_SECONDS));
    Ok(respond::with_cookie(Json(json!({ "shared": true })).into_response(), cookie))
}
