//! Listeners: plain HTTP on loopback, TLS from files that reload without dropping a connection, or HTTP from listed proxies.

use std::{
    future::Future,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use axum::{Router, extract::ConnectInfo, http::StatusCode, middleware, response::IntoResponse};
use axum_server::{Handle, Server, accept::NoDelayAcceptor, tls_rustls::RustlsConfig};

use crate::{
    client_certificates::{self, CertificateAcceptor},
    settings::{Network, Tls},
    settings_oauth::Certificates,
};

/// Longest time the head of a request may take to arrive.
const HEAD_TIME_MAX: Duration = Duration::from_secs(10);
/// Longest time requests in flight get to finish when the server stops.
const STOP_TIME_MAX: Duration = Duration::from_secs(15);
/// How often certificate files are looked at for changes.
const CERTIFICATE_LOOK: Duration = Duration::from_secs(1);
/// Most bytes of request head that are buffered (hyper's own minimum is 8 KiB).
const HEAD_BYTES_MAX: usize = 32 * 1024;

/// Why the server could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is taken or not ours.
    #[error("failed to listen on {address}: {source}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Plain HTTP was asked for off loopback.
    #[error(
        "failed to listen on {0}: plain HTTP is served on loopback only; give certificate files or list the proxies in front"
    )]
    PlainHttp(SocketAddr),
    /// The certificate or key can't be used.
    #[error("failed to load the certificate {cert}: {source}")]
    Certificate {
        /// The certificate file.
        cert: PathBuf,
        /// What is wrong with it or its key.
        source: std::io::Error,
    },
    /// The store can't be used.
    #[error("failed to read the store at start: {0}")]
    Store(String),
    /// A setting can't be kept.
    #[error("failed to start with these settings: {0}")]
    Settings(String),
    /// Mail can't leave as configured.
    #[error("failed to open the way out for mail: {0}")]
    Mail(String),
    /// Serving ended unexpectedly.
    #[error("failed to go on serving: {0}")]
    Serve(std::io::Error),
}

/// Serves `router` until `shutdown` completes; requests in flight then finish.
pub(crate) async fn serve(
    listen: SocketAddr,
    tls: &Tls,
    certificates: &Certificates,
    router: Router,
    ready: impl FnOnce(SocketAddr),
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    if matches!(tls, Tls::None) && !listen.ip().is_loopback() {
        return Err(ServeError::PlainHttp(listen));
    }
    let refused = |source| ServeError::Listen { address: listen, source };
    let listener = TcpListener::bind(listen).map_err(refused)?;
    listener.set_nonblocking(true).map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    let handle = Handle::new();
    tokio::spawn(stop_when(shutdown, handle.clone()));

    match tls {
        Tls::None => {
            let server = plain(listener).map_err(refused)?.handle(handle);
            ready(address);
            server.serve(router.into_make_service_with_connect_info::<SocketAddr>()).await
        }
        Tls::BehindProxy { trusted } => {
            let server = plain(listener).map_err(refused)?.handle(handle);
            let router = only_from(router, trusted.clone());
            ready(address);
            server.serve(router.into_make_service_with_connect_info::<SocketAddr>()).await
        }
        Tls::Files { cert, key } => {
            let config = tls_config(cert, key).await?;
            tokio::spawn(reload_on_change(config.clone(), cert.clone(), key.clone()));
            if let Certificates::Listener { listen, authorities, .. } = certificates {
                let beside = beside(*listen, cert, key, authorities.as_ref(), router.clone(), handle.clone())?;
                tokio::spawn(beside);
            }
            let mut server = axum_server::from_tcp_rustls(listener, config).map_err(refused)?;
            bound_heads(&mut server);
            let server = server.map(|acceptor| acceptor.acceptor(NoDelayAcceptor)).handle(handle);
            ready(address);
            server.serve(router.into_make_service_with_connect_info::<SocketAddr>()).await
        }
    }
    .map_err(ServeError::Serve)
}

/// The listener that asks for client certificates, with the same routes and the same end.
fn beside(
    listen: SocketAddr,
    cert: &Path,
    key: &Path,
    authorities: Option<&PathBuf>,
    router: Router,
    main: Handle<SocketAddr>,
) -> Result<impl Future<Output = ()> + Send + 'static, ServeError> {
    let refused = |source| ServeError::Listen { address: listen, source };
    let unusable = |source| ServeError::Certificate { cert: cert.to_owned(), source };
    let listener = TcpListener::bind(listen).map_err(refused)?;
    listener.set_nonblocking(true).map_err(refused)?;
    let config = RustlsConfig::from_config(client_certificates::tls_config(cert, key).map_err(unusable)?);
    let names = client_certificates::authorities(authorities).map_err(unusable)?;
    tokio::spawn(reload_beside(config.clone(), cert.to_owned(), key.to_owned()));
    let mut server = axum_server::from_tcp(listener).map_err(refused)?;
    bound_heads(&mut server);
    let server = server.acceptor(CertificateAcceptor::new(config, names)).handle(main);
    Ok(async move {
        if let Err(error) = server.serve(router.into_make_service_with_connect_info::<SocketAddr>()).await {
            tracing::error!(%error, "the listener for client certificates ended");
        }
    })
}

/// Loads the files again when they change, as the main listener does.
async fn reload_beside(config: RustlsConfig, cert: PathBuf, key: PathBuf) {
    let mut seen = (changed(&cert).await, changed(&key).await);
    loop {
        tokio::time::sleep(CERTIFICATE_LOOK).await;
        let latest = (changed(&cert).await, changed(&key).await);
        if latest == seen {
            continue;
        }
        match client_certificates::tls_config(&cert, &key) {
            Ok(fresh) => {
                config.reload_from_config(fresh);
                seen = latest;
            }
            Err(error) => {
                tracing::error!(certificate = %cert.display(), %error, "failed to reload the certificate; the last good one stays in use")
            }
        }
    }
}

fn plain(listener: TcpListener) -> std::io::Result<Server<SocketAddr, NoDelayAcceptor>> {
    let mut server = axum_server::from_tcp(listener)?.http1_only();
    bound_heads(&mut server);
    Ok(server.acceptor(NoDelayAcceptor))
}

/// Slow and oversized request heads are cut off, so that idle strangers can't hold memory.
fn bound_heads<A>(server: &mut Server<SocketAddr, A>) {
    let builder = server.http_builder();
    builder.http1().header_read_timeout(HEAD_TIME_MAX).max_buf_size(HEAD_BYTES_MAX);
    builder.http2().max_header_list_size(HEAD_BYTES_MAX as u32).keep_alive_interval(Duration::from_secs(30));
}

async fn tls_config(cert: &Path, key: &Path) -> Result<RustlsConfig, ServeError> {
    // Another part of the process may have installed the same provider already; either way it is this one.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    RustlsConfig::from_pem_file(cert, key)
        .await
        .map_err(|source| ServeError::Certificate { cert: cert.to_owned(), source })
}

/// Loads the files again when they change. A broken pair is logged and the last good one stays in use.
async fn reload_on_change(config: RustlsConfig, cert: PathBuf, key: PathBuf) {
    let mut seen = (changed(&cert).await, changed(&key).await);
    loop {
        tokio::time::sleep(CERTIFICATE_LOOK).await;
        let latest = (changed(&cert).await, changed(&key).await);
        if latest == seen {
            continue;
        }
        match config.reload_from_pem_file(&cert, &key).await {
            Ok(()) => {
                tracing::info!(certificate = %cert.display(), "certificate reloaded");
                seen = latest;
            }
            Err(error) => {
                tracing::error!(certificate = %cert.display(), %error, "failed to reload the certificate; the last good one stays in use")
            }
        }
    }
}

async fn changed(path: &Path) -> Option<SystemTime> {
    tokio::fs::metadata(path).await.ok()?.modified().ok()
}

/// Refuses connections that do not come from a listed proxy: whoever reaches this port past the proxy would reach it without TLS.
fn only_from(router: Router, trusted: Vec<Network>) -> Router {
    router.layer(middleware::from_fn(
        move |ConnectInfo(peer): ConnectInfo<SocketAddr>, request, next: middleware::Next| {
            let known = trusted.iter().any(|network| network.contains(peer.ip()));
            async move { if known { next.run(request).await } else { StatusCode::FORBIDDEN.into_response() } }
        },
    ))
}

async fn stop_when(shutdown: impl Future<Output = ()>, handle: Handle<SocketAddr>) {
    shutdown.await;
    handle.graceful_shutdown(Some(STOP_TIME_MAX));
}
