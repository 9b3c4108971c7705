//! The authorization endpoint, what follows a sign-in, and the answer of the consent page: read, load, ask, commit, answer.
//!
//! Start reading at [`answer`]: every way into this endpoint ends there, with the request already out of its wrapping.

mod ask;
mod consent;
mod load;
mod open;
mod reply;

use std::{net::IpAddr, sync::Arc};

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use model::{Decision, JourneyId, Session, Timestamp};
use oauth::{AuthorizeRequest, Client, ConsentAnswer, ParkedRequest, RawParams, authorize, params::PARAMS_BYTES_MAX};
use store::CommitError;
use web::ErrorKind;

use super::sign_in_page;
use crate::{
    ambient, body, clients,
    clients::with_client,
    commit::commit,
    guard,
    memory::{journeys::Underway, pushed::Pushed},
    respond,
    state::App,
    visitor::{Address, Visitor},
};
pub(crate) use consent::mark;
use load::Loaded;

/// Largest form taken, in bytes: one more than the engine reads.
const FORM_BYTES_MAX: usize = PARAMS_BYTES_MAX + 1;
/// Times that a request is decided again when somebody else was faster: used a pushed request up, or changed what was read.
const ROUNDS_MAX: u8 = 3;

/// One request, out of its wrapping, with what carried it here.
struct Asked<'a> {
    request: &'a AuthorizeRequest<'a>,
    client: Option<Arc<Client>>,
    visitor: Visitor,
    address: IpAddr,
    now: Timestamp,
    /// The journey that this request waited in, when it did.
    resumed: Option<&'a Underway>,
    consent: ConsentAnswer,
}

/// `GET /authorize`
pub(crate) async fn get(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    Address(address): Address,
    headers: HeaderMap,
) -> Response {
    first(&app, &query.unwrap_or_default(), &headers, address).await
}

/// `POST /authorize` (OpenID Connect Core §3.1.2.1): the same, from a form. It comes from the client's own site, so no same-origin rule applies.
pub(crate) async fn post(
    State(app): State<Arc<App>>,
    Address(address): Address,
    headers: HeaderMap,
    body: Body,
) -> Response {
    match form(&app, &headers, body).await {
        Ok(text) => first(&app, &text, &headers, address).await,
        Err(response) => response,
    }
}

/// A request that comes from the client, in whatever wrapping.
async fn first(app: &App, text: &str, headers: &HeaderMap, address: IpAddr) -> Response {
    let now = ambient::now();
    let visitor = Visitor::of(app, headers, now);
    let Ok(params) = RawParams::parse(text) else {
        let text = "the request is too long or its encoding is broken";
        return respond::error(app, StatusCode::BAD_REQUEST, ErrorKind::BadRequest, text);
    };
    let client = match authorize::client_id(&params) {
        Some(id) => clients::find(app, id, address, now).await,
        None => None,
    };
    let named = authorize::pushed_key(&params, &app.tokens);
    let pushed = named.and_then(|key| app.oauth.pushed.find(&key, now));
    let pushed = Pushed::fact(named, pushed.as_ref());
    let keys = match open::keys_for(app, &params, client.as_deref(), pushed, now).await {
        Ok(keys) => keys,
        Err(refusal) => return reply::refuse(app, None, &refusal, now).await,
    };
    match open::open(app, params, client.as_deref(), &keys, pushed, now) {
        Ok(request) => {
            let (client, consent) = (client.clone(), ConsentAnswer::NotAsked);
            answer(app, Asked { request: &request, client, visitor, address, now, resumed: None, consent }).await
        }
        Err(refusal) => reply::refuse(app, None, &refusal, now).await,
    }
}

/// `GET /authorize/resume?j=…`: after the sign-in that the request waited for.
pub(crate) async fn resume(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    Address(address): Address,
    headers: HeaderMap,
) -> Response {
    let now = ambient::now();
    let visitor = Visitor::of(&app, &headers, now);
    let Some((underway, parked)) = waiting(&app, sign_in_page::journey_id(query.as_deref()), &visitor, now) else {
        return respond::error(&app, StatusCode::GONE, ErrorKind::JourneyExpired, "");
    };
    // A journey that awaits something still leads to its own page, whatever session the browser has.
    if visitor.session.is_none() || !matches!(underway.journey.state, signin::JourneyState::Finished) {
        return respond::see_other(&format!("/sign-in?j={}", underway.journey.id));
    }
    answer_parked(&app, &underway, &parked, visitor, address, ConsentAnswer::NotAsked, now).await
}

/// `POST /authorize/consent`: the answer of the consent page.
pub(crate) async fn consent(
    State(app): State<Arc<App>>,
    Address(address): Address,
    headers: HeaderMap,
    body: Body,
) -> Response {
    if !guard::same_origin(&headers, &app.settings.issuer) {
        return respond::error(&app, StatusCode::FORBIDDEN, ErrorKind::CrossOrigin, "");
    }
    let text = match form(&app, &headers, body).await {
        Ok(text) => text,
        Err(response) => return response,
    };
    let Ok(form) = RawParams::parse(&text) else {
        return respond::error(&app, StatusCode::BAD_REQUEST, ErrorKind::BadRequest, "");
    };
    let now = ambient::now();
    let visitor = Visitor::of(&app, &headers, now);
    let id = form.value("journey").and_then(|id| id.parse().ok());
    let (Some((underway, parked)), Some(session)) = (waiting(&app, id, &visitor, now), visitor.session.clone()) else {
        return respond::error(&app, StatusCode::GONE, ErrorKind::JourneyExpired, "");
    };
    let sent = form.value("csrf").unwrap_or_default();
    if !crypto::equal(sent.as_bytes(), form_token(&app, underway.journey.id, &session).as_bytes()) {
        return respond::error(&app, StatusCode::FORBIDDEN, ErrorKind::CrossOrigin, "");
    }
    // The page's own answer, and only to what the page showed.
    let answer = match (form.value("answer"), &underway.consent) {
        (Some("allow"), Some((person, shown))) => ConsentAnswer::Allowed { person: *person, shown: shown.clone() },
        (Some("deny"), Some(_)) => ConsentAnswer::Denied,
        (_, _) => return respond::error(&app, StatusCode::BAD_REQUEST, ErrorKind::BadRequest, ""),
    };
    answer_parked(&app, &underway, &parked, visitor, address, answer, now).await
}

/// The journey under `id`, when this browser began it and a request waits in it.
fn waiting(
    app: &App,
    id: Option<JourneyId>,
    visitor: &Visitor,
    now: Timestamp,
) -> Option<(Underway, Arc<ParkedRequest>)> {
    let underway = app.journeys.find(id?, now)?;
    let parked = underway.authorize.clone().filter(|parked| parked.may_resume(now))?;
    visitor.browser.filter(|browser| underway.journey.browser.same(browser))?;
    Some((underway, parked))
}

async fn answer_parked(
    app: &App,
    underway: &Underway,
    parked: &ParkedRequest,
    visitor: Visitor,
    address: IpAddr,
    consent: ConsentAnswer,
    now: Timestamp,
) -> Response {
    let Ok(request) = parked.request() else {
        return respond::error(app, StatusCode::GONE, ErrorKind::JourneyExpired, "");
    };
    let client = match authorize::client_id(request.params()) {
        Some(id) => clients::find(app, id, address, now).await,
        None => None,
    };
    let resumed = Some(underway);
    answer(app, Asked { request: &request, client, visitor, address, now, resumed, consent }).await
}

async fn answer(app: &App, asked: Asked<'_>) -> Response {
    for _ in 0..ROUNDS_MAX {
        let loaded = match Loaded::load(app, &asked) {
            Ok(loaded) => loaded,
            Err(error) => {
                tracing::error!(%error, "failed to load an authorization request's facts");
                return respond::error(app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "");
            }
        };
        let facts = loaded.facts(app, &asked);
        match authorize::decide(asked.request, &facts, asked.now, &mut ambient::entropy()) {
            Decision::Done(outcome) => {
                let set = with_client(app, asked.client.as_deref(), outcome.changes, outcome.audit, asked.now);
                match commit(app, set).await {
                    Ok(()) => {}
                    Err(CommitError::Lost(_)) => continue,
                    Err(CommitError::Failed) => break,
                }
                // Otherwise somebody used the pushed request up meanwhile, and the next round sees it.
                if let Ok(response) = reply::grant(app, &asked, outcome.reply).await {
                    return response;
                }
            }
            Decision::Refused(outcome) => {
                let set = with_client(app, asked.client.as_deref(), outcome.changes, outcome.audit, asked.now);
                if commit(app, set).await.is_err() {
                    break;
                }
                return reply::refuse(app, asked.resumed, &outcome.reply, asked.now).await;
            }
            Decision::Need(need) => return ask::ask(app, &asked, need),
        }
    }
    respond::error(app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "")
}

/// Proves that a consent form was shown in this session, for this journey.
fn form_token(app: &App, journey: JourneyId, session: &Session) -> String {
    crypto::b64u(&app.hashes.consent_form.hash("consent form", &[journey.as_bytes(), session.id.as_bytes()]))
}

async fn form(app: &App, headers: &HeaderMap, stream: Body) -> Result<String, Response> {
    if !guard::is_form(headers) {
        return Err(respond::error(
            app,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ErrorKind::BadRequest,
            "send the form as application/x-www-form-urlencoded",
        ));
    }
    let bytes = body::read(stream, FORM_BYTES_MAX).await.map_err(|unread| match unread {
        body::Unread::TooLarge => respond::error(app, StatusCode::PAYLOAD_TOO_LARGE, ErrorKind::TooLarge, ""),
        body::Unread::Interrupted => respond::error(app, StatusCode::REQUEST_TIMEOUT, ErrorKind::BadRequest, ""),
    })?;
    String::from_utf8(bytes.into())
        .map_err(|_| respond::error(app, StatusCode::BAD_REQUEST, ErrorKind::BadRequest, "the form is not UTF-8"))
}
