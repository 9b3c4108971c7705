//! Committing what was decided about an account.

use model::{Decision, Timestamp, decision::NoQuestion};
use signin::Refusal;
use store::{ChangeSet, CommitError};

use crate::{commit::commit, state::App};

/// Commits a decision about the account; a lost race is reported, for the page shows what changed.
pub(super) async fn settle<R>(
    app: &App,
    decision: Decision<R, Refusal, NoQuestion, signin::Change>,
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
