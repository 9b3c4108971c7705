//! The demonstration's tour: what to try next, and a tick for what was done. Ticks come from what really happened, as the audit and the
//! records tell it, so a second start goes on where the first one stopped.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use model::{Actor, AuditEvent, AuditKind, Decision, Person};
use oauth::{AuthorizeFault, RawParams};
use signin::{PassIssuer, PassRequest, limits};
use store::{ChangeSet, ReadError};
use web::{Door, ErrorKind, Fact, Step, StepAction, StepState, TourPage};

use crate::{ambient, guard, respond, state::App};

/// Audit events looked at for ticks: far more than a tour makes.
const AUDIT_LOOK: usize = 1_000;
/// Latest audit events shown.
const EVENTS_SHOWN: usize = 6;
/// Example people looked at to find one without a passkey.
const PEOPLE_LOOK: usize = 200;

/// What is recorded once in each run and not each time, because strangers could make it grow.
#[derive(Default)]
pub(crate) struct DemoSeen {
    wrong_redirect: AtomicBool,
    stepped_up: AtomicBool,
    data: AtomicBool,
}

impl DemoSeen {
    /// Notes a refused authorization request, so that the tour's tick outlives a restart. Nothing waits for it: a tick that is lost is
    /// earned again by trying again.
    pub(crate) fn note(&self, app: &App, fault: AuthorizeFault) {
        let wanted = app.settings.demo.is_some() && fault == AuthorizeFault::RedirectUnregistered;
        if wanted && !self.wrong_redirect.swap(true, Ordering::Relaxed) {
            let event = AuditEvent::new(AuditKind::RedirectRefused, Actor::System);
            if app.store.commit(ChangeSet::new(ambient::now(), Vec::<store::Change>::new(), vec![event])).is_err() {
                self.wrong_redirect.store(false, Ordering::Relaxed);
            }
        }
    }

    /// Notes that somebody proved again because an application asked for a fresh or stronger proof.
    pub(crate) fn note_step_up(&self, app: &App, asked: &RawParams<'_>) {
        let wanted = ["max_age", "acr_values"].iter().any(|name| asked.value(name).is_some());
        if wanted && app.settings.demo.is_some() && !self.stepped_up.swap(true, Ordering::Relaxed) {
            let event = AuditEvent::new(AuditKind::SteppedUp, Actor::System);
            if app.store.commit(ChangeSet::new(ambient::now(), Vec::<store::Change>::new(), vec![event])).is_err() {
                self.stepped_up.store(false, Ordering::Relaxed);
            }
        }
    }

    /// Notes that somebody looked at who has seen their data, when there was something to see.
    pub(crate) fn note_data(&self) {
        self.data.store(true, Ordering::Relaxed);
    }
}

/// What has happened so far.
struct Progress {
    enrolled: u64,
    signed_in: u64,
    redeemed: u64,
    refreshed: u64,
    code_replayed: u64,
    audit_events: u64,
    latest: Vec<Fact>,
    records: usize,
    wrong_redirect: bool,
    stepped_up: bool,
    withdrawn: u64,
    disclosed: u64,
    data_seen: bool,
}

impl Progress {
    fn load(app: &App) -> Result<Self, ReadError> {
        let audit = app.store.audit_tail(AUDIT_LOOK)?;
        let now = ambient::now();
        let latest = audit.iter().take(EVENTS_SHOWN);
        let latest = latest.map(|row| fact(&row.kind, web::Moment::new(row.at, now).relative)).collect();
        let count = |kind: AuditKind| audit.iter().filter(|row| row.kind == kind.as_str()).count() as u64;
        Ok(Self {
            enrolled: count(AuditKind::PasskeyEnrolled),
            signed_in: count(AuditKind::SignedIn),
            redeemed: count(AuditKind::CodeRedeemed),
            refreshed: count(AuditKind::TokenRefreshed),
            code_replayed: count(AuditKind::CodeReplayed),
            audit_events: audit.first().map_or(0, |newest| newest.seq),
            latest,
            records: app.store.signin_records_tail(500)?.len(),
            // The record may still be on its way to the disk when the tour is looked at.
            wrong_redirect: app.demo_seen.wrong_redirect.load(Ordering::Relaxed)
                || count(AuditKind::RedirectRefused) > 0,
            stepped_up: app.demo_seen.stepped_up.load(Ordering::Relaxed) || count(AuditKind::SteppedUp) > 0,
            withdrawn: count(AuditKind::ConsentWithdrawn),
            disclosed: count(AuditKind::Disclosed),
            data_seen: app.demo_seen.data.load(Ordering::Relaxed),
        })
    }
}

/// `GET /tour`
pub(crate) async fn show(State(app): State<Arc<App>>) -> Response {
    let Some(demo) = &app.settings.demo else {
        return respond::error(&app, StatusCode::NOT_FOUND, ErrorKind::NotFound, "");
    };
    let progress = match Progress::load(&app) {
        Ok(progress) => progress,
        Err(error) => {
            tracing::error!(%error, "failed to read the tour's progress");
            return respond::error(&app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "");
        }
    };
    let doors = vec![sign_in_door(&progress, &demo.app_url), applications_door(&progress, &demo.app_url)];
    let html = TourPage { site: &app.site, doors }.render();
    respond::page(&app, StatusCode::OK, TourPage::KIND, html, None)
}

fn sign_in_door(progress: &Progress, app_url: &str) -> Door {
    let enrolled = progress.enrolled > 0;
    let signed_in = progress.redeemed > 0;
    Door {
        id: "sign-in".into(),
        title: "I secure sign-in".into(),
        promise: "Enrol a passkey, sign in with it, and see what was recorded.".into(),
        steps: vec![
            Step {
                title: "Enrol a passkey".into(),
                why: "You play one of the example organisation's people. A link, opened once, is all it takes.".into(),
                state: state(enrolled, true, true),
                action: StepAction::Post { action: "/tour/enrol".into(), label: if enrolled { "Enrol as someone else".into() } else { "Enrol a passkey".into() } },
                facts: if enrolled { vec![fact("Passkeys enrolled so far", progress.enrolled.to_string())] } else { Vec::new() },
                help: "No fingerprint reader or screen lock here? A phone works too: choose it in the browser's window. In Chrome you can also open the developer tools, More tools, WebAuthn, and add a virtual authenticator with a resident key and user verification.".into(),
            },
            Step {
                title: "Sign in to an application".into(),
                why: "Harbour Notes is an application of its own. It only knows Lockgate's address.".into(),
                state: state(signed_in, enrolled, !signed_in),
                action: StepAction::Link { href: app_url.to_owned(), label: "Open Harbour Notes".into() },
                facts: Vec::new(),
                help: String::new(),
            },
            Step {
                title: "See what was recorded".into(),
                why: "Every change is in a hash-chained audit log, and every attempt to sign in leaves a record without a name.".into(),
                state: state(signed_in, signed_in, signed_in),
                action: StepAction::Link { href: "/account".into(), label: "Open My account".into() },
                facts: if signed_in { recorded(progress) } else { Vec::new() },
                help: String::new(),
            },
        ],
    }
}

/// Totals, then the latest events by name, the newest first.
fn recorded(progress: &Progress) -> Vec<Fact> {
    let mut facts = vec![
        fact("Audit events", progress.audit_events.to_string()),
        fact("Sign-in records", progress.records.to_string()),
        fact("Sessions started", progress.signed_in.to_string()),
    ];
    facts.extend(progress.latest.iter().cloned());
    facts
}

fn applications_door(progress: &Progress, app_url: &str) -> Door {
    let signed_in = progress.redeemed > 0;
    let refreshed = progress.refreshed > 0;
    let replayed = progress.code_replayed > 0;
    let attacked = progress.wrong_redirect;
    let open = |label: &str| StepAction::Link { href: app_url.to_owned(), label: label.to_owned() };
    Door {
        id: "applications".into(),
        title: "I secure applications".into(),
        promise: "See what an application gets, then attack it and watch the attack fail.".into(),
        steps: vec![
            Step {
                title: "See what the application got".into(),
                why:
                    "An identifier made for this application alone, and how you signed in. A name only when it asks, and you can see that it did."
                        .into(),
                state: state(signed_in, true, true),
                action: open("Open Harbour Notes"),
                facts: counted("Codes redeemed", progress.redeemed),
                help: "Harbour Notes asks you to sign in first; the other door shows how to enrol a passkey for that."
                    .into(),
            },
            Step {
                title: "Refresh its tokens".into(),
                why: "Each refresh token works once. Its successor is on disk before the answer leaves.".into(),
                state: state(refreshed, signed_in, signed_in && !refreshed),
                action: open("Refresh in Harbour Notes"),
                facts: counted("Refreshes", progress.refreshed),
                help: String::new(),
            },
            Step {
                title: "Replay a code".into(),
                why: "A code that was stolen and redeemed again is refused, and what it had become is revoked.".into(),
                state: state(replayed, signed_in, refreshed && !replayed),
                action: open("Attack from Harbour Notes"),
                facts: counted("Replayed codes refused", progress.code_replayed),
                help: String::new(),
            },
            Step {
                title: "Send the answer to the wrong place".into(),
                why: "A redirect address that is not registered is never redirected to: you get an error page instead."
                    .into(),
                state: state(progress.wrong_redirect, signed_in, replayed && !progress.wrong_redirect),
                action: open("Attack from Harbour Notes"),
                facts: Vec::new(),
                help: String::new(),
            },
            Step {
                title: "Ask for more".into(),
                why: "A sensitive part of Harbour Notes asks for a proof of this moment, and gets it in the token.".into(),
                state: state(progress.stepped_up, signed_in, attacked && !progress.stepped_up),
                action: StepAction::Link { href: format!("{app_url}/#vault"), label: "Open the vault".to_owned() },
                facts: Vec::new(),
                help: String::new(),
            },
            Step {
                title: "See who has seen your data".into(),
                why: "Every first telling leaves a receipt before the answer goes out. Call userinfo in Harbour Notes, then look.".into(),
                state: state(progress.data_seen, signed_in, progress.stepped_up && !progress.data_seen),
                action: StepAction::Link { href: "/account/data".into(), label: "See who has seen it".into() },
                facts: counted("Receipts written", progress.disclosed),
                help: String::new(),
            },
            Step {
                title: "Take an application's access away".into(),
                why: "One press ends its tokens at once; the next refresh is refused.".into(),
                state: state(progress.withdrawn > 0, signed_in, progress.data_seen && progress.withdrawn == 0),
                action: StepAction::Link { href: "/account/apps".into(), label: "Open your applications".into() },
                facts: counted("Accesses taken away", progress.withdrawn),
                help: String::new(),
            },
        ],
    }
}

/// One figure, once there is something to count.
fn counted(name: &str, count: u64) -> Vec<Fact> {
    if count == 0 { Vec::new() } else { vec![fact(name, count.to_string())] }
}

fn fact(name: &str, value: String) -> Fact {
    Fact { name: name.to_owned(), value }
}

const fn state(done: bool, possible: bool, next: bool) -> StepState {
    match (done, possible, next) {
        (true, _, _) => StepState::Done,
        (false, false, _) => StepState::Locked,
        (false, true, true) => StepState::Next,
        (false, true, false) => StepState::Open,
    }
}

/// `POST /tour/enrol`: an enrolment link for the next example person who has no passkey yet.
pub(crate) async fn enrol(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    if !guard::same_origin(&headers, &app.settings.issuer) {
        return respond::error(&app, StatusCode::FORBIDDEN, ErrorKind::CrossOrigin, "");
    }
    match link(&app).await {
        Ok(Some(token)) => respond::see_other(&format!("/enrol#{}", token.expose())),
        Ok(None) => respond::error(
            &app,
            StatusCode::CONFLICT,
            ErrorKind::Unavailable,
            "every example person has a passkey by now; start again with --fresh",
        ),
        Err(error) => {
            tracing::error!(%error, "failed to issue the tour's enrolment link");
            respond::error(&app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "")
        }
    }
}

async fn link(app: &App) -> Result<Option<model::Secret<String>>, ReadError> {
    let Some(person) = without_passkey(app)? else { return Ok(None) };
    let now = ambient::now();
    let request =
        PassRequest { person: &person, held: 0, issuer: PassIssuer::Operator, seconds: limits::PASS_SECONDS_DEFAULT };
    let outcome = match signin::issue_pass(&request, &app.hashes.signin, now, &mut ambient::entropy()) {
        Decision::Done(outcome) => outcome,
        Decision::Refused(_) => return Ok(None),
        Decision::Need(question) => match question {},
    };
    let set = ChangeSet::new(now, outcome.changes, outcome.audit);
    let committed = match app.store.commit(set) {
        Ok(pending) => pending.await.is_ok(),
        Err(store::Busy) => false,
    };
    Ok(committed.then_some(outcome.reply.token))
}

/// The first example person who may sign in and has no passkey.
fn without_passkey(app: &App) -> Result<Option<Person>, ReadError> {
    let now = ambient::now();
    for person in app.store.persons(None, PEOPLE_LOOK)? {
        if person.may_sign_in(now) && app.store.passkeys_of(person.id)?.is_empty() {
            return Ok(Some(person));
        }
    }
    Ok(None)
}
