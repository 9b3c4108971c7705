//! The pages where a person types a device's code and answers (RFC 8628 §3.3). The code is always typed, and the answer repeats it.

use std::{net::IpAddr, sync::Arc};

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use model::{Decision, Session, Timestamp};
use oauth::{
    Client,
    device::{
        DeviceGrant, UserCode,
        approve::{self, DeviceNeed, DevicePageFacts, DevicePageFault, DeviceShown, Said},
    },
};
use signin::{Purpose, ReturnTo};
use store::{CommitError, PreconditionFailed, ReadError};
use web::{
    Asks, DeviceAnswered, DeviceCodePage, DeviceConfirmPage, DeviceDonePage, DeviceProblem, ErrorKind, Moment,
    WaitPage, WaitReason,
};

use crate::{
    ambient,
    clients::{self, with_client},
    commit::commit,
    endpoints::{
        account,
        authorize::mark,
        sign_in_page::{self, Opening},
    },
    form::Form,
    limits::LimitKind,
    requirement, respond,
    state::App,
    visitor::{Address, Visitor},
};

/// Where these pages are.
const HERE: &str = "/device";
/// Times that a lost race is decided again.
const ROUNDS_MAX: u8 = 3;
/// Longest text shown again in the field, in characters: as many as it takes.
const TYPED_CHARS_MAX: usize = 16;

/// `GET /device`
pub(crate) async fn show(State(app): State<Arc<App>>, Address(address): Address, headers: HeaderMap) -> Response {
    let now = ambient::now();
    let visitor = Visitor::of(&app, &headers, now);
    if visitor.session.is_none() {
        return sign_in_first(&app, &visitor, address, now);
    }
    code_page(&app, "", None)
}

/// `POST /device`: a code was typed.
pub(crate) async fn typed(
    State(app): State<Arc<App>>,
    Address(address): Address,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let form = match Form::read(&app, &headers, body).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let visit = Visit::of(&app, &headers, address);
    let Some(session) = visit.visitor.session.clone() else {
        return sign_in_first(&app, &visit.visitor, visit.address, visit.now);
    };
    if let Err(wait) = app.limits.peek(LimitKind::DeviceCodeGuess, address, visit.now) {
        return slow_down(&app, wait.seconds);
    }
    let code = form.value("code");
    match decide(&app, &visit, code, approve::look_up).await {
        Ok(Outcome::Reply(shown, client)) => confirm(&app, &visit, &session, code, shown, &client),
        Ok(Outcome::Response(response)) => response,
        Err(error) => unreadable(&app, &error),
    }
}

/// `POST /device/answer`: yes or no.
pub(crate) async fn answer(
    State(app): State<Arc<App>>,
    Address(address): Address,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let form = match Form::read(&app, &headers, body).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let visit = Visit::of(&app, &headers, address);
    let Some(session) = visit.visitor.session.clone() else {
        return sign_in_first(&app, &visit.visitor, visit.address, visit.now);
    };
    let code = form.value("code");
    let Ok(parsed) = UserCode::parse(code) else {
        return code_page(&app, "", Some(DeviceProblem::Malformed));
    };
    if !crypto::equal(form.value("csrf").as_bytes(), form_token(&app, &parsed, &session).as_bytes()) {
        return respond::error(&app, StatusCode::FORBIDDEN, ErrorKind::CrossOrigin, "");
    }
    let said = match form.value("answer") {
        "allow" => Said::Approve,
        "deny" => Said::Deny,
        _ => return respond::error(&app, StatusCode::BAD_REQUEST, ErrorKind::BadRequest, ""),
    };
    let answered = decide(&app, &visit, code, |typed, facts, now| approve::answer(typed, said, facts, now)).await;
    match answered {
        Ok(Outcome::Reply(answered, _)) => {
            let answer = match answered.said {
                Said::Approve => DeviceAnswered::Allowed,
                Said::Deny => DeviceAnswered::Denied,
            };
            let html = DeviceDonePage { site: &app.site, application: answered.client_name, answer }.render();
            respond::page(&app, StatusCode::OK, DeviceDonePage::KIND, html, None)
        }
        Ok(Outcome::Response(response)) => response,
        Err(error) => unreadable(&app, &error),
    }
}

/// Who is here, from where, and when.
struct Visit {
    visitor: Visitor,
    address: IpAddr,
    now: Timestamp,
}

impl Visit {
    fn of(app: &App, headers: &HeaderMap, address: IpAddr) -> Self {
        let now = ambient::now();
        Self { visitor: Visitor::of(app, headers, now), address, now }
    }
}

/// What one decision comes to.
enum Outcome<R> {
    Reply(R, Arc<Client>),
    Response(Response),
}

type Decided<R> = Decision<R, DevicePageFault, DeviceNeed, oauth::Change>;

/// Loads, asks and commits; what is no reply is answered here.
async fn decide<R>(
    app: &App,
    visit: &Visit,
    typed: &str,
    ask: impl Fn(&str, &DevicePageFacts<'_>, Timestamp) -> Decided<R>,
) -> Result<Outcome<R>, ReadError> {
    for _ in 0..ROUNDS_MAX {
        let loaded = Loaded::load(app, visit, typed)?;
        let facts = loaded.facts(app, visit);
        match ask(typed, &facts, visit.now) {
            Decision::Done(outcome) => {
                let Some(client) = loaded.client.clone() else { break };
                let mut set = with_client(app, Some(&client), outcome.changes, outcome.audit, visit.now);
                // Who signs out meanwhile takes the answer along.
                if let Some(session) = &visit.visitor.session {
                    let live = signin::Change::RequireSession { id: session.id, at: visit.now };
                    set.changes.insert(0, live.into());
                }
                match commit(app, set).await {
                    Ok(()) => return Ok(Outcome::Reply(outcome.reply, client)),
                    Err(CommitError::Lost(PreconditionFailed::SessionEnded)) => {
                        return Ok(Outcome::Response(sign_in_first(app, &visit.visitor, visit.address, visit.now)));
                    }
                    Err(CommitError::Lost(_)) => {}
                    Err(CommitError::Failed) => break,
                }
            }
            Decision::Refused(outcome) => {
                let set = with_client(app, None, outcome.changes, outcome.audit, visit.now);
                if commit(app, set).await.is_err() {
                    break;
                }
                return Ok(Outcome::Response(refused(app, visit, typed, outcome.reply)));
            }
            Decision::Need(DeviceNeed::SignIn) => {
                return Ok(Outcome::Response(sign_in_first(app, &visit.visitor, visit.address, visit.now)));
            }
            Decision::Need(DeviceNeed::StepUp { .. }) => {
                return Ok(Outcome::Response(step_up(app, visit, loaded.client.as_deref())));
            }
        }
    }
    Ok(Outcome::Response(respond::error(app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "")))
}

/// The facts of one typed code.
struct Loaded {
    grant: Option<DeviceGrant>,
    client: Option<Arc<Client>>,
    person: Option<model::Person>,
    requirement_met: bool,
}

impl Loaded {
    fn load(app: &App, visit: &Visit, typed: &str) -> Result<Self, ReadError> {
        let grant = match UserCode::parse(typed) {
            Ok(code) => app.store.device_grant_by_user_code(&code.hash(&app.tokens))?,
            Err(_) => None,
        };
        let client = grant.as_ref().and_then(|grant| clients::known(app, grant.client.as_str(), visit.now));
        let person = match &visit.visitor.session {
            Some(session) => app.store.person(session.authentication.person)?,
            None => None,
        };
        let requirement_met = match (&person, &visit.visitor.session, &client) {
            (Some(person), Some(session), Some(client)) => {
                let workstation = visit.visitor.workstation;
                requirement::session_serves(app, person, session, client.tier, workstation, visit.now)?.is_met()
            }
            (_, _, _) => false,
        };
        Ok(Self { grant, client, person, requirement_met })
    }

    fn facts<'a>(&'a self, app: &'a App, visit: &'a Visit) -> DevicePageFacts<'a> {
        DevicePageFacts {
            keys: &app.tokens,
            grant: self.grant.as_ref(),
            client: self.client.as_deref(),
            session: visit.visitor.session.as_deref(),
            person: self.person.as_ref(),
            requirement_met: self.requirement_met,
        }
    }
}

fn confirm(app: &App, visit: &Visit, session: &Session, typed: &str, shown: DeviceShown, client: &Client) -> Response {
    let (Ok(code), Ok(person)) = (UserCode::parse(typed), account::greeting(app, session)) else {
        return respond::error(app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "");
    };
    let mut scopes: Vec<&str> = shown.scope.iter().collect();
    scopes.sort_by_key(|scope| *scope != "openid");
    let html = DeviceConfirmPage {
        site: &app.site,
        asks: Asks::Application { name: shown.client_name, host: String::new() },
        client: mark(client),
        place: shown.place,
        asked: Moment::new(shown.started, visit.now).relative,
        csrf: form_token(app, &code, session),
        code: code.shown(),
        scopes: scopes.into_iter().map(web::scope_words).collect(),
        person,
        computer: visit.visitor.computer(),
    }
    .render();
    respond::page(app, StatusCode::OK, DeviceConfirmPage::KIND, html, None)
}

/// Proves that this code's page was shown in this session.
fn form_token(app: &App, code: &UserCode, session: &Session) -> String {
    let code = code.hash(&app.tokens);
    crypto::b64u(&app.hashes.consent_form.hash("device form", &[&code, session.id.as_bytes()]))
}

fn refused(app: &App, visit: &Visit, typed: &str, fault: DevicePageFault) -> Response {
    tracing::info!(%fault, "a device's code is refused");
    if fault.is_guess() {
        app.limits.count(LimitKind::DeviceCodeGuess, visit.address, visit.now);
    }
    let problem = match fault {
        DevicePageFault::NotACode => DeviceProblem::Malformed,
        // One text for every code that is no good, so that guessing teaches nothing.
        DevicePageFault::Unknown
        | DevicePageFault::Expired
        | DevicePageFault::Answered
        | DevicePageFault::TooManyLookUps => DeviceProblem::Unknown,
        DevicePageFault::ClientRefused | DevicePageFault::PersonRefused => DeviceProblem::NotAllowed,
        DevicePageFault::Incomplete => {
            return respond::error(app, StatusCode::INTERNAL_SERVER_ERROR, ErrorKind::Internal, "");
        }
    };
    code_page(app, typed, Some(problem))
}

/// The page for typing a code; with a problem it is an answer to a bad one.
fn code_page(app: &App, typed: &str, problem: Option<DeviceProblem>) -> Response {
    let status = if problem.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    // What was typed stays, to be mended: in the shape of a code where it is one, and no more of it than the field holds.
    let typed = UserCode::parse(typed)
        .map_or_else(|_| typed.trim().chars().take(TYPED_CHARS_MAX).collect(), |code| code.shown());
    let html = DeviceCodePage { site: &app.site, typed, problem }.render();
    respond::page(app, status, DeviceCodePage::KIND, html, None)
}

fn slow_down(app: &App, seconds: u32) -> Response {
    let html =
        WaitPage { site: &app.site, reason: WaitReason::TooManyDeviceCodes, seconds, again: HERE.to_owned() }.render();
    let page = respond::page(app, StatusCode::TOO_MANY_REQUESTS, WaitPage::KIND, html, None);
    respond::retry_after(page, seconds)
}

fn sign_in_first(app: &App, visitor: &Visitor, address: IpAddr, now: Timestamp) -> Response {
    sign_in_page::begin(app, visitor, address, Opening::new(Purpose::SignIn, ReturnTo::Account).back(HERE), now)
}

/// A stronger proof, then the code once more: what was typed waits nowhere.
fn step_up(app: &App, visit: &Visit, client: Option<&Client>) -> Response {
    let (Some(session), Some(client)) = (visit.visitor.session.as_deref(), client) else {
        return sign_in_first(app, &visit.visitor, visit.address, visit.now);
    };
    let opening = Opening::new(Purpose::FreshProof(session.id), ReturnTo::Account).at(client).back(HERE);
    sign_in_page::begin(app, &visit.visitor, visit.address, opening, visit.now)
}

fn unreadable(app: &App, error: &ReadError) -> Response {
    tracing::error!(%error, "failed to read a device's grant");
    respond::error(app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "")
}
