//! Committing a decision and waiting for it. Whatever ends sessions says so to the clients that took part in them, wherever it was decided.

use store::{Change, ChangeSet, CommitError};

use crate::{endpoints::logout::farewell::Farewell, late::Unrecorded, state::App};

/// Commits, and waits until it is on the disk. Nothing to write costs nothing.
pub(crate) async fn commit(app: &App, set: ChangeSet) -> Result<(), CommitError> {
    if set.changes.is_empty() && set.audit.is_empty() {
        return Ok(());
    }
    let tells = set.changes.iter().any(|change| matches!(change, Change::Signin(signin::Change::QueueNotice { .. })));
    let farewell = Farewell::before(app, &set.changes, set.at);
    match app.store.commit(set) {
        Ok(pending) => pending.await?,
        Err(store::Busy) => return Err(CommitError::Failed),
    }
    farewell.say(app);
    if tells {
        app.notices_queued.notify_one();
    }
    Ok(())
}

/// Hands in what need not be durable before the answer: the record of something that changed nothing.
///
/// # Errors
/// When it can't be recorded: then the answer must be no (`docs`, "fail closed").
pub(crate) async fn record_late(app: &App, set: ChangeSet) -> Result<(), Unrecorded> {
    debug_assert!(set.changes.is_empty(), "a change is never late");
    app.late.note(set.audit).await
}
