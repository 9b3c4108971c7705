//! Harbour Notes: a small application that lets people sign in with Lockgate, used by the demo and the tour.
//!
//! It is an independent relying party: it uses no room of Lockgate and learns everything from the wire, as a stranger's
//! application would. It does the authorization code grant with PKCE, checks what OpenID Connect and RFC 9207 ask it to check,
//! and then shows plainly what it got. It can also play two attacks against the server, so that a visitor sees them fail.
//!
//! What it must not do: show or log a token, a code or its client secret; talk to any host but its issuer's; keep anything on disk.
//!
//! Start reading at [`routes`], the table of everything it answers, then [`signin`], the flow.

mod ambient;
mod app;
mod attacks;
mod config;
mod id_token;
mod outbound;
mod pages;
mod provider;
mod query;
mod routes;
mod signin;
mod tokens;
mod visits;

use std::{future::Future, io, net::SocketAddr};

pub use config::{ConfigFault, DemoConfig};

/// The application with its socket bound: a taken port is known before anything else starts.
pub struct Bound {
    listener: tokio::net::TcpListener,
    app: app::App,
}

/// Checks the configuration and binds the socket.
///
/// # Errors
/// When the configuration cannot work, or the address is taken or not ours.
pub async fn bind(config: DemoConfig) -> Result<Bound, BindError> {
    let listen = config.listen;
    let app = app::App::new(config).map_err(BindError::Config)?;
    let listener =
        tokio::net::TcpListener::bind(listen).await.map_err(|source| BindError::Listen { listen, source })?;
    Ok(Bound { listener, app })
}

impl Bound {
    /// The address that the application answers on.
    ///
    /// # Errors
    /// When the operating system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until `shutdown` completes, then lets requests under way finish.
    ///
    /// # Errors
    /// When the socket fails.
    pub async fn serve(self, shutdown: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        axum::serve(self.listener, routes::router(self.app)).with_graceful_shutdown(shutdown).await
    }
}

/// Binds and answers until `shutdown` completes.
///
/// # Errors
/// As [`bind`] and [`Bound::serve`].
pub async fn serve(config: DemoConfig, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), BindError> {
    let listen = config.listen;
    bind(config).await?.serve(shutdown).await.map_err(|source| BindError::Listen { listen, source })
}

/// Why the application did not start.
#[derive(Debug)]
pub enum BindError {
    /// The configuration cannot work.
    Config(ConfigFault),
    /// The address could not be used.
    Listen {
        /// The address that was asked for.
        listen: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
}

impl std::fmt::Display for BindError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Config(fault) => write!(f, "use this configuration: {fault}"),
            Self::Listen { listen, source } => write!(f, "listen on {listen}: {source}"),
        }
    }
}

impl std::error::Error for BindError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Config(fault) => Some(fault),
            Self::Listen { source, .. } => Some(source),
        }
    }
}
