//! Signing out at a client's wish (OpenID Connect RP-Initiated Logout 1.0), and telling clients that a session has ended
//! (OpenID Connect Back-Channel Logout 1.0).

pub(crate) mod farewell;

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use crypto::JwtType;
use model::{Decision, Session, Timestamp};
use oauth::{
    IdTokenHint, RawParams,
    logout::rp_initiated::{
        LogoutAnswer, LogoutFacts, LogoutFault, LogoutNeed, LogoutReply, end_session, named_client,
    },
    subject_map::MappedSubject,
};
use store::{Change, ChangeSet, ReadError};
use web::{ErrorKind, HiddenField, SignOutPage};

use super::account;
use crate::{ambient, body, clients, commit::commit, cookies::Cookie, guard, respond, state::App, visitor::Visitor};

/// Largest form taken, in bytes: one more than the engine reads.
const FORM_BYTES_MAX: usize = oauth::params::PARAMS_BYTES_MAX + 1;
/// What a logout request may say, and what the page that asks carries on.
const PARAMETERS: [&str; 5] = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state", "logout_hint"];

/// `GET /logout`
pub(crate) async fn get(State(app): State<Arc<App>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    answer(&app, &query.unwrap_or_default(), &headers, LogoutAnswer::NotAsked).await
}

/// `POST /logout` (§2): the same, from a form of the client's own site.
pub(crate) async fn post(State(app): State<Arc<App>>, headers: HeaderMap, body: Body) -> Response {
    match form(&app, &headers, body).await {
        Ok(text) => answer(&app, &text, &headers, LogoutAnswer::NotAsked).await,
        Err(response) => response,
    }
}

/// `POST /logout/answer`: what the person said on the page that asks.
pub(crate) async fn answered(State(app): State<Arc<App>>, headers: HeaderMap, body: Body) -> Response {
    if !guard::same_origin(&headers, &app.settings.issuer) {
        return respond::error(&app, StatusCode::FORBIDDEN, ErrorKind::CrossOrigin, "");
    }
    let text = match form(&app, &headers, body).await {
        Ok(text) => text,
        Err(response) => return response,
    };
    let said = RawParams::parse(&text).ok().and_then(|form| match form.value("answer") {
        Some("sign_out") => Some(LogoutAnswer::SignOut),
        Some("stay") => Some(LogoutAnswer::Stay),
        Some(_) | None => None,
    });
    match said {
        Some(said) => answer(&app, &text, &headers, said).await,
        None => respond::error(&app, StatusCode::BAD_REQUEST, ErrorKind::BadRequest, ""),
    }
}

async fn answer(app: &Arc<App>, text: &str, headers: &HeaderMap, said: LogoutAnswer) -> Response {
    let now = ambient::now();
    let Ok(params) = RawParams::parse(text) else {
        return respond::error(app, StatusCode::BAD_REQUEST, ErrorKind::BadRequest, "the request can not be read");
    };
    let visitor = Visitor::of(app, headers, now);
    match decide(app, &params, visitor.session.as_deref(), said, now) {
        Ok(Decision::Done(outcome)) => {
            let session = visitor.session.as_deref();
            done(app, session, outcome.reply, outcome.changes, outcome.audit, now).await
        }
        Ok(Decision::Refused(outcome)) => refused(app, outcome.reply),
        Ok(Decision::Need(LogoutNeed::Confirm { client_name, .. })) => match visitor.session.as_deref() {
            Some(session) => ask(app, session, &params, client_name.unwrap_or_default()),
            None => respond::see_other("/signed-out"),
        },
        Err(error) => {
            tracing::error!(%error, "failed to load a logout request's facts");
            respond::error(app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "")
        }
    }
}

fn decide(
    app: &App,
    params: &RawParams<'_>,
    session: Option<&Session>,
    said: LogoutAnswer,
    now: Timestamp,
) -> Result<Decision<LogoutReply, LogoutFault, LogoutNeed, oauth::Change>, ReadError> {
    // §2: however old the hint is; its signature must be one that still counts.
    let hint = params.value("id_token_hint");
    let hint = hint.map(|hint| app.keys.live().set.verify_jwt(JwtType::IdToken, hint));
    let hint = match &hint {
        None => IdTokenHint::NotSent,
        Some(Ok(claims)) => IdTokenHint::Claims(claims),
        Some(Err(_)) => IdTokenHint::Unverifiable,
    };
    let client = named_client(params, hint).and_then(|id| clients::known(app, &id, now));
    let mapped = match (session, &client) {
        (Some(session), Some(client)) => app.store.mapped_subject(client, session.authentication.person)?,
        (_, _) => None,
    };
    let facts = LogoutFacts {
        issuer: &app.issuer,
        keys: &app.tokens,
        client: client.as_deref(),
        session,
        hint,
        mapped_subject: mapped.as_ref().map(MappedSubject::as_str),
        answer: said,
    };
    Ok(end_session(params, &facts, now))
}

async fn done(
    app: &Arc<App>,
    session: Option<&Session>,
    reply: LogoutReply,
    changes: Vec<oauth::Change>,
    mut audit: Vec<model::AuditEvent>,
    now: Timestamp,
) -> Response {
    let mut changes: Vec<Change> = changes.into_iter().map(Change::from).collect();
    let ending = session.filter(|session| reply.ends == Some(session.id));
    if let Some(session) = ending {
        let ended = signin::sign_out(session, now);
        changes.extend(ended.changes.into_iter().map(Change::from));
        audit.extend(ended.audit);
    }
    if commit(app, ChangeSet::new(now, changes, audit)).await.is_err() {
        return respond::error(app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "");
    }
    let stays = session.is_some() && ending.is_none();
    let response = match reply.location {
        Some(location) => respond::see_other(&location),
        None if stays => respond::see_other("/account"),
        None => respond::see_other("/signed-out"),
    };
    if ending.is_some() { respond::with_cookie(response, app.cookies.clear(Cookie::Session)) } else { response }
}

/// The page that asks. It carries the request on, to be checked again with the answer.
fn ask(app: &App, session: &Session, params: &RawParams<'_>, application: String) -> Response {
    let Ok(person) = account::greeting(app, session) else {
        return respond::error(app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "");
    };
    let fields: Vec<HiddenField> =
        PARAMETERS.iter().filter_map(|name| Some(HiddenField::new(*name, params.value(name)?))).collect();
    let source = params.value("post_logout_redirect_uri").and_then(web::form_action_source);
    let html = SignOutPage { site: &app.site, application, person, fields }.render();
    respond::page(app, StatusCode::OK, SignOutPage::KIND, html, source.as_deref())
}

fn refused(app: &App, fault: LogoutFault) -> Response {
    respond::error(app, StatusCode::BAD_REQUEST, ErrorKind::LogoutRefused, &fault.to_string())
}

async fn form(app: &App, headers: &HeaderMap, stream: Body) -> Result<String, Response> {
    let bad = |status| respond::error(app, status, ErrorKind::BadRequest, "");
    if !guard::is_form(headers) {
        return Err(bad(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let bytes = body::read(stream, FORM_BYTES_MAX).await.map_err(|unread| match unread {
        body::Unread::TooLarge => respond::error(app, StatusCode::PAYLOAD_TOO_LARGE, ErrorKind::TooLarge, ""),
        body::Unread::Interrupted => bad(StatusCode::REQUEST_TIMEOUT),
    })?;
    String::from_utf8(bytes.into()).map_err(|_| bad(StatusCode::BAD_REQUEST))
}
