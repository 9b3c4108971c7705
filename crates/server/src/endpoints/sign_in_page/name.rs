//! `POST /sign-in/name`: the person would rather type a password.

use std::sync::Arc;

use axum::{body::Body, extract::State, http::HeaderMap, response::Response};
use signin::{Named, Refusal, SigninName};
use web::{SignInNotice, SigninProblem};

use super::{page_of, posted, show};
use crate::{
    ambient,
    endpoints::ceremony::{request::advance, sign_in::unavailable},
    form::Form,
    respond,
    state::App,
    visitor::Visitor,
};

/// `POST /sign-in/name`
pub(crate) async fn name(State(app): State<Arc<App>>, headers: HeaderMap, body: Body) -> Response {
    let form = match Form::read(&app, &headers, body).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let now = ambient::now();
    let visitor = Visitor::of(&app, &headers, now);
    let (underway, browser) = match posted(&app, &form, &visitor, now) {
        Ok(posted) => posted,
        Err(refusal) => return show::refused(&app, &visitor, None, &refusal, now),
    };
    let typed = form.value("name");
    if typed.trim().is_empty() {
        let notice = SignInNotice::Problem(SigninProblem::NameInvalid);
        return show::sign_in_page(&app, &visitor, &underway, notice, now);
    }
    let offered = show::offered(&app, &underway, visitor.workstation, now);
    let taken = look_up(&app, typed)
        .and_then(|named| signin::name_typed(&underway.journey, &browser, named, &offered, visitor.workstation, now))
        .and_then(|next| advance(&app, &underway, next, now));
    match taken {
        Ok(()) => {
            app.journeys.note_typed(underway.journey.id, shown(typed), now);
            respond::see_other(&page_of(underway.journey.id))
        }
        Err(refusal) => show::refused(&app, &visitor, Some(&underway), &refusal, now),
    }
}

/// Whose name it is, if anyone's. What can't be a name is looked up like one, and found as little.
fn look_up(app: &App, typed: &str) -> Result<Named, Refusal> {
    let hash = SigninName::parse(typed).map_or([0; 32], |name| name.hash(&app.hashes.signin));
    let found = app.store.person_by_name_hash(&hash).map_err(unavailable)?;
    Ok(Named::look_up(typed, found.map(|person| person.id), &app.hashes.signin))
}

/// As much of the typed name as the next page says back.
fn shown(typed: &str) -> &str {
    let typed = typed.trim();
    typed.char_indices().nth(SHOWN_CHARS_MAX).map_or(typed, |(at, _)| &typed[..at])
}

/// Longest name said back, in characters: as long as a name may be.
const SHOWN_CHARS_MAX: usize = 254;
