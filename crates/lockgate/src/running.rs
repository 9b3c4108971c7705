//! What every long-running command needs: a runtime, a log, a way to be told to stop, and a clean end.

use std::sync::Arc;

use anyhow::{Context, Result};
use server::ambient;
use store::Store;
use tokio::runtime::{Builder, Runtime};
use tracing_subscriber::EnvFilter;

/// The runtime that serves.
pub(crate) fn runtime() -> Result<Runtime> {
    Builder::new_multi_thread().enable_all().build().context("failed to start the runtime")
}

/// Logs to standard error from `level` on, or as `LOCKGATE_LOG` says.
pub(crate) fn log_to_stderr(level: &str) {
    let filter = EnvFilter::try_from_env("LOCKGATE_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    // A second call, as in tests, keeps the first log.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

/// A future that completes when this process is told to stop: Ctrl-C, or SIGTERM where there is such a thing. It listens from this call on,
/// not from the first wait, so that whoever was told that the server answers can stop it at once. Call it inside the runtime.
#[cfg(unix)]
pub(crate) fn told_to_stop() -> impl Future<Output = ()> + Send + 'static {
    use tokio::signal::unix::{Signal, SignalKind, signal};
    let (interrupted, terminated) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    // Without a handler the default stays: the signal ends the process, so waiting on is right.
    let heard = |listening: std::io::Result<Signal>| async move {
        match listening {
            Ok(mut listening) => {
                listening.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    async move {
        tokio::select! {
            () = heard(interrupted) => {}
            () = heard(terminated) => {}
        }
    }
}

/// A future that completes when this process is told to stop: Ctrl-C.
#[cfg(not(unix))]
pub(crate) async fn told_to_stop() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Closes the store when nobody else holds it; if a request still does, dropping it drains the writer all the same.
pub(crate) fn close(store: Arc<Store>) -> Result<()> {
    match Arc::into_inner(store) {
        Some(store) => store.close(ambient::now()).context("failed to close the store"),
        None => Ok(()),
    }
}
