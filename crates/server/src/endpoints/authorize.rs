//! The authorization endpoint, what follows a sign-in or a consent, and the consent page.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use model::{Capabilities, Decision, JourneyId, Session, SigninMethod, Tier, Timestamp};
use oauth::{
    AuthorizeFacts, AuthorizeFault, AuthorizeNeed, AuthorizeRefusal, AuthorizeReply, ConsentAnswer, ConsentPolicy,
    IdTokenHint, ParkedRequest, RawParams, RedirectKind, authorize,
};
use signin::{Attempt, End, Purpose, ReturnTo};
use store::{ChangeSet, ReadError};
use web::{Asks, ConsentMemory, ConsentPage, Destination, ErrorKind};

use super::{
    ceremony::sign_in::{commit, record},
    sign_in_page,
};
use crate::{ambient, body, guard, memory::journeys::Underway, respond, state::App, visitor::Visitor};

/// Largest form taken, in bytes: the engine reads 8 KiB.
const FORM_BYTES_MAX: usize = 8 * 1024 + 1;

/// One request with what carried it here.
struct Asked<'a> {
    text: &'a str,
    visitor: Visitor,
    now: Timestamp,
    /// The journey that this request waited in, when it did.
    resumed: Option<&'a Underway>,
    consent: ConsentAnswer,
}

/// `GET /authorize`
pub(crate) async fn get(State(app): State<Arc<App>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let now = ambient::now();
    let visitor = Visitor::of(&app, &headers, now);
    let text = query.unwrap_or_default();
    answer(&app, Asked { text: &text, visitor, now, resumed: None, consent: ConsentAnswer::NotAsked }).await
}

/// `POST /authorize` (OpenID Connect Core §3.1.2.1): the same, from a form. It comes from the client's own site, so no same-origin rule applies.
pub(crate) async fn post(State(app): State<Arc<App>>, headers: HeaderMap, body: Body) -> Response {
    let text = match form(&app, &headers, body).await {
        Ok(text) => text,
        Err(response) => return response,
    };
    let now = ambient::now();
    let visitor = Visitor::of(&app, &headers, now);
    answer(&app, Asked { text: &text, visitor, now, resumed: None, consent: ConsentAnswer::NotAsked }).await
}

/// `GET /authorize/resume?j=…`: after the sign-in that the request waited for.
pub(crate) async fn resume(State(app): State<Arc<App>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let now = ambient::now();
    let visitor = Visitor::of(&app, &headers, now);
    let Some((underway, parked)) = waiting(&app, sign_in_page::journey_id(query.as_deref()), &visitor, now) else {
        return respond::error(&app, StatusCode::GONE, ErrorKind::JourneyExpired, "");
    };
    if visitor.session.is_none() {
        return respond::see_other(&format!("/sign-in?j={}", underway.journey.id));
    }
    answer_parked(&app, &underway, &parked, visitor, ConsentAnswer::NotAsked, now).await
}

/// `POST /authorize/consent`: the answer of the consent page.
pub(crate) async fn consent(State(app): State<Arc<App>>, headers: HeaderMap, body: Body) -> Response {
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
        (Some("allow"), Some((person, scope))) => ConsentAnswer::Allowed { person: *person, scope: scope.clone() },
        (Some("deny"), Some(_)) => ConsentAnswer::Denied,
        (_, _) => return respond::error(&app, StatusCode::BAD_REQUEST, ErrorKind::BadRequest, ""),
    };
    answer_parked(&app, &underway, &parked, visitor, answer, now).await
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
    consent: ConsentAnswer,
    now: Timestamp,
) -> Response {
    let text = parked.text();
    answer(app, Asked { text, visitor, now, resumed: Some(underway), consent }).await
}

async fn answer(app: &App, asked: Asked<'_>) -> Response {
    let Ok(params) = RawParams::parse(asked.text) else {
        return respond::error(
            app,
            StatusCode::BAD_REQUEST,
            ErrorKind::BadRequest,
            "the request is too long or its encoding is broken",
        );
    };
    match decide(app, &asked, &params) {
        Ok(Decision::Done(outcome)) => {
            let set = ChangeSet::new(asked.now, outcome.changes, outcome.audit);
            if commit(app, set).await.is_err() {
                return respond::error(app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "");
            }
            grant(app, &asked, outcome.reply)
        }
        Ok(Decision::Refused(outcome)) => {
            let set = ChangeSet::new(asked.now, outcome.changes, outcome.audit);
            if commit(app, set).await.is_err() {
                return respond::error(app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "");
            }
            refuse(app, &asked, &outcome.reply)
        }
        Ok(Decision::Need(need)) => ask(app, &asked, &params, need),
        Err(error) => {
            tracing::error!(%error, "failed to load an authorization request's facts");
            respond::error(app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "")
        }
    }
}

fn decide(
    app: &App,
    asked: &Asked<'_>,
    params: &RawParams<'_>,
) -> Result<Decision<AuthorizeReply, AuthorizeRefusal, AuthorizeNeed, oauth::Change>, ReadError> {
    let client = authorize::client_id(params).and_then(|id| app.store.client(id));
    let session = match (asked.visitor.session.as_deref(), &client) {
        (Some(session), Some(client)) => serving(app, session, client.tier)?,
        (session, _) => session,
    };
    let person = match session {
        Some(session) => app.store.person(session.authentication.person)?,
        None => None,
    };
    let consent = match (&person, &client) {
        (Some(person), Some(client)) if client.consent == ConsentPolicy::Ask => {
            app.store.consent(person.id, &client.id)?
        }
        (Some(_) | None, _) => None,
    };
    let hint = params.value("id_token_hint").map(|hint| app.keys.verify_jwt(crypto::JwtType::IdToken, hint));
    let facts = AuthorizeFacts {
        issuer: &app.issuer,
        keys: &app.tokens,
        client: client.as_deref(),
        session,
        person: person.as_ref(),
        consent: consent.as_ref(),
        reauthenticated_after: asked.resumed.and_then(|u| u.authorize.as_ref()).map(|parked| parked.parked()),
        consent_answer: asked.consent.clone(),
        id_token_hint: match &hint {
            None => IdTokenHint::NotSent,
            Some(Ok(claims)) => IdTokenHint::Claims(claims),
            Some(Err(_)) => IdTokenHint::Unverifiable,
        },
    };
    Ok(authorize::decide(params, &facts, asked.now, &mut ambient::entropy()))
}

/// The session, if it may be used for this tier; otherwise the person signs in again, with a passkey that may.
fn serving<'a>(app: &App, session: &'a Session, tier: Tier) -> Result<Option<&'a Session>, ReadError> {
    let passkeys = match tier {
        Tier::Standard => Vec::new(),
        Tier::Sensitive | Tier::Critical => app.store.passkeys_of(session.authentication.person)?,
    };
    let opened_with = passkeys.iter().find(|passkey| session.authentication.passkey == Some(passkey.id));
    Ok(signin::session_serves(session, opened_with, tier).then_some(session))
}

/// Keeps the code and sends the browser on.
fn grant(app: &App, asked: &Asked<'_>, reply: AuthorizeReply) -> Response {
    // A waiting request is answered once: whoever ends the journey is the one who gets the code.
    if let Some(underway) = asked.resumed
        && app.journeys.end(underway.journey.id, asked.now).is_none()
    {
        return respond::error(app, StatusCode::GONE, ErrorKind::JourneyExpired, "");
    }
    let record = *reply.record;
    if asked.resumed.is_none() {
        record_reuse(app, &record, asked.now);
    }
    if app.codes.insert(reply.code_hash, record, asked.now).is_err() {
        return respond::error(
            app,
            StatusCode::SERVICE_UNAVAILABLE,
            ErrorKind::Unavailable,
            "too many codes are waiting to be redeemed",
        );
    }
    respond::see_other(reply.location.expose())
}

/// A sign-in that needed no ceremony, because a session was live, is an attempt too.
fn record_reuse(app: &App, code: &oauth::CodeRecord, now: Timestamp) {
    let tier = app.store.client(code.client.as_str()).map_or(model::Tier::Standard, |client| client.tier);
    let attempt = Attempt {
        path: Some(code.client.clone()),
        tier,
        method: SigninMethod::Session,
        elapsed_millis: None,
        capabilities: Capabilities::default(),
    };
    let end = End::SignedIn { person: code.person, strength: code.authentication.strength };
    record(app, attempt.ended(&end, &app.hashes.signin, now));
}

fn refuse(app: &App, asked: &Asked<'_>, refusal: &AuthorizeRefusal) -> Response {
    if let Some(underway) = asked.resumed {
        app.journeys.end(underway.journey.id, asked.now);
    }
    match refusal {
        AuthorizeRefusal::Redirect { fault, location } => {
            tracing::info!(fault = %fault, "authorization request refused by redirect");
            respond::see_other(location)
        }
        AuthorizeRefusal::Page(fault) => {
            app.demo_seen.note(app, *fault);
            let kind = match fault {
                AuthorizeFault::ClientIdMissing | AuthorizeFault::ClientUnknown | AuthorizeFault::ClientDisabled => {
                    ErrorKind::UnknownApplication
                }
                _ => ErrorKind::UnknownRedirect,
            };
            respond::error(app, StatusCode::BAD_REQUEST, kind, &fault.to_string())
        }
    }
}

/// Parks the request and asks the person.
fn ask(app: &App, asked: &Asked<'_>, params: &RawParams<'_>, need: AuthorizeNeed) -> Response {
    match need {
        AuthorizeNeed::SignIn { .. } => match asked.resumed {
            // The sign-in page of the same journey, unless it is used up: then the request waits in a new one.
            Some(underway) if !matches!(underway.journey.state, signin::JourneyState::Finished) => {
                respond::see_other(&format!("/sign-in?j={}", underway.journey.id))
            }
            Some(_) | None => {
                let Some(client) = authorize::client_id(params).and_then(|id| app.store.client(id)) else {
                    return respond::error(app, StatusCode::BAD_REQUEST, ErrorKind::UnknownApplication, "");
                };
                let parked = Arc::new(ParkedRequest::new(asked.text, asked.now));
                let (purpose, return_to) = (Purpose::SignIn, ReturnTo::Authorize);
                sign_in_page::begin(app, &asked.visitor, purpose, return_to, Some((parked, &client)), asked.now)
            }
        },
        AuthorizeNeed::Consent { client, client_name, host, person, new, remembered, .. } => {
            let Some(session) = asked.visitor.session.as_deref() else {
                return respond::error(app, StatusCode::GONE, ErrorKind::JourneyExpired, "");
            };
            let Some(client) = app.store.client(client.as_str()) else {
                return respond::error(app, StatusCode::BAD_REQUEST, ErrorKind::UnknownApplication, "");
            };
            let (journey, cookie) = match asked.resumed {
                Some(underway) => (underway.journey.id, None),
                None => {
                    let parked = Arc::new(ParkedRequest::new(asked.text, asked.now));
                    let (purpose, return_to) = (Purpose::SignIn, ReturnTo::Authorize);
                    sign_in_page::begun(app, &asked.visitor, purpose, return_to, Some((parked, &client)), asked.now)
                }
            };
            app.journeys.show_consent(journey, person, new.clone(), asked.now);
            let redirect = params.value("redirect_uri").map(str::to_owned);
            let redirect = redirect
                .or_else(|| client.redirect_uris.first().map(|uri| uri.as_str().to_owned()))
                .unwrap_or_default();
            let page = Consent { client_name, host, scope: new, remembered, journey, redirect };
            let response = page.show(app, session);
            match cookie {
                Some(cookie) => respond::with_cookie(response, cookie),
                None => response,
            }
        }
    }
}

/// What the consent page is made of.
struct Consent {
    client_name: String,
    host: String,
    scope: oauth::ScopeSet,
    remembered: bool,
    journey: JourneyId,
    redirect: String,
}

impl Consent {
    fn show(self, app: &App, session: &Session) -> Response {
        let Ok(person) = super::account::greeting(app, session) else {
            return respond::error(app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "");
        };
        let on_device = oauth::RedirectUri::parse(&self.redirect).map_or(true, |uri| match uri.kind() {
            RedirectKind::Https | RedirectKind::Localhost => false,
            RedirectKind::Loopback | RedirectKind::PrivateScheme => true,
        });
        // Who it is comes first; the rest stays in the order of its names.
        let mut scopes: Vec<&str> = self.scope.as_str().split(' ').filter(|scope| !scope.is_empty()).collect();
        scopes.sort_by_key(|scope| *scope != "openid");
        let html = ConsentPage {
            site: &app.site,
            asks: Asks::Application {
                name: self.client_name,
                host: if on_device { String::new() } else { self.host.clone() },
            },
            scopes: scopes.into_iter().map(web::scope_words).collect(),
            person,
            destination: if on_device { Destination::ThisDevice } else { Destination::Host(self.host) },
            memory: if self.remembered { ConsentMemory::Remembered } else { ConsentMemory::AskedEachTime },
            journey: self.journey,
            csrf: form_token(app, self.journey, session),
        }
        .render();
        // Browsers hold a form post's redirects to form-action, so the page must name where either answer leads.
        let form_action = web::form_action_source(&self.redirect);
        respond::page(app, StatusCode::OK, ConsentPage::KIND, html, form_action.as_deref())
    }
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
