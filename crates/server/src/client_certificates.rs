//! A listener that asks for client certificates (RFC 8705 §5), beside the main one: browsers, who would show people a window full of
//! certificates, never come here.
//!
//! Every certificate is taken, whoever signed it: the handshake proves that the caller holds its key, and that is all that binding a token
//! or a self-signed client needs (RFC 8705 §2.2, §3). Whether its *name* counts is asked of the operator's authorities afterwards.

use std::{
    future::Future,
    io,
    path::{Path, PathBuf},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::http::Request;
use axum_server::{
    accept::{Accept, NoDelayAcceptor},
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use rustls::{
    DigitallySignedStruct, DistinguishedName, RootCertStore, ServerConfig, SignatureScheme,
    client::danger::HandshakeSignatureValid,
    crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, UnixTime, pem::PemObject},
    server::{
        WebPkiClientVerifier,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
};
use tokio::net::TcpStream;
use tower::Service;

use crate::{ambient, certificate::ConnectionCertificate};

/// Takes every certificate whose key the caller holds.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ClientCertVerifier for AnyCertificate {
    fn offer_client_auth(&self) -> bool {
        true
    }
    fn client_auth_mandatory(&self) -> bool {
        false
    }
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }
    fn verify_client_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        // Not a trust decision: the certificate is compared with what the client registered, or asked about below.
        Ok(ClientCertVerified::assertion())
    }
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }
    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// The TLS side of such a listener, from the main one's files.
///
/// # Errors
/// When a file can't be read or used.
pub(crate) fn tls_config(cert: &Path, key: &Path) -> io::Result<Arc<ServerConfig>> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(cert)
        .map_err(io::Error::other)?
        .collect::<Result<_, _>>()
        .map_err(io::Error::other)?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(io::Error::other)?;
    let mut config = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_client_cert_verifier(Arc::new(AnyCertificate(provider)))
        .with_single_cert(chain, key)
        .map_err(io::Error::other)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Who may name clients.
///
/// # Errors
/// When the file can't be read, or holds no authority.
pub(crate) fn authorities(file: Option<&PathBuf>) -> io::Result<Option<Arc<dyn ClientCertVerifier>>> {
    let Some(file) = file else { return Ok(None) };
    let mut roots = RootCertStore::empty();
    for authority in CertificateDer::pem_file_iter(file).map_err(io::Error::other)? {
        roots.add(authority.map_err(io::Error::other)?).map_err(io::Error::other)?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().map_err(io::Error::other)?;
    Ok(Some(verifier))
}

/// Accepts connections, and notes the certificate that each one showed.
#[derive(Clone)]
pub(crate) struct CertificateAcceptor {
    inner: RustlsAcceptor<NoDelayAcceptor>,
    authorities: Option<Arc<dyn ClientCertVerifier>>,
}

impl CertificateAcceptor {
    pub(crate) fn new(config: RustlsConfig, authorities: Option<Arc<dyn ClientCertVerifier>>) -> Self {
        Self { inner: RustlsAcceptor::new(config).acceptor(NoDelayAcceptor), authorities }
    }
}

impl<S: Send + 'static> Accept<TcpStream, S> for CertificateAcceptor {
    type Stream = <RustlsAcceptor<NoDelayAcceptor> as Accept<TcpStream, S>>::Stream;
    type Service = WithCertificate<<RustlsAcceptor<NoDelayAcceptor> as Accept<TcpStream, S>>::Service>;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let (accepted, authorities) = (self.inner.accept(stream, service), self.authorities.clone());
        Box::pin(async move {
            let (stream, service) = accepted.await?;
            let shown = stream.get_ref().1.peer_certificates().and_then(|chain| shown(chain, authorities.as_deref()));
            Ok((stream, WithCertificate { service, shown }))
        })
    }
}

fn shown(chain: &[CertificateDer<'_>], authorities: Option<&dyn ClientCertVerifier>) -> Option<ConnectionCertificate> {
    let (own, intermediates) = chain.split_first()?;
    let since_epoch = u64::try_from(ambient::now().seconds()).unwrap_or_default();
    let now = UnixTime::since_unix_epoch(Duration::from_secs(since_epoch));
    let is_trusted = authorities.is_some_and(|names| names.verify_client_cert(own, intermediates, now).is_ok());
    Some(ConnectionCertificate { der: own.as_ref().into(), is_trusted })
}

/// A connection's service; each request learns of the connection's certificate.
#[derive(Clone)]
pub(crate) struct WithCertificate<S> {
    service: S,
    shown: Option<ConnectionCertificate>,
}

impl<S, B> Service<Request<B>> for WithCertificate<S>
where
    S: Service<Request<B>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        if let Some(shown) = &self.shown {
            request.extensions_mut().insert(shown.clone());
        }
        self.service.call(request)
    }
}
