//! `/account/password`: setting, changing and removing one's own password.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use crypto::password::Password;
use model::Decision;
use signin::{
    PasswordAnswers, PasswordQuestion, Refusal, Stranding, limits,
    password::{Pattern, Weakness},
};
use store::{ChangeSet, CommitError};
use web::{AccountSaid, ConfirmPage, NewPasswordPage, PasswordFlaw, SigninProblem, StrandingAct};

use super::{
    owner::{Owner, said},
    settle::settle,
    ways,
};
use crate::{
    ambient, commit::commit, endpoints::ceremony, form::Form, passwords::Turn, respond, state::App, visitor::Address,
};

const HERE: &str = "/account/password";
/// Questions that one password can raise, and one more round for the answer.
const ROUNDS_MAX: u8 = 3;

/// `GET /account/password`
pub(crate) async fn show(State(app): State<Arc<App>>, address: Address, headers: HeaderMap) -> Response {
    let owner = match Owner::load(&app, address, &headers, HERE) {
        Ok(owner) => owner,
        Err(response) => return *response,
    };
    if !owner.requirement.offers_password() {
        return respond::see_other(ways::HERE);
    }
    match owner.proved(&app, HERE) {
        Ok(()) => page(&app, &owner, Vec::new(), None),
        Err(response) => *response,
    }
}

fn page(app: &App, owner: &Owner, flaws: Vec<PasswordFlaw>, problem: Option<SigninProblem>) -> Response {
    let status = match (&problem, flaws.is_empty()) {
        (Some(problem), _) => ceremony::status(*problem),
        (None, true) => StatusCode::OK,
        (None, false) => StatusCode::BAD_REQUEST,
    };
    let characters_min = if owner.requirement.password_alone() {
        limits::PASSWORD_CHARACTERS_MIN_ALONE
    } else {
        limits::PASSWORD_CHARACTERS_MIN_WITH_SECOND
    };
    let html = NewPasswordPage {
        site: &app.site,
        who: owner.who(None),
        changing: owner.held.password.is_some(),
        characters_min,
        flaws,
        problem,
    }
    .render();
    respond::page(app, status, NewPasswordPage::KIND, html, None)
}

/// `POST /account/password`
pub(crate) async fn set(State(app): State<Arc<App>>, address: Address, headers: HeaderMap, body: Body) -> Response {
    let (owner, form) = match Owner::posting(&app, address, &headers, body, HERE).await {
        Ok(posting) => posting,
        Err(response) => return response,
    };
    let owner = Arc::new(owner);
    let Ok(new) = Password::parse(form.secret("password")) else {
        return page(&app, &owner, Vec::new(), Some(SigninProblem::PasswordInvalid));
    };
    let Ok(turn) = app.passwords.turn().await else { return busy(&app) };
    let changing = owner.held.password.is_some();
    match chosen(&app, &owner, &turn, Arc::new(new)).await {
        Ok(()) => said(ways::HERE, if changing { AccountSaid::PasswordChanged } else { AccountSaid::PasswordSet }),
        Err(Refusal::PasswordWeak(weak)) => page(&app, &owner, weak.into_iter().map(flaw).collect(), None),
        Err(refusal) => owner.refused(&app, &refusal, HERE),
    }
}

fn busy(app: &App) -> Response {
    let html =
        web::WaitPage { site: &app.site, reason: web::WaitReason::Busy, seconds: BUSY_SECONDS, again: HERE.to_owned() }
            .render();
    let response = respond::page(app, StatusCode::SERVICE_UNAVAILABLE, web::WaitPage::KIND, html, None);
    respond::retry_after(response, BUSY_SECONDS)
}

/// What a full pool asks people to wait, in seconds.
const BUSY_SECONDS: u32 = 5;

/// Judges, hashes and stores a new password. Judging is work for the pool's threads too.
async fn chosen(app: &Arc<App>, owner: &Arc<Owner>, turn: &Turn<'_>, new: Arc<Password>) -> Result<(), Refusal> {
    let unavailable = |_| Refusal::Unavailable;
    let words = vec![app.settings.organisation.clone(), app.settings.rp_id.clone(), "Lockgate".to_owned()];
    let mut answers = PasswordAnswers::default();
    for _ in 0..ROUNDS_MAX {
        let (judged, candidate, words, known) = (owner.clone(), new.clone(), words.clone(), answers.clone());
        let decision = turn
            .run(move || {
                let mut names: Vec<&str> = judged.names.iter().map(String::as_str).collect();
                names.push(&judged.display);
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                let mut entropy = ambient::entropy();
                let facts = judged.own();
                signin::set_password(&facts, &candidate, &names, &words, &known, judged.now, &mut entropy)
            })
            .await
            .map_err(unavailable)?;
        let outcome = match decision {
            Decision::Need(PasswordQuestion::Breach(question)) => {
                answers.breach = Some(turn.breached(question).await.map_err(unavailable)?);
                continue;
            }
            Decision::Need(PasswordQuestion::Hash { salt }) => {
                answers.hashed = Some(turn.hash(&new, salt).await.map_err(unavailable)?);
                continue;
            }
            Decision::Refused(outcome) => return Err(outcome.reply),
            Decision::Done(outcome) => outcome,
        };
        return match commit(app, ChangeSet::new(owner.now, outcome.changes, outcome.audit)).await {
            Ok(()) => Ok(()),
            Err(CommitError::Lost(_)) => Err(Refusal::LostRace),
            Err(CommitError::Failed) => Err(Refusal::Unavailable),
        };
    }
    Err(Refusal::Unavailable)
}

const fn flaw(weakness: Weakness) -> PasswordFlaw {
    match weakness {
        Weakness::TooShort { characters_min } => PasswordFlaw::TooShort { characters_min },
        Weakness::ContainsName => PasswordFlaw::ContainsName,
        Weakness::Guessable(Pattern::Common) => PasswordFlaw::Common,
        Weakness::Guessable(Pattern::NameOrWord) => PasswordFlaw::NameOrWord,
        Weakness::Guessable(Pattern::Keyboard) => PasswordFlaw::Keyboard,
        Weakness::Guessable(Pattern::Repetition) => PasswordFlaw::Repetition,
        Weakness::Guessable(Pattern::Sequence) => PasswordFlaw::Sequence,
        Weakness::Guessable(Pattern::Date) => PasswordFlaw::Date,
        Weakness::Guessable(Pattern::Simple) => PasswordFlaw::Simple,
        Weakness::Breached { times } => PasswordFlaw::Breached { times },
    }
}

/// `POST /account/password/remove`
pub(crate) async fn remove(State(app): State<Arc<App>>, address: Address, headers: HeaderMap, body: Body) -> Response {
    let (owner, form) = match Owner::posting(&app, address, &headers, body, ways::HERE).await {
        Ok(posting) => posting,
        Err(response) => return response,
    };
    let decision = signin::remove_password(&owner.own(), stranding(&form), owner.now, &mut ambient::entropy());
    match settle(&app, decision, owner.now).await {
        Ok(()) => said(ways::HERE, AccountSaid::PasswordRemoved),
        Err(refusal) => not_removed(&app, &owner, &refusal, StrandingAct::RemovePassword),
    }
}

/// What the form says about losing the last way in.
pub(super) fn stranding(form: &Form) -> Stranding {
    if form.value("confirm") == "yes" { Stranding::Accepted } else { Stranding::Refused }
}

/// Asks before the last way in goes; otherwise as every refusal.
pub(super) fn not_removed(app: &App, owner: &Owner, refusal: &Refusal, act: StrandingAct) -> Response {
    if !matches!(refusal, Refusal::WouldStrand) {
        return owner.refused(app, refusal, ways::HERE);
    }
    let html = ConfirmPage { site: &app.site, who: owner.who(None), act }.render();
    respond::page(app, StatusCode::CONFLICT, ConfirmPage::KIND, html, None)
}
