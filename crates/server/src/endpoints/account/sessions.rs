//! `/account/sessions`: where the person is signed in, and ending it: one, all others, or all.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use model::{Decision, Session, SessionId};
use store::ReadError;
use web::{AccountSaid, Moment, SessionRow, SessionsPage};

use super::{
    overview,
    owner::{Owner, heard, said, unreadable},
    settle::settle,
    ways,
};
use crate::{ambient, cookies::Cookie, respond, state::App, visitor::Address};

const HERE: &str = "/account/sessions";

/// `GET /account/sessions`
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    address: Address,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let owner = match Owner::load(&app, address, &headers, HERE) {
        Ok(owner) => owner,
        Err(response) => return *response,
    };
    match page(&app, &owner, heard(query.as_deref())) {
        Ok(html) => respond::page(&app, StatusCode::OK, SessionsPage::KIND, html, None),
        Err(error) => unreadable(&app, &error),
    }
}

fn page(app: &App, owner: &Owner, said: Option<AccountSaid>) -> Result<String, ReadError> {
    let now = owner.now;
    let row = |session: &Session| SessionRow {
        id: session.id,
        this_one: session.id == owner.session.id,
        with: with(app, owner, session),
        created: Moment::new(session.created, now),
        seen: Moment::new(app.store.session_used(session), now),
        expires: Moment::new(session.expires, now),
    };
    let sessions = app.store.sessions_of(owner.person.id)?;
    let mut rows: Vec<SessionRow> = sessions.iter().filter(|session| now < session.expires).map(row).collect();
    rows.sort_by_key(|row| !row.this_one);
    let signins = overview::signins(app, &owner.person, now)?;
    Ok(SessionsPage { site: &app.site, who: owner.who(said), sessions: rows, signins }.render())
}

/// What opened the session: the passkey as the person calls it, or what it was in words.
fn with(app: &App, owner: &Owner, session: &Session) -> String {
    use model::{Amr, Strength};
    let proof = &session.authentication;
    match (proof.passkey, proof.strength) {
        (Some(id), _) => {
            let passkey = owner.held.passkeys.iter().find(|passkey| passkey.id == id);
            passkey.map(|passkey| ways::label(app, passkey)).unwrap_or_default()
        }
        (None, Strength::Password) => "Password".to_owned(),
        (None, _) if proof.amr.has(Amr::RECOVERY) => "Password and recovery code".to_owned(),
        (None, _) => "Password and authenticator app".to_owned(),
    }
}

/// `POST /account/sessions/end`
pub(crate) async fn end(State(app): State<Arc<App>>, address: Address, headers: HeaderMap, body: Body) -> Response {
    let (owner, form) = match Owner::posting(&app, address, &headers, body, HERE).await {
        Ok(posting) => posting,
        Err(response) => return response,
    };
    let target = form.value("session").parse::<SessionId>().ok().and_then(|id| app.store.session_by_id(id));
    let decision = signin::end_session(&owner.session, target.as_deref(), owner.now);
    match settle(&app, decision, owner.now).await {
        Ok(()) => {
            if target.is_some_and(|target| target.id == owner.session.id) {
                signed_out(&app)
            } else {
                said(HERE, AccountSaid::SessionEnded)
            }
        }
        Err(refusal) => owner.refused(&app, &refusal, HERE),
    }
}

/// `POST /account/sessions/end-others`
pub(crate) async fn end_others(
    State(app): State<Arc<App>>,
    address: Address,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let (owner, _) = match Owner::posting(&app, address, &headers, body, HERE).await {
        Ok(posting) => posting,
        Err(response) => return response,
    };
    let outcome = signin::end_other_sessions(&owner.session, owner.now, &mut ambient::entropy());
    match settle(&app, Decision::Done(outcome), owner.now).await {
        Ok(()) => said(HERE, AccountSaid::OthersEnded),
        Err(refusal) => owner.refused(&app, &refusal, HERE),
    }
}

/// `POST /account/sessions/end-all`
pub(crate) async fn end_all(State(app): State<Arc<App>>, address: Address, headers: HeaderMap, body: Body) -> Response {
    let (owner, _) = match Owner::posting(&app, address, &headers, body, HERE).await {
        Ok(posting) => posting,
        Err(response) => return response,
    };
    let outcome = signin::end_all_sessions(&owner.session, owner.now, &mut ambient::entropy());
    match settle(&app, Decision::Done(outcome), owner.now).await {
        Ok(()) => signed_out(&app),
        Err(refusal) => owner.refused(&app, &refusal, HERE),
    }
}

fn signed_out(app: &App) -> Response {
    respond::with_cookie(respond::see_other("/signed-out"), app.cookies.clear(Cookie::Session))
}
