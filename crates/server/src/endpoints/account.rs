//! My account: what the person holds, and the changes that they make to it.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use model::{Decision, PasskeyId, Person, Session, Timestamp};
use passkey::Passkey;
use serde::Deserialize;
use serde_json::json;
use signin::{AccountFacts, Label, LastPasskey, Purpose, Refusal, ReturnTo, Signal};
use store::{ChangeSet, CommitError, PersonalKind, ReadError};
use web::{
    AccountPage, ApplicationRow, ErrorKind, LastUsed, Moment, PasskeyKeeping, PasskeyRow, PasskeyUser, SessionRow,
    SignedOutPage, SigninRow,
};

use super::{
    ceremony::{
        enrol::{display_name, fresh_proof_first, sealing_failed},
        refused,
        request::Ceremony,
        sign_in::{commit, unavailable},
        signal_json,
    },
    sign_in_page,
};
use crate::{ambient, cookies::Cookie, guard, problem::Problem, respond, state::App, visitor::Visitor};

/// Latest sign-ins shown.
const SIGNINS_SHOWN: usize = 8;

/// `GET /account`
pub(crate) async fn show(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let now = ambient::now();
    let visitor = Visitor::of(&app, &headers, now);
    let Some(session) = visitor.session.clone() else {
        return sign_in_page::begin(&app, &visitor, Purpose::SignIn, ReturnTo::Account, None, now);
    };
    match account(&app, &session, now) {
        Ok(Some(html)) => respond::page(&app, StatusCode::OK, AccountPage::KIND, html, None),
        // The person is gone; so is every right to see a page about them.
        Ok(None) => respond::with_cookie(
            sign_in_page::begin(&app, &visitor, Purpose::SignIn, ReturnTo::Account, None, now),
            app.cookies.clear(Cookie::Session),
        ),
        Err(error) => {
            tracing::error!(%error, "failed to read the account");
            respond::error(&app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "")
        }
    }
}

fn account(app: &App, session: &Session, now: Timestamp) -> Result<Option<String>, ReadError> {
    let Some(person) = app.store.person(session.authentication.person)? else { return Ok(None) };
    let passkeys = app.store.passkeys_of(person.id)?;
    let sessions = app.store.sessions_of(person.id)?;
    let display = app.store.display_name(person.id)?.unwrap_or_else(|| "You".to_owned());
    let signin_name = app.store.signin_names(person.id)?.into_iter().next().unwrap_or_else(|| display.clone());
    let labels: Vec<String> = passkeys.iter().map(|passkey| label(app, passkey)).collect();
    let opened_by =
        |passkey: &Passkey| sessions.iter().filter(|s| s.authentication.passkey == Some(passkey.id)).count();
    let page = AccountPage {
        site: &app.site,
        user: PasskeyUser {
            rp_id: app.rp.id.clone(),
            user_id: crypto::b64u(&person.user_handle),
            name: signin_name.clone(),
            display_name: display.clone(),
        },
        passkeys: passkeys
            .iter()
            .zip(&labels)
            .map(|(passkey, label)| PasskeyRow {
                id: passkey.id,
                label: label.clone(),
                keeping: keeping(passkey),
                created: Moment::new(passkey.created, now),
                last_used: LastUsed::new(passkey.last_used, now),
                used_for_this_session: session.authentication.passkey == Some(passkey.id),
                sessions: opened_by(passkey),
            })
            .collect(),
        sessions: session_rows(&sessions, session, &passkeys, &labels, now),
        applications: applications(app, &person, now)?,
        disclosures: Vec::new(),
        signins: signins(app, &person, now)?,
        person: display,
        signin_name,
    };
    Ok(Some(page.render()))
}

fn label(app: &App, passkey: &Passkey) -> String {
    let opened = app.store.open_for(passkey.person, PersonalKind::PasskeyLabel, &passkey.label);
    opened.ok().flatten().unwrap_or_else(|| "Passkey".to_owned())
}

fn keeping(passkey: &Passkey) -> PasskeyKeeping {
    match (passkey.backup_eligible, passkey.backed_up, passkey.attested) {
        (true, true, _) => PasskeyKeeping::Synced,
        (true, false, _) => PasskeyKeeping::NotYetSynced,
        (false, _, false) => PasskeyKeeping::OneDevice,
        (false, _, true) => PasskeyKeeping::OneDeviceAttested,
    }
}

fn session_rows(
    sessions: &[Session],
    own: &Session,
    passkeys: &[Passkey],
    labels: &[String],
    now: Timestamp,
) -> Vec<SessionRow> {
    let mut rows: Vec<SessionRow> = sessions
        .iter()
        .filter(|session| now < session.expires)
        .map(|session| SessionRow {
            id: session.id,
            this_one: session.id == own.id,
            passkey: passkeys
                .iter()
                .position(|passkey| session.authentication.passkey == Some(passkey.id))
                .map(|i| labels[i].clone())
                .unwrap_or_default(),
            created: Moment::new(session.created, now),
            expires: Moment::new(session.expires, now),
        })
        .collect();
    rows.sort_by_key(|row| !row.this_one);
    rows
}

fn applications(app: &App, person: &Person, now: Timestamp) -> Result<Vec<ApplicationRow>, ReadError> {
    let uses = app.store.applications_of(person.id, now)?;
    let row = |used: store::ApplicationUse| {
        let client = app.store.client(used.client.as_str())?;
        Some(ApplicationRow {
            name: client.name.clone(),
            host: client.redirect_uris.first().map(|uri| uri.host().to_owned()).unwrap_or_default(),
            may: used.scope.as_str().split(' ').map(|scope| web::scope_words(scope).title).collect(),
            allowed: Moment::new(used.since, now),
            last_used: LastUsed::new(Some(used.last_used), now),
            connected: used.connected,
            client: used.client,
        })
    };
    Ok(uses.into_iter().filter_map(row).collect())
}

fn signins(app: &App, person: &Person, now: Timestamp) -> Result<Vec<SigninRow>, ReadError> {
    let pseudonym = signin::pseudonym(&app.hashes.signin, person.id);
    let records = app.store.signin_records_of(&pseudonym, SIGNINS_SHOWN)?;
    let path = |record: &model::SigninRecord| match &record.path {
        Some(id) => app.store.client(id.as_str()).map_or_else(|| "An application".to_owned(), |c| c.name.clone()),
        None => "My account".to_owned(),
    };
    Ok(records
        .iter()
        .map(|record| SigninRow {
            at: Moment::new(record.at, now),
            path: path(record),
            method: record.method,
            outcome: record.outcome,
        })
        .collect())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RenameRequest {
    label: String,
}

/// `POST /api/account/passkeys/{id}/rename`
pub(crate) async fn rename(
    State(app): State<Arc<App>>,
    path: Result<Path<String>, PathRejection>,
    request: Ceremony<RenameRequest>,
) -> Result<Response, Problem> {
    let session = request.visitor.session.as_deref().ok_or_else(|| refused(&Refusal::SessionEnded))?;
    let renamed = async {
        let label = Label::parse(&request.body.label)?;
        let held = Held::load(&app, session, path.ok())?;
        let mut entropy = ambient::entropy();
        let person = session.authentication.person;
        let sealed = app
            .store
            .seal_for(person, PersonalKind::PasskeyLabel, label.expose().as_bytes(), request.now, &mut entropy)
            .map_err(sealing_failed)?;
        settle(&app, signin::rename_passkey(&held.facts(session), sealed, request.now), request.now).await?;
        Ok(label)
    };
    let label = renamed.await.map_err(|refusal| refused(&refusal))?;
    Ok(Json(json!({ "label": label.expose() })).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RemoveRequest {
    #[serde(default)]
    confirm_last: bool,
}

/// `POST /api/account/passkeys/{id}/remove`
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    path: Result<Path<String>, PathRejection>,
    mut request: Ceremony<RemoveRequest>,
) -> Result<Response, Problem> {
    let session = request.visitor.session.clone().ok_or_else(|| refused(&Refusal::SessionEnded))?;
    let last = if request.body.confirm_last { LastPasskey::MayGo } else { LastPasskey::Keep };
    let removed = async {
        let held = Held::load(&app, &session, path.ok())?;
        let removed =
            settle(&app, signin::remove_passkey(&held.facts(&session), last, request.now), request.now).await?;
        let person =
            app.store.person(session.authentication.person).map_err(unavailable)?.ok_or(Refusal::PersonRefused)?;
        let left = app.store.passkeys_of(person.id).map_err(unavailable)?;
        Ok((removed, Signal::new(&app.rp, &person, &left)))
    };
    match removed.await {
        Ok((removed, signal)) => {
            let body = Json(json!({ "signal": signal_json(&signal), "signed_out": removed.signed_out }));
            let response = body.into_response();
            Ok(if removed.signed_out {
                respond::with_cookie(response, app.cookies.clear(Cookie::Session))
            } else {
                response
            })
        }
        Err(Refusal::FreshProofNeeded) => {
            let browser = request.browser()?;
            Err(fresh_proof_first(&app, Some(&session), &browser, request.now, &mut request.entropy))
        }
        Err(refusal) => Err(refused(&refusal)),
    }
}

/// `POST /sign-out`: an ordinary form post from one of our own pages.
pub(crate) async fn sign_out(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    if !guard::same_origin(&headers, &app.settings.issuer) {
        return respond::error(&app, StatusCode::FORBIDDEN, ErrorKind::CrossOrigin, "");
    }
    let now = ambient::now();
    if let Some(session) = Visitor::session(&app, &headers, now) {
        let outcome = signin::sign_out(&session, now);
        if commit(&app, ChangeSet::new(now, outcome.changes, outcome.audit)).await.is_err() {
            return respond::error(&app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "");
        }
    }
    // A page of its own, so that reloading it does not post again.
    respond::with_cookie(respond::see_other("/signed-out"), app.cookies.clear(Cookie::Session))
}

/// `GET /signed-out`
pub(crate) async fn signed_out(State(app): State<Arc<App>>) -> Response {
    let html = SignedOutPage { site: &app.site }.render();
    respond::page(&app, StatusCode::OK, SignedOutPage::KIND, html, None)
}

/// The passkey that a request names, with what else the engine asks for.
struct Held {
    passkeys: Vec<Passkey>,
    named: Option<PasskeyId>,
}

impl Held {
    /// An address that can't be read names no passkey, as an id that can't be read does.
    fn load(app: &App, session: &Session, path: Option<Path<String>>) -> Result<Self, Refusal> {
        let passkeys = app.store.passkeys_of(session.authentication.person).map_err(unavailable)?;
        Ok(Self { passkeys, named: path.and_then(|Path(id)| id.parse().ok()) })
    }

    fn facts<'a>(&'a self, session: &'a Session) -> AccountFacts<'a> {
        let passkey = self.passkeys.iter().find(|passkey| Some(passkey.id) == self.named);
        AccountFacts { session, passkey, held: self.passkeys.len() }
    }
}

/// Commits a decision about the account; a lost race is reported, for the page shows what changed.
async fn settle<R>(
    app: &App,
    decision: Decision<R, Refusal, model::decision::NoQuestion, signin::Change>,
    now: Timestamp,
) -> Result<R, Refusal> {
    let (reply, changes, audit) = match decision {
        Decision::Done(outcome) => (Ok(outcome.reply), outcome.changes, outcome.audit),
        Decision::Refused(outcome) => (Err(outcome.reply), outcome.changes, outcome.audit),
        Decision::Need(question) => match question {},
    };
    match commit(app, ChangeSet::new(now, changes, audit)).await {
        Ok(()) => reply,
        Err(CommitError::Lost(_)) => Err(Refusal::LostRace),
        Err(CommitError::Failed) => Err(Refusal::Unavailable),
    }
}

/// The name by which pages greet the session's person.
pub(crate) fn greeting(app: &App, session: &Session) -> Result<String, Refusal> {
    display_name(app, session.authentication.person)
}
