//! Work that no request waits for: forgetting ended sessions and stale counters, telling people of changes on their account, and signing
//! audit checkpoints.

use std::{sync::Arc, time::Duration};

use model::Timestamp;
use tokio::task::JoinSet;

use crate::{
    ambient,
    endpoints::logout::farewell::Farewell,
    keys,
    mail::{MailWorker, Mailer},
    notices,
    state::App,
    throttling,
};

/// How often expired sessions are forgotten and idle time is written down.
const SWEEP: Duration = Duration::from_secs(60);
/// Sweeps between two checkpoints: one an hour.
const SWEEPS_PER_CHECKPOINT: u32 = 60;

/// Starts the workers; they end when the set is dropped or aborted.
pub(crate) fn start(app: &Arc<App>, mail: Option<(Mailer, MailWorker)>) -> JoinSet<()> {
    let mut workers = JoinSet::new();
    workers.spawn(housekeeping(app.clone()));
    match mail {
        Some((mailer, worker)) => {
            workers.spawn(notices::deliver(app.clone(), mailer, worker));
        }
        None => {
            tracing::warn!("no mail is configured: people are not told of changes on their account");
            workers.spawn(nobody_is_told(app.clone()));
        }
    }
    workers
}

async fn housekeeping(app: Arc<App>) {
    let mut sweeps = 0u32;
    // Sessions that ended while no server ran are told of too.
    let mut told_until = Timestamp::from_millis(0);
    loop {
        tokio::time::sleep(SWEEP).await;
        told_until = sweep(&app, told_until, ambient::now()).await;
        keys::rotation::rotate(&app).await;
        sweeps += 1;
        if sweeps.is_multiple_of(SWEEPS_PER_CHECKPOINT) {
            checkpoint(&app).await;
            throttling::sweep(&app).await;
        }
    }
}

async fn nobody_is_told(app: Arc<App>) {
    loop {
        notices::give_up(&app).await;
        tokio::time::sleep(SWEEP).await;
    }
}

/// Forgets what time has ended, after telling clients of sessions whose absolute end has come since `told_until`. A session that was idle
/// for too long is told of when its absolute end comes: nothing is written when it falls asleep.
///
/// Returns until when has been told.
async fn sweep(app: &App, told_until: Timestamp, now: Timestamp) -> Timestamp {
    let told_until = match app.store.sessions_expired(told_until, now) {
        Ok(expired) => {
            Farewell::of(app, &expired, now).say(app);
            now
        }
        Err(error) => {
            tracing::error!(%error, "failed to read which sessions have expired");
            told_until
        }
    };
    let swept = match app.store.sweep(now) {
        Ok(pending) => pending.await.is_ok(),
        Err(store::Busy) => false,
    };
    if !swept {
        tracing::warn!("expired sessions could not be forgotten; trying again in a minute");
    }
    told_until
}

async fn checkpoint(app: &App) {
    let signed = match app.store.checkpoint(ambient::now()) {
        Ok(pending) => pending.await.is_ok(),
        Err(store::Busy) => false,
    };
    if !signed {
        tracing::warn!("the audit checkpoint could not be signed; trying again in an hour");
    }
}
