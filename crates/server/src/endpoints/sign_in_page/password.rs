//! `POST /sign-in/password`: a turn in the pool, then the payment, then the password; and the second factor whatever came of it.

use std::{net::IpAddr, sync::Arc};

use axum::{body::Body, extract::State, http::HeaderMap, response::Response};
use crypto::password::Password;
use model::{Decision, Timestamp};
use signin::{
    CheckPassword, PasswordChecked, PasswordReply, Refusal, TakenPassword,
    throttle::{self, Kind},
};
use store::{ChangeSet, CommitError};
use web::WaitReason;

use super::{
    fallback::{Facts, Try},
    page_of, posted, show,
};
use crate::{
    ambient,
    commit::commit,
    endpoints::ceremony::request::advance,
    form::Form,
    memory::journeys::Underway,
    passwords::Turn,
    respond,
    state::App,
    throttling,
    visitor::{Address, Visitor},
};

/// Times that a lost race is decided again before the person is asked to.
const ROUNDS_MAX: u8 = 3;
/// What a full pool asks people to wait, in seconds.
const BUSY_SECONDS: u32 = 5;

/// `POST /sign-in/password`
pub(crate) async fn password(
    State(app): State<Arc<App>>,
    Address(address): Address,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let form = match Form::read(&app, &headers, body).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let now = ambient::now();
    let visitor = Visitor::of(&app, &headers, now);
    let (underway, browser) = match posted(&app, &form, &visitor, now) {
        Ok(posted) => posted,
        Err(refusal) => return show::refused(&app, &visitor, None, &refusal, now),
    };
    let refused = |refusal: &Refusal| show::refused(&app, &visitor, Some(&underway), refusal, now);
    let Ok(typed) = Password::parse(form.secret("password")) else { return refused(&Refusal::PasswordInvalid) };
    // The turn comes first: who finds the pool full has neither spent a step nor paid for a guess.
    let Ok(turn) = app.passwords.turn().await else {
        return show::wait(&app, Some(&underway), WaitReason::Busy, BUSY_SECONDS);
    };
    let taken = signin::take_password(&underway.journey, &browser, now)
        .and_then(|(stored, taken)| advance(&app, &underway, stored, now).map(|()| taken));
    let taken = match taken {
        Ok(taken) => taken,
        Err(refusal) => return refused(&refusal),
    };
    let step = Step { app: &app, visitor: &visitor, underway: &underway, taken: &taken, address, now };
    match step.judge(&turn, &Arc::new(typed)).await {
        Ok(response) => response,
        Err(refusal) => {
            step.attempt().refused(&refusal);
            refused(&refusal)
        }
    }
}

struct Step<'a> {
    app: &'a Arc<App>,
    visitor: &'a Visitor,
    underway: &'a Underway,
    taken: &'a TakenPassword,
    address: IpAddr,
    now: Timestamp,
}

impl Step<'_> {
    fn attempt(&self) -> Try<'_> {
        Try {
            app: self.app,
            underway: self.underway,
            named: self.taken.named(),
            kind: Kind::Password,
            address: self.address,
            now: self.now,
        }
    }

    async fn judge(&self, turn: &Turn<'_>, typed: &Arc<Password>) -> Result<Response, Refusal> {
        let (app, named, now) = (self.app, self.taken.named(), self.now);
        let charged = throttling::charge(app, Kind::Password, named, self.address, now).await?;
        let mut checked: Option<PasswordChecked> = None;
        // One round more than races may be lost: the first one asks for the check.
        for _ in 0..=ROUNDS_MAX {
            let facts = Facts::load(app, self.underway, named, now)?;
            let known =
                facts.held.fallback(&facts.requirement, self.visitor.session.as_deref(), self.visitor.workstation);
            let mut entropy = ambient::entropy();
            let decision =
                signin::password(self.taken, &charged, checked.clone(), &known, &app.signin(), now, &mut entropy);
            let outcome = match decision {
                Decision::Need(question) => {
                    checked = Some(self.check(turn, typed, question).await?);
                    continue;
                }
                Decision::Refused(outcome) => {
                    let set = ChangeSet::new(now, outcome.changes, outcome.audit);
                    commit(app, set).await.map_err(|_| Refusal::Unavailable)?;
                    return Err(outcome.reply);
                }
                Decision::Done(outcome) => outcome,
            };
            match commit(app, ChangeSet::new(now, outcome.changes, outcome.audit)).await {
                Ok(()) => return self.answer(outcome.reply),
                // What was checked is no longer what is stored: check again what is.
                Err(CommitError::Lost(_)) => checked = None,
                Err(CommitError::Failed) => return Err(Refusal::Unavailable),
            }
        }
        Err(Refusal::LostRace)
    }

    async fn check(
        &self,
        turn: &Turn<'_>,
        typed: &Arc<Password>,
        question: CheckPassword,
    ) -> Result<PasswordChecked, Refusal> {
        turn.check(typed, question).await.map_err(|_| Refusal::Unavailable)
    }

    fn answer(&self, reply: PasswordReply) -> Result<Response, Refusal> {
        match reply {
            PasswordReply::SecondFactor { journey, settle } => {
                let stored = self.app.journeys.advance(journey, self.taken.journey().version, self.now);
                stored.map_err(|_| Refusal::ChallengeSpent)?;
                if let Some(outcome) = settle {
                    self.settle(outcome);
                }
                Ok(respond::see_other(&page_of(self.underway.journey.id)))
            }
            PasswordReply::SignedIn(done) => Ok(self.attempt().signed_in(*done)),
        }
    }

    fn settle(&self, outcome: throttle::Outcome) {
        throttling::settle(self.app, Kind::Password, self.taken.named(), self.address, outcome);
    }
}
