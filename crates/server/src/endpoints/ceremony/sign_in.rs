//! Signing in, and proving again who one is: options, result, and the report of a cancelled prompt.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use model::{Capabilities, Decision, Person};
use passkey::{AuthenticationResponse, Passkey};
use serde::Deserialize;
use serde_json::{json, value::RawValue};
use signin::{
    Attempt, End, Mediation, NameTyped, ProofFacts, Purpose, Refusal, ReturnTo, Signal, SignedIn, SigninName, Taken,
    Workstation,
};
use store::{ChangeSet, CommitError};

use super::{
    refused,
    request::{Ceremony, advance, journey},
    signal_json,
};
use crate::{
    commit::commit, cookies::Cookie, memory::journeys::Underway, problem::Problem, requirement, respond, state::App,
    throttling,
};

/// Times that a lost race is decided again before the person is asked to.
const ROUNDS_MAX: u8 = 3;
/// Capability names looked at; a browser has about a dozen.
const CAPABILITIES_MAX: usize = 64;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OptionsRequest {
    journey: String,
}

/// `POST /api/ceremony/sign-in/options`
pub(crate) async fn options(
    State(app): State<Arc<App>>,
    mut request: Ceremony<OptionsRequest>,
) -> Result<Response, Problem> {
    let browser = request.browser()?;
    let asked = (|| {
        let underway = journey(&app, &request.body.journey, request.now)?;
        let asked = signin::options(&underway.journey, &browser, &app.signin(), request.now, &mut request.entropy)?;
        advance(&app, &underway, asked.journey, request.now)?;
        Ok(asked.options_json)
    })();
    let options_json = asked.map_err(|refusal| refused(&refusal))?;
    Ok(Json(json!({ "publicKey": RawValue::from_string(options_json).expect("the engine writes JSON") }))
        .into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResultRequest {
    journey: String,
    credential: Box<RawValue>,
    mediation: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    elapsed_ms: Option<u32>,
    #[serde(default)]
    capabilities: Vec<String>,
}

/// `POST /api/ceremony/sign-in/result`
pub(crate) async fn result(State(app): State<Arc<App>>, request: Ceremony<ResultRequest>) -> Result<Response, Problem> {
    let browser = request.browser()?;
    let underway = journey(&app, &request.body.journey, request.now).map_err(|r| refused(&r))?;
    let attempt = attempt(&underway, &request.body.mediation, request.body.elapsed_ms, &request.body.capabilities)?;
    let mut claimed = None;
    let taken = match take(&app, &underway, &browser, request.now) {
        Ok(taken) => taken,
        Err(refusal) => {
            // An answer that comes too late or twice is an attempt as well, but each journey has its share of them: a stranger with a
            // journey, or with somebody else's, can't fill the records.
            if signin::cancelled(&underway.journey, &browser, request.now)
                .is_ok_and(|counted| advance(&app, &underway, counted, request.now).is_ok())
            {
                let end = End::Refused { refusal: &refusal, person: None };
                record(&app, attempt.ended(&end, &app.hashes.signin, request.now));
            }
            return Err(refused(&refusal));
        }
    };
    let tapped = tapped_out(&app, &taken, &request).await.map_err(|refusal| refused(&refusal))?;
    if tapped {
        // Signing out is no attempt to sign in: it leaves no record.
        let response = Json(json!({ "next": "/signed-out" })).into_response();
        return Ok(respond::with_cookie(response, app.cookies.clear(Cookie::Session)));
    }
    let ended = match app.knocks.admit(&app, request.address.0, request.now) {
        Ok(()) => prove(&app, &underway, &taken, &request, &mut claimed).await,
        Err(throttled) => Err(throttled),
    };
    if ended.is_ok() {
        app.knocks.proved(&app, request.address.0, request.now);
    }
    let end = match &ended {
        Ok(done) => End::SignedIn { person: done.signed_in.person, strength: done.strength },
        Err(refusal) => End::Refused { refusal, person: claimed },
    };
    record(&app, attempt.ended(&end, &app.hashes.signin, request.now));
    match ended {
        Ok(done) => {
            if let Some(Ok(waiting)) = underway.authorize.as_ref().map(|parked| parked.request()) {
                app.demo_seen.note_step_up(&app, waiting.params());
            }
            answer(&app, &underway, done)
        }
        Err(refusal) => Err(with_unknown_credential(&app, &refusal, &request.body.credential)),
    }
}

/// Spends the challenge, before anything is verified.
pub(crate) fn take(
    app: &App,
    underway: &Underway,
    browser: &signin::BrowserBinding,
    now: model::Timestamp,
) -> Result<Taken, Refusal> {
    let (stored, taken) = signin::take(&underway.journey, browser, now)?;
    advance(app, underway, stored, now)?;
    Ok(taken)
}

/// Leaves the record of an attempt. A full buffer means that storage can't keep up; the attempt's own outcome stands either way.
pub(crate) fn record(app: &App, record: model::SigninRecord) {
    if app.store.record_signin(record).is_err() {
        tracing::warn!("a sign-in record was dropped: storage is busy");
    }
}

/// What a successful proof leaves to be said.
struct Done {
    signed_in: SignedIn,
    strength: model::Strength,
    person: Person,
    passkeys: Vec<Passkey>,
}

/// On a shared computer the key that opened its session ends it again. Anybody else's key signs in instead.
async fn tapped_out(app: &App, taken: &Taken, request: &Ceremony<ResultRequest>) -> Result<bool, Refusal> {
    let (Workstation::Shared, Some(session), Purpose::SignIn, None) = (
        request.visitor.workstation,
        request.visitor.session.as_deref(),
        taken.journey().purpose,
        &taken.journey().path,
    ) else {
        return Ok(false);
    };
    let now = request.now;
    let Ok(response) = AuthenticationResponse::parse(request.body.credential.get().as_bytes()) else {
        return Ok(false);
    };
    let passkey = app.store.passkey_by_credential(response.credential_id()).map_err(unavailable)?;
    let person = match &passkey {
        Some(passkey) => app.store.person(passkey.person).map_err(unavailable)?,
        None => None,
    };
    let requirement = requirement::of(app, person.as_ref(), taken.journey().tier, now);
    let facts = ProofFacts {
        passkey: passkey.as_ref(),
        person: person.as_ref(),
        name: NameTyped::None,
        session: Some(session),
        requirement: &requirement,
        workstation: Workstation::Shared,
        streak: None,
    };
    let outcome = match signin::sign_out_by_tap(taken, &response, &facts, &app.signin(), now) {
        Decision::Done(outcome) => outcome,
        Decision::Refused(_) => return Ok(false),
        Decision::Need(question) => match question {},
    };
    commit(app, ChangeSet::new(now, outcome.changes, outcome.audit)).await.map_err(lost_or_failed)?;
    app.journeys.finish(outcome.reply, now);
    Ok(true)
}

async fn prove(
    app: &App,
    underway: &Underway,
    taken: &Taken,
    request: &Ceremony<ResultRequest>,
    claimed: &mut Option<model::PersonId>,
) -> Result<Done, Refusal> {
    let now = request.now;
    let response =
        AuthenticationResponse::parse(request.body.credential.get().as_bytes()).map_err(Refusal::ProofFailed)?;
    for _ in 0..ROUNDS_MAX {
        let passkey = app.store.passkey_by_credential(response.credential_id()).map_err(unavailable)?;
        let person = match &passkey {
            Some(passkey) => app.store.person(passkey.person).map_err(unavailable)?,
            None => None,
        };
        *claimed = person.as_ref().map(|p| p.id);
        let requirement = underway.asked.on(requirement::of(app, person.as_ref(), underway.journey.tier, now));
        let streak = match &person {
            Some(person) => throttling::streak(app, person.id).map_err(unavailable)?,
            None => None,
        };
        let facts = ProofFacts {
            passkey: passkey.as_ref(),
            person: person.as_ref(),
            name: name_typed(app, &request.body.name)?,
            session: request.visitor.session.as_deref(),
            requirement: &requirement,
            workstation: request.visitor.workstation,
            streak,
        };
        let mut entropy = crate::ambient::entropy();
        let outcome = match signin::prove(taken, &response, &facts, &app.signin(), now, &mut entropy) {
            Decision::Done(outcome) => outcome,
            Decision::Refused(outcome) => {
                commit(app, ChangeSet::new(now, outcome.changes, outcome.audit)).await.map_err(lost_or_failed)?;
                return Err(outcome.reply);
            }
            Decision::Need(question) => match question {},
        };
        match commit(app, ChangeSet::new(now, outcome.changes, outcome.audit)).await {
            Ok(()) => {
                let signed_in = outcome.reply;
                let person = person.ok_or(Refusal::Unavailable)?;
                let passkeys = app.store.passkeys_of(person.id).map_err(unavailable)?;
                app.journeys.finish(signed_in.journey.clone(), now);
                let strength = signed_in.opened.session.authentication.strength;
                return Ok(Done { signed_in, strength, person, passkeys });
            }
            Err(CommitError::Lost(_)) => {}
            Err(CommitError::Failed) => return Err(Refusal::Unavailable),
        }
    }
    Err(Refusal::LostRace)
}

fn answer(app: &App, underway: &Underway, done: Done) -> Result<Response, Problem> {
    let signal = Signal::new(&app.rp, &done.person, &done.passkeys);
    let body = json!({ "next": next(underway), "signal": signal_json(&signal) });
    let cookie = app.cookies.set(Cookie::Session, &done.signed_in.opened.cookie, None);
    Ok(respond::with_cookie(Json(body).into_response(), cookie))
}

/// Where the browser goes when the journey is finished.
pub(crate) fn next(underway: &Underway) -> String {
    if let Some(back) = underway.back {
        return back.to_owned();
    }
    match underway.journey.return_to {
        ReturnTo::Account => "/account".to_owned(),
        ReturnTo::Authorize => format!("/authorize/resume?j={}", underway.journey.id),
        ReturnTo::Tour => "/tour".to_owned(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CancelledRequest {
    journey: String,
    error: String,
    mediation: String,
    #[serde(default)]
    elapsed_ms: Option<u32>,
    #[serde(default)]
    capabilities: Vec<String>,
}

/// `POST /api/ceremony/sign-in/cancelled`
pub(crate) async fn cancelled(
    State(app): State<Arc<App>>,
    request: Ceremony<CancelledRequest>,
) -> Result<Response, Problem> {
    let browser = request.browser()?;
    let underway = journey(&app, &request.body.journey, request.now).map_err(|r| refused(&r))?;
    let next = signin::cancelled(&underway.journey, &browser, request.now).map_err(|r| refused(&r))?;
    advance(&app, &underway, next, request.now).map_err(|r| refused(&r))?;
    let attempt = attempt(&underway, &request.body.mediation, request.body.elapsed_ms, &request.body.capabilities)?;
    tracing::debug!(error = known_error(&request.body.error), "a passkey prompt was cancelled");
    let record = attempt.ended(&End::Cancelled, &app.hashes.signin, request.now);
    app.store.record_signin(record).map_err(|_| Problem::busy())?;
    Ok(Json(json!({})).into_response())
}

/// The names that browsers give (WebAuthn L3 §5.1.3.1, §5.1.4.3); anything else is not repeated into a log.
fn known_error(name: &str) -> &'static str {
    [
        "NotAllowedError",
        "AbortError",
        "SecurityError",
        "InvalidStateError",
        "NotSupportedError",
        "ConstraintError",
        "UnknownError",
    ]
    .into_iter()
    .find(|known| *known == name)
    .unwrap_or("another error")
}

fn attempt(
    underway: &Underway,
    mediation: &str,
    elapsed: Option<u32>,
    capabilities: &[String],
) -> Result<Attempt, Problem> {
    let mediation = Mediation::from_word(mediation)
        .ok_or_else(|| Problem::bad_request("Say how the passkey was asked for: mediation is conditional or modal."))?;
    let capabilities = Capabilities::from_names(capabilities.iter().take(CAPABILITIES_MAX).map(String::as_str));
    Attempt::of(&underway.journey, mediation, elapsed, capabilities).ok_or_else(|| refused(&Refusal::WrongStep))
}

pub(crate) fn name_typed(app: &App, typed: &str) -> Result<NameTyped, Refusal> {
    if typed.trim().is_empty() {
        return Ok(NameTyped::None);
    }
    let Ok(name) = SigninName::parse(typed) else { return Ok(NameTyped::Unknown) };
    let person = app.store.person_by_name_hash(&name.hash(&app.hashes.signin)).map_err(unavailable)?;
    Ok(person.map_or(NameTyped::Unknown, |person| NameTyped::Known(person.id)))
}

/// An unknown passkey is named back to the browser that holds it, so that its manager may stop offering it. That tells a stranger nothing:
/// whoever knows the id could ask anyway, and the answer is the same for an id that never existed.
fn with_unknown_credential(app: &App, refusal: &Refusal, credential: &RawValue) -> Problem {
    let problem = refused(refusal);
    match (refusal, AuthenticationResponse::parse(credential.get().as_bytes())) {
        (Refusal::UnknownPasskey, Ok(response)) => problem.with(
            "signal_unknown",
            json!({ "rpId": app.rp.id, "credentialId": crypto::b64u(response.credential_id()) }),
        ),
        _ => problem,
    }
}

pub(crate) fn unavailable(error: store::ReadError) -> Refusal {
    tracing::error!(%error, "failed to read the store");
    Refusal::Unavailable
}

pub(crate) fn lost_or_failed(error: CommitError) -> Refusal {
    match error {
        CommitError::Lost(_) => Refusal::LostRace,
        CommitError::Failed => Refusal::Unavailable,
    }
}
