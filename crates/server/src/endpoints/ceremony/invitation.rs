//! The answer to an invitation that was followed: the journey goes on once the passkey is there.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use signin::Refusal;

use super::{
    refused,
    request::{Ceremony, advance, journey},
    sign_in::{next, unavailable},
};
use crate::{problem::Problem, state::App};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MetRequest {
    journey: String,
}

/// `POST /api/ceremony/invitation/met`
pub(crate) async fn met(State(app): State<Arc<App>>, request: Ceremony<MetRequest>) -> Result<Response, Problem> {
    let browser = request.browser()?;
    let went_on = (|| {
        let underway = journey(&app, &request.body.journey, request.now)?;
        let session = request.visitor.session.as_deref().ok_or(Refusal::SessionEnded)?;
        let passkeys = app.store.passkeys_of(session.authentication.person).map_err(unavailable)?;
        let finished = signin::invitation_met(&underway.journey, &browser, Some(session), &passkeys, request.now)?;
        advance(&app, &underway, finished, request.now)?;
        Ok(next(&underway))
    })();
    let next = went_on.map_err(|refusal| refused(&refusal))?;
    Ok(Json(json!({ "next": next })).into_response())
}
