//! Enrolling a passkey: with the secret of an enrolment link, or as one more in a live session.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use model::{Capabilities, Decision, Entropy, Person, PersonId, Session, Tier, Timestamp};
use passkey::{AttestationWanted, Passkey, RegistrationResponse};
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};
use signin::{
    Attempt, CreationWanted, End, EnrolBy, EnrolFacts, EnrolRequest, Enrolled, EnrolmentPass, Journey, Label,
    Mediation, Purpose, Refusal, Requirement, ReturnTo, Signal, Start, Taken, Workstation,
};
use store::{ChangeSet, CommitError, PersonalKind};

use super::{
    refused,
    request::{Ceremony, journey},
    sign_in::{next, record, take, unavailable},
    signal_json,
};
use crate::{
    ambient, commit::commit, cookies::Cookie, held::Held, limits::LimitKind, memory::journeys::Underway,
    problem::Problem, requirement, respond, state::App, visitor::Address,
};

/// Times that a lost race is decided again before the person is asked to.
const ROUNDS_MAX: u8 = 3;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BeginRequest {
    /// The link's secret. Absent: add a passkey in the live session.
    #[serde(default)]
    token: Option<String>,
    /// How the browser is asked: `modal` (as when absent), or `conditional`, where it makes the passkey by itself.
    #[serde(default)]
    mediation: Option<String>,
}

/// How the browser is, or was, asked.
fn mediation(word: Option<&str>) -> Result<Mediation, Problem> {
    match word {
        None => Ok(Mediation::Modal),
        Some(word) => Mediation::from_word(word)
            .ok_or_else(|| Problem::bad_request("Say how the passkey is made: mediation is conditional or modal.")),
    }
}

/// `POST /api/ceremony/enrol/begin`
pub(crate) async fn begin(
    State(app): State<Arc<App>>,
    mut request: Ceremony<BeginRequest>,
) -> Result<Response, Problem> {
    let (browser, cookie) = request.visitor.browser_or_new(&app, &mut request.entropy);
    let now = request.now;
    let mediation = mediation(request.body.mediation.as_deref())?;
    let hash = match request.body.token.take() {
        Some(token) => Some(named_hash(&app, &model::Secret::new(token)).map_err(|r| refused(&r))?),
        None => None,
    };
    let purpose = match (&hash, &request.visitor.session) {
        (Some(hash), _) => Purpose::Enrol(EnrolBy::Pass(pass_under(&app, hash).map_err(|r| refused(&r))?.id)),
        (None, Some(session)) => Purpose::AddPasskey(session.id),
        (None, None) => return Err(refused(&Refusal::SessionEnded)),
    };
    let return_to = if app.settings.demo.is_some() && hash.is_some() { ReturnTo::Tour } else { ReturnTo::Account };
    let start = Start { purpose, path: None, tier: Tier::Standard, return_to };
    // For this journey, or for the proof that is asked for first.
    take_place(&app, request.address, now)?;
    let begun = signin::begin(start, &browser, now, &mut request.entropy);
    let session = request.visitor.session.as_deref();
    let workstation = request.visitor.workstation;
    let known = Known::load(&app, &begun, hash.as_ref(), session, workstation, now).map_err(|r| refused(&r))?;
    let names = known.names(&app).map_err(|r| refused(&r))?;
    let wanted = CreationWanted {
        user_name: &names.signin_name,
        display_name: &names.display,
        attestation: known.attestation(),
        mediation,
    };
    let asked =
        signin::enrol_options(&begun, &browser, &known.facts(), &wanted, &app.signin(), now, &mut request.entropy);
    let asked = match asked {
        Ok(asked) => asked,
        Err(refusal @ (Refusal::FreshProofNeeded | Refusal::StrongerProofNeeded)) => {
            return Err(fresh_proof_first(
                &app,
                request.visitor.session.as_deref(),
                &browser,
                &refusal,
                now,
                &mut request.entropy,
            ));
        }
        Err(refusal) => return Err(refused(&refusal)),
    };
    let id = asked.journey.id;
    app.journeys.begin(Underway { pass: hash, ..Underway::plain(asked.journey) }, now);
    let body = json!({
        "journey": id.to_string(),
        "person": { "display": names.display },
        "publicKey": RawValue::from_string(asked.options_json).expect("the engine writes JSON"),
    });
    let response = Json(body).into_response();
    Ok(match cookie {
        Some(cookie) => respond::with_cookie(response, cookie),
        None => response,
    })
}

/// Counts a journey that a ceremony begins by itself: each takes a place in bounded memory.
pub(crate) fn take_place(app: &App, Address(address): Address, now: Timestamp) -> Result<(), Problem> {
    let placed = app.limits.admit(LimitKind::JourneyOpened, address, now);
    placed.map_err(|wait| refused(&Refusal::Throttled { seconds: wait.seconds }))
}

/// Asks for a fresh proof, or for a stronger one: begins a journey for it, and says so.
pub(crate) fn fresh_proof_first(
    app: &App,
    session: Option<&Session>,
    browser: &signin::BrowserBinding,
    refusal: &Refusal,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Problem {
    let Some(session) = session else { return refused(&Refusal::SessionEnded) };
    let start = Start {
        purpose: Purpose::FreshProof(session.id),
        path: None,
        tier: Tier::Standard,
        return_to: ReturnTo::Account,
    };
    let journey = signin::begin(start, browser, now, entropy);
    let id = journey.id;
    app.journeys.begin(Underway::plain(journey), now);
    refused(refusal).with("journey", Value::String(id.to_string()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResultRequest {
    journey: String,
    credential: Box<RawValue>,
    #[serde(default)]
    label: String,
    #[serde(default)]
    mediation: Option<String>,
    #[serde(default)]
    elapsed_ms: Option<u32>,
    #[serde(default)]
    capabilities: Vec<String>,
}

/// `POST /api/ceremony/enrol/result`
pub(crate) async fn result(State(app): State<Arc<App>>, request: Ceremony<ResultRequest>) -> Result<Response, Problem> {
    let browser = request.browser()?;
    let underway = journey(&app, &request.body.journey, request.now).map_err(|r| refused(&r))?;
    let capabilities = Capabilities::from_names(request.body.capabilities.iter().take(64).map(String::as_str));
    let mediation = mediation(request.body.mediation.as_deref())?;
    let attempt = Attempt::of(&underway.journey, mediation, request.body.elapsed_ms, capabilities);
    // Before the challenge is spent: a label can be mended, a passkey that was made in vain can't.
    let label = label(&request.body.label).map_err(|refusal| refused(&refusal))?;
    // What can't be counted against the journey leaves no record: see `sign_in::result`.
    let taken = take(&app, &underway, &browser, request.now).map_err(|refusal| refused(&refusal))?;
    let ended = enrol(&app, &underway, &taken, &request, label.as_ref()).await;
    if let Some(attempt) = attempt {
        let end = match &ended {
            Ok(done) => End::SignedIn { person: done.person.id, strength: done.enrolled.passkey.strength() },
            Err(refusal) => End::Refused { refusal, person: None },
        };
        record(&app, attempt.ended(&end, &app.hashes.signin, request.now));
    }
    answer(&app, &underway, ended.map_err(|refusal| refused(&refusal))?)
}

/// The label as typed; none when nothing was.
fn label(typed: &str) -> Result<Option<Label>, Refusal> {
    if typed.trim().is_empty() { Ok(None) } else { Label::parse(typed).map(Some) }
}

struct Done {
    enrolled: Enrolled,
    person: Person,
    passkeys: Vec<Passkey>,
    label: String,
}

async fn enrol(
    app: &App,
    underway: &Underway,
    taken: &Taken,
    request: &Ceremony<ResultRequest>,
    label: Option<&Label>,
) -> Result<Done, Refusal> {
    let now = request.now;
    let response =
        RegistrationResponse::parse(request.body.credential.get().as_bytes()).map_err(Refusal::ProofFailed)?;
    for _ in 0..ROUNDS_MAX {
        let session = request.visitor.session.as_deref();
        let workstation = request.visitor.workstation;
        let known = Known::load(app, &underway.journey, underway.pass.as_ref(), session, workstation, now)?;
        let mut entropy = ambient::entropy();
        let label_text = label.map_or("Passkey", Label::expose);
        let sealed_label = app
            .store
            .seal_for(known.person.id, PersonalKind::PasskeyLabel, label_text.as_bytes(), now, &mut entropy)
            .map_err(sealing_failed)?;
        let credential_known =
            app.store.passkey_by_credential(response.credential_id()).map_err(unavailable)?.is_some();
        let wanted = EnrolRequest { sealed_label, credential_known };
        let mut entropy = ambient::entropy();
        let facts = known.facts();
        let outcome = match signin::enrol(taken, &response, wanted, &facts, &app.signin(), now, &mut entropy) {
            Decision::Done(outcome) => outcome,
            Decision::Refused(outcome) => {
                let set = ChangeSet::new(now, outcome.changes, outcome.audit);
                commit(app, set).await.map_err(|_| Refusal::Unavailable)?;
                return Err(outcome.reply);
            }
            Decision::Need(question) => match question {},
        };
        match commit(app, ChangeSet::new(now, outcome.changes, outcome.audit)).await {
            Ok(()) => {
                let enrolled = outcome.reply;
                app.journeys.finish(enrolled.journey.clone(), now);
                let passkeys = app.store.passkeys_of(known.person.id).map_err(unavailable)?;
                return Ok(Done { enrolled, person: known.person, passkeys, label: label_text.to_owned() });
            }
            Err(CommitError::Lost(_)) => {}
            Err(CommitError::Failed) => return Err(Refusal::Unavailable),
        }
    }
    Err(Refusal::LostRace)
}

fn answer(app: &App, underway: &Underway, done: Done) -> Result<Response, Problem> {
    let signal = Signal::new(&app.rp, &done.person, &done.passkeys);
    let passkey = &done.enrolled.passkey;
    let body = json!({
        "next": next(underway),
        "passkey": { "id": passkey.id.to_string(), "label": done.label, "synced": passkey.synced() },
        "signal": signal_json(&signal),
    });
    let response = Json(body).into_response();
    Ok(match &done.enrolled.opened {
        Some(opened) => respond::with_cookie(response, app.cookies.set(Cookie::Session, &opened.cookie, None)),
        None => response,
    })
}

/// The facts of an enrolment, loaded.
struct Known<'a> {
    person: Person,
    pass: Option<EnrolmentPass>,
    session: Option<&'a Session>,
    held: Held,
    requirement: Requirement,
    workstation: Workstation,
}

/// How the authenticator will show the person.
struct Names {
    signin_name: String,
    display: String,
}

impl<'a> Known<'a> {
    fn load(
        app: &App,
        journey: &Journey,
        pass: Option<&[u8; 32]>,
        session: Option<&'a Session>,
        workstation: Workstation,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let (person, pass) = match journey.purpose {
            Purpose::Enrol(EnrolBy::Pass(id)) => {
                let pass = pass_under(app, pass.ok_or(Refusal::PassInvalid)?)?;
                if pass.id != id {
                    return Err(Refusal::PassInvalid);
                }
                (pass.person, Some(pass))
            }
            Purpose::AddPasskey(_) => (session.ok_or(Refusal::SessionEnded)?.authentication.person, None),
            Purpose::SignIn | Purpose::FreshProof(_) => return Err(Refusal::WrongStep),
        };
        let mut held = Held::load(app, Some(person)).map_err(unavailable)?;
        let person = held.person.take().ok_or(Refusal::PersonRefused)?;
        let requirement = requirement::of_person(app, &person, journey.tier, now);
        Ok(Self { person, pass, session, held, requirement, workstation })
    }

    /// A maker's word is asked for where something that this person uses may need it.
    fn attestation(&self) -> AttestationWanted {
        if self.requirement.attested_only { AttestationWanted::Direct } else { AttestationWanted::None }
    }

    fn facts(&self) -> EnrolFacts<'_> {
        EnrolFacts {
            person: Some(&self.person),
            pass: self.pass.as_ref(),
            session: self.session,
            holdings: self.held.holdings(),
            requirement: &self.requirement,
            workstation: self.workstation,
        }
    }

    fn names(&self, app: &App) -> Result<Names, Refusal> {
        let display = display_name(app, self.person.id)?;
        let signin_name = app.store.signin_names(self.person.id).map_err(unavailable)?.into_iter().next();
        Ok(Names { signin_name: signin_name.unwrap_or_else(|| display.clone()), display })
    }
}

/// The person's display name, or a neutral word when its key is gone.
pub(crate) fn display_name(app: &App, person: PersonId) -> Result<String, Refusal> {
    Ok(app.store.display_name(person).map_err(unavailable)?.unwrap_or_else(|| "You".to_owned()))
}

fn named_hash(app: &App, token: &model::Secret<String>) -> Result<[u8; 32], Refusal> {
    signin::pass_hash(&app.hashes.signin, token.expose()).ok_or(Refusal::PassInvalid)
}

fn pass_under(app: &App, hash: &[u8; 32]) -> Result<EnrolmentPass, Refusal> {
    app.store.pass_by_hash(hash).map_err(unavailable)?.ok_or(Refusal::PassInvalid)
}

pub(crate) fn sealing_failed(error: store::PersonalError) -> Refusal {
    tracing::error!(%error, "failed to seal a personal value");
    Refusal::Unavailable
}
