//! `POST /sign-in/code` and `POST /sign-in/recovery-code`: the second factor, and with it the verdict on both.

use std::{net::IpAddr, sync::Arc};

use axum::{body::Body, extract::State, http::HeaderMap, response::Response};
use model::{Decision, Timestamp};
use signin::{CodeTyped, Refusal, TakenCode};
use store::{ChangeSet, CommitError};

use super::{
    fallback::{Facts, Try},
    posted, show,
};
use crate::{
    ambient,
    commit::commit,
    endpoints::ceremony::request::advance,
    form::Form,
    memory::journeys::Underway,
    state::App,
    throttling,
    visitor::{Address, Visitor},
};

/// Times that a lost race is decided again before the person is asked to.
const ROUNDS_MAX: u8 = 3;

/// `POST /sign-in/code`
pub(crate) async fn totp_code(
    State(app): State<Arc<App>>,
    Address(address): Address,
    headers: HeaderMap,
    body: Body,
) -> Response {
    second_factor(&app, address, &headers, body, |typed| CodeTyped::Totp(typed)).await
}

/// `POST /sign-in/recovery-code`
pub(crate) async fn recovery_code(
    State(app): State<Arc<App>>,
    Address(address): Address,
    headers: HeaderMap,
    body: Body,
) -> Response {
    second_factor(&app, address, &headers, body, |typed| CodeTyped::Recovery(typed)).await
}

async fn second_factor(
    app: &Arc<App>,
    address: IpAddr,
    headers: &HeaderMap,
    body: Body,
    as_code: impl for<'a> Fn(&'a str) -> CodeTyped<'a>,
) -> Response {
    let form = match Form::read(app, headers, body).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let now = ambient::now();
    let visitor = Visitor::of(app, headers, now);
    let (underway, browser) = match posted(app, &form, &visitor, now) {
        Ok(posted) => posted,
        Err(refusal) => return show::refused(app, &visitor, None, &refusal, now),
    };
    let taken = signin::take_second_factor(&underway.journey, &browser, now)
        .and_then(|(stored, taken)| advance(app, &underway, stored, now).map(|()| taken));
    let taken = match taken {
        Ok(taken) => taken,
        Err(refusal) => return show::refused(app, &visitor, Some(&underway), &refusal, now),
    };
    let typed = as_code(form.value("code").trim());
    let attempt = Try { app, underway: &underway, named: taken.named(), kind: typed.kind(), address, now };
    match judge(&attempt, &visitor, &underway, &taken, typed, now).await {
        Ok(response) => response,
        Err(refusal) => {
            attempt.refused(&refusal);
            show::refused(app, &visitor, Some(&underway), &refusal, now)
        }
    }
}

async fn judge(
    attempt: &Try<'_>,
    visitor: &Visitor,
    underway: &Underway,
    taken: &TakenCode,
    typed: CodeTyped<'_>,
    now: Timestamp,
) -> Result<Response, Refusal> {
    let app = attempt.app;
    let charged = throttling::charge_code(app, typed.kind(), taken, attempt.address, now).await?;
    for _ in 0..ROUNDS_MAX {
        let facts = Facts::load(app, underway, taken.named(), now)?;
        let known = facts.held.fallback(&facts.requirement, visitor.session.as_deref(), visitor.workstation);
        let mut entropy = ambient::entropy();
        let decision = signin::second_factor(taken, &charged, typed, &known, &app.signin(), now, &mut entropy);
        let outcome = match decision {
            Decision::Done(outcome) => outcome,
            Decision::Refused(outcome) => {
                let set = ChangeSet::new(now, outcome.changes, outcome.audit);
                commit(app, set).await.map_err(|_| Refusal::Unavailable)?;
                return Err(outcome.reply);
            }
            Decision::Need(question) => match question {},
        };
        match commit(app, ChangeSet::new(now, outcome.changes, outcome.audit)).await {
            Ok(()) => return Ok(attempt.signed_in(outcome.reply)),
            Err(CommitError::Lost(_)) => {}
            Err(CommitError::Failed) => return Err(Refusal::Unavailable),
        }
    }
    Err(Refusal::LostRace)
}
