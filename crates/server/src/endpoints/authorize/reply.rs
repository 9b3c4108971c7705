//! Answers: a code on its way to the client, an error to the client, or a page for the person.

use axum::{http::StatusCode, response::Response};
use model::{Capabilities, SigninMethod, Timestamp};
use oauth::{AuthorizeFault, AuthorizeRefusal, AuthorizeReply, AuthorizeResponse, Client, Delivery};
use signin::{Attempt, End};
use web::{ErrorKind, FormPostPage, HiddenField};

use super::Asked;
use crate::{
    endpoints::ceremony::sign_in::record,
    keys::signing,
    memory::{journeys::Underway, pushed::AlreadySpent},
    respond,
    state::App,
};

/// Somebody used the pushed request up while this one was decided.
pub(super) struct UsedMeanwhile;

/// Keeps the code and sends the browser on.
pub(super) async fn grant(app: &App, asked: &Asked<'_>, reply: AuthorizeReply) -> Result<Response, UsedMeanwhile> {
    // A pushed request leads to one code: whoever spends it is the one who gets the code.
    if let Some(key) = reply.pushed {
        app.oauth.pushed.spend(&key, asked.now).map_err(|AlreadySpent| UsedMeanwhile)?;
    }
    // A waiting request is answered once: whoever ends the journey is the one who gets the code.
    if let Some(underway) = asked.resumed
        && app.journeys.end(underway.journey.id, asked.now).is_none()
    {
        return Ok(respond::error(app, StatusCode::GONE, ErrorKind::JourneyExpired, ""));
    }
    let record = *reply.record;
    if asked.resumed.is_none() {
        record_reuse(app, asked, &record);
    }
    if app.codes.insert(reply.code_hash, record, asked.now).is_err() {
        let text = "too many codes are waiting to be redeemed";
        return Ok(respond::error(app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, text));
    }
    Ok(deliver(app, asked.client.as_deref(), &reply.response).await)
}

/// A sign-in that needed no ceremony, because a session was live, is an attempt too.
fn record_reuse(app: &App, asked: &Asked<'_>, code: &oauth::CodeRecord) {
    let attempt = Attempt {
        path: Some(code.client.clone()),
        tier: asked.client.as_ref().map_or(model::Tier::Standard, |client| client.tier),
        method: SigninMethod::Session,
        elapsed_millis: None,
        capabilities: Capabilities::default(),
    };
    let end = End::SignedIn { person: code.person, strength: code.authentication.strength };
    record(app, attempt.ended(&end, &app.hashes.signin, asked.now));
}

/// Refuses, and ends the journey that the request waited in.
pub(super) async fn refuse(
    app: &App,
    resumed: Option<&Underway>,
    refusal: &AuthorizeRefusal,
    now: Timestamp,
) -> Response {
    if let Some(underway) = resumed {
        app.journeys.end(underway.journey.id, now);
    }
    match refusal {
        AuthorizeRefusal::Answer { fault, response } => {
            tracing::info!(%fault, "authorization request refused, and the client told so");
            deliver(app, None, response).await
        }
        AuthorizeRefusal::Page(fault) => {
            app.demo_seen.note(app, *fault);
            let (status, kind) = page(fault);
            respond::error(app, status, kind, &fault.to_string())
        }
    }
}

/// The page that says it to the person.
fn page(fault: &AuthorizeFault) -> (StatusCode, ErrorKind) {
    let kind = match fault {
        AuthorizeFault::ClientIdMissing | AuthorizeFault::ClientUnknown | AuthorizeFault::ClientDisabled => {
            ErrorKind::UnknownApplication
        }
        AuthorizeFault::RedirectRepeated | AuthorizeFault::RedirectMissing | AuthorizeFault::RedirectUnregistered => {
            ErrorKind::UnknownRedirect
        }
        AuthorizeFault::Malformed(_) => ErrorKind::BadRequest,
        AuthorizeFault::RequestUriUnknown | AuthorizeFault::RequestUriSpent => ErrorKind::RequestOver,
        AuthorizeFault::KeysUnavailable => {
            return (StatusCode::SERVICE_UNAVAILABLE, ErrorKind::ApplicationOutOfReach);
        }
        // Whatever else ends on a page is a request that can't be believed.
        _ => ErrorKind::RequestRefused,
    };
    (StatusCode::BAD_REQUEST, kind)
}

/// Sends a response in the mode that the client asked for.
async fn deliver(app: &App, client: Option<&Client>, response: &AuthorizeResponse) -> Response {
    let keys = app.keys.live();
    let delivery = match response.signed_with() {
        None => response.deliver(|alg, typ, claims| keys.set.sign(alg, typ, claims)),
        Some(alg) => {
            let (set, response) = (keys.set.clone(), response.clone());
            let signed = move || response.deliver(|alg, typ, claims| set.sign(alg, typ, claims));
            match signing::aside(alg, signed).await {
                Some(delivery) => delivery,
                None => return respond::error(app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, ""),
            }
        }
    };
    match delivery {
        Ok(Delivery::Redirect(location)) => respond::see_other(location.expose()),
        Ok(Delivery::Form { action, fields }) => {
            let page = FormPostPage {
                site: &app.site,
                application: client.map(|client| client.name.clone()).unwrap_or_default(),
                action,
                fields: fields
                    .into_iter()
                    .map(|(name, value)| HiddenField::new(name, value.expose().clone()))
                    .collect(),
            };
            let source = web::form_action_source(&page.action);
            respond::page(app, StatusCode::OK, FormPostPage::KIND, page.render(), source.as_deref())
        }
        Err(error) => {
            tracing::error!(%error, "failed to sign an authorization response");
            respond::error(app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "")
        }
    }
}
