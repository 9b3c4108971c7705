//! Renaming and removing passkeys, by the page's script.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use model::{PasskeyId, Session};
use serde::Deserialize;
use serde_json::json;
use signin::{AccountFacts, Label, LastPasskey, Refusal, Signal};
use store::PersonalKind;

use super::settle::settle;
use crate::{
    ambient,
    cookies::Cookie,
    endpoints::ceremony::{
        enrol::{fresh_proof_first, sealing_failed, take_place},
        refused,
        request::Ceremony,
        sign_in::unavailable,
        signal_json,
    },
    held::Held,
    problem::Problem,
    respond,
    state::App,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RenameRequest {
    label: String,
}

/// `POST /api/account/passkeys/{id}/rename`
pub(crate) async fn rename(
    State(app): State<Arc<App>>,
    path: Result<Path<String>, PathRejection>,
    request: Ceremony<RenameRequest>,
) -> Result<Response, Problem> {
    let session = request.visitor.session.as_deref().ok_or_else(|| refused(&Refusal::SessionEnded))?;
    let renamed = async {
        let label = Label::parse(&request.body.label)?;
        let owned = Owned::load(&app, session, path.ok())?;
        let mut entropy = ambient::entropy();
        let person = session.authentication.person;
        let sealed = app
            .store
            .seal_for(person, PersonalKind::PasskeyLabel, label.expose().as_bytes(), request.now, &mut entropy)
            .map_err(sealing_failed)?;
        settle(&app, signin::rename_passkey(&owned.facts(session), sealed, request.now), request.now).await?;
        Ok(label)
    };
    let label = renamed.await.map_err(|refusal| refused(&refusal))?;
    Ok(Json(json!({ "label": label.expose() })).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RemoveRequest {
    #[serde(default)]
    confirm_last: bool,
}

/// `POST /api/account/passkeys/{id}/remove`
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    path: Result<Path<String>, PathRejection>,
    mut request: Ceremony<RemoveRequest>,
) -> Result<Response, Problem> {
    let session = request.visitor.session.clone().ok_or_else(|| refused(&Refusal::SessionEnded))?;
    let last = if request.body.confirm_last { LastPasskey::MayGo } else { LastPasskey::Keep };
    let removed = async {
        let owned = Owned::load(&app, &session, path.ok())?;
        let decision = signin::remove_passkey(&owned.facts(&session), last, request.now, &mut ambient::entropy());
        let removed = settle(&app, decision, request.now).await?;
        let person =
            app.store.person(session.authentication.person).map_err(unavailable)?.ok_or(Refusal::PersonRefused)?;
        let left = app.store.passkeys_of(person.id).map_err(unavailable)?;
        Ok((removed, Signal::new(&app.rp, &person, &left)))
    };
    match removed.await {
        Ok((removed, signal)) => {
            let body = Json(json!({ "signal": signal_json(&signal), "signed_out": removed.signed_out }));
            let response = body.into_response();
            Ok(if removed.signed_out {
                respond::with_cookie(response, app.cookies.clear(Cookie::Session))
            } else {
                response
            })
        }
        Err(refusal @ (Refusal::FreshProofNeeded | Refusal::StrongerProofNeeded)) => {
            let browser = request.browser()?;
            take_place(&app, request.address, request.now)?;
            Err(fresh_proof_first(&app, Some(&session), &browser, &refusal, request.now, &mut request.entropy))
        }
        Err(refusal) => Err(refused(&refusal)),
    }
}

/// The passkey that a request names, with what else the engine asks for.
struct Owned {
    held: Held,
    named: Option<PasskeyId>,
}

impl Owned {
    /// An address that can't be read names no passkey, as an id that can't be read does.
    fn load(app: &App, session: &Session, path: Option<Path<String>>) -> Result<Self, Refusal> {
        let held = Held::load(app, Some(session.authentication.person)).map_err(unavailable)?;
        Ok(Self { held, named: path.and_then(|Path(id)| id.parse().ok()) })
    }

    fn facts<'a>(&'a self, session: &'a Session) -> AccountFacts<'a> {
        let passkey = self.held.passkeys.iter().find(|passkey| Some(passkey.id) == self.named);
        AccountFacts { session, passkey, holdings: self.held.holdings() }
    }
}
