//! `POST /sign-in/not-now`: the invitation is put off, and the journey goes on.

use std::sync::Arc;

use axum::{body::Body, extract::State, http::HeaderMap, response::Response};
use model::Decision;
use signin::{InvitationState, Refusal};
use store::{ChangeSet, CommitError};

use super::{page_of, posted, show};
use crate::{
    ambient,
    commit::commit,
    endpoints::ceremony::{
        request::advance,
        sign_in::{next, unavailable},
    },
    form::Form,
    respond,
    state::App,
    visitor::Visitor,
};

/// `POST /sign-in/not-now`
pub(crate) async fn not_now(State(app): State<Arc<App>>, headers: HeaderMap, body: Body) -> Response {
    let form = match Form::read(&app, &headers, body).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let now = ambient::now();
    let visitor = Visitor::of(&app, &headers, now);
    let put_off = async {
        let (underway, browser) = posted(&app, &form, &visitor, now).map_err(|refusal| (None, refusal))?;
        let session = visitor.session.as_deref();
        let state = match session {
            Some(session) => {
                app.store.invitation_of(session.authentication.person).map_err(|e| (None, unavailable(e)))?
            }
            None => InvitationState::default(),
        };
        let outcome = match signin::not_now(&underway.journey, &browser, session, state, now) {
            Decision::Done(outcome) => outcome,
            Decision::Refused(outcome) => return Err((Some(underway), outcome.reply)),
            Decision::Need(question) => match question {},
        };
        match commit(&app, ChangeSet::new(now, outcome.changes, outcome.audit)).await {
            Ok(()) => {}
            Err(CommitError::Lost(_)) => return Err((Some(underway), Refusal::LostRace)),
            Err(CommitError::Failed) => return Err((Some(underway), Refusal::Unavailable)),
        }
        advance(&app, &underway, outcome.reply, now).map_err(|refusal| (None, refusal))?;
        Ok(respond::see_other(&next(&underway)))
    };
    match put_off.await {
        Ok(response) => response,
        // The invitation once more: it says that "not now" is used up, or that nothing was lost.
        Err((Some(underway), Refusal::InvitationUsedUp | Refusal::LostRace)) => {
            respond::see_other(&page_of(underway.journey.id))
        }
        Err((underway, refusal)) => show::refused(&app, &visitor, underway.as_ref(), &refusal, now),
    }
}
