//! Work that no request waits for: forgetting ended sessions, and signing audit checkpoints.

use std::{sync::Arc, time::Duration};

use tokio::task::JoinHandle;

use crate::{ambient, state::App};

/// How often expired sessions are forgotten and idle time is written down.
const SWEEP: Duration = Duration::from_secs(60);
/// Sweeps between two checkpoints: one an hour.
const SWEEPS_PER_CHECKPOINT: u32 = 60;

/// Starts the worker; it ends when the handle is aborted.
pub(crate) fn start(app: &Arc<App>) -> JoinHandle<()> {
    let app = app.clone();
    tokio::spawn(async move {
        let mut sweeps = 0u32;
        loop {
            tokio::time::sleep(SWEEP).await;
            sweep(&app).await;
            sweeps += 1;
            if sweeps.is_multiple_of(SWEEPS_PER_CHECKPOINT) {
                checkpoint(&app).await;
            }
        }
    })
}

async fn sweep(app: &App) {
    let swept = match app.store.sweep(ambient::now()) {
        Ok(pending) => pending.await.is_ok(),
        Err(store::Busy) => false,
    };
    if !swept {
        tracing::warn!("expired sessions could not be forgotten; trying again in a minute");
    }
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
