//! The shell over HTTP: one table of routes, endpoints that read, load, ask, commit and answer, guards, memory and listeners. Here are the
//! only clock and the only randomness.
//!
//! What it must not do: decide. A rule about OAuth, passkeys or sign-in belongs to its engine; SQL belongs to the store; HTML to `web`.
//!
//! Start reading at [`routes`](crate), the table of everything that can be called; then `endpoints/token`, the shortest whole path.

pub mod ambient;
pub mod attestation;
mod behind;
mod body;
pub mod breach_list;
mod certificate;
mod client_certificates;
mod clients;
mod commit;
pub mod control;
mod cookies;
mod documents;
mod endpoints;
mod form;
mod guard;
mod held;
mod keys;
mod late;
pub mod limits;
mod listen;
pub mod mail;
mod memory;
mod notices;
mod oauth_parts;
pub mod outbound;
mod passwords;
mod problem;
mod requirement;
mod respond;
mod routes;
mod settings;
mod settings_oauth;
mod standing;
mod state;
mod throttling;
mod visitor;
mod workers;

use std::{future::Future, net::SocketAddr, sync::Arc};

use crypto::RootKey;
use store::Store;

pub use listen::ServeError;
pub use passwords::PasswordPool;
pub use settings::{Demo, Network, NotANetwork, Settings, Tls};
pub use settings_oauth::{Certificates, ClientDocuments, OauthSettings};
use state::App;

/// Serves until `shutdown` completes; requests in flight then finish. `ready` hears the address once it answers.
///
/// # Errors
/// [`ServeError`] when the address, the certificate or the store can't be used.
pub async fn run(
    settings: Settings,
    store: Arc<Store>,
    root: RootKey,
    ready: impl FnOnce(SocketAddr),
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let (listen, tls, certificates) = (settings.listen, settings.tls.clone(), settings.oauth.certificates.clone());
    let mail =
        settings.mail.as_ref().map(mail::open).transpose().map_err(|error| ServeError::Mail(error.to_string()))?;
    let app = Arc::new(App::new(settings, store, &root)?);
    let control = control::start(&app);
    let workers = workers::start(&app, mail);
    let late = app.late.clone();
    let served = listen::serve(listen, &tls, &certificates, routes::router(app), ready, shutdown).await;
    late.flush().await;
    drop((workers, control, late));
    served
}

/// The router alone, for tests that call it in process.
///
/// # Errors
/// [`ServeError`] when the store can't be used.
pub fn router(settings: Settings, store: Arc<Store>, root: &RootKey) -> Result<axum::Router, ServeError> {
    Ok(routes::router(Arc::new(App::new(settings, store, root)?)))
}

/// The router, and the pool in which it checks passwords, for tests that count what a sign-in costs.
///
/// # Errors
/// [`ServeError`] when the store can't be used.
pub fn router_and_pool(
    settings: Settings,
    store: Arc<Store>,
    root: &RootKey,
) -> Result<(axum::Router, Arc<PasswordPool>), ServeError> {
    let app = Arc::new(App::new(settings, store, root)?);
    let pool = app.passwords.clone();
    Ok((routes::router(app), pool))
}

/// The authorization ledger: each route with who may call it, one a line, in the order of the table.
#[must_use]
pub fn ledger() -> String {
    routes::ledger()
}
