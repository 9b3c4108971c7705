//! What all endpoints share that clients call by themselves: reading the form and the headers, proving the client, answering.

use std::net::IpAddr;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header},
};
use bytes::Bytes;
use model::Timestamp;
use oauth::{
    AuthenticatedClient, ErrorAnswer,
    authentication::{
        AuthenticationFacts, AuthenticationStop, ClientAuthFault, Credentials, ShownCertificate, authenticate,
    },
    dpop::{DpopFault, DpopHeader, DpopProof},
};
use store::{PreconditionFailed, ReadError};

use crate::{
    body,
    certificate::PeerCertificate,
    clients::{self, ClientKeySet},
    guard,
    limits::LimitKind,
    memory::proofs::NoProof,
    state::App,
};

/// The header that carries a proof (RFC 9449 §4.1).
const DPOP: HeaderName = HeaderName::from_static("dpop");
/// The header that carries a nonce to use next time (RFC 9449 §8.2).
const DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// A header that came twice, or holds bytes that are no text.
pub(crate) struct Unusable;

/// A header that may come once.
pub(crate) fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Unusable> {
    let mut all = headers.get_all(name).iter();
    let first = all.next();
    if all.next().is_some() {
        return Err(Unusable);
    }
    first.map(|value| value.to_str().map_err(|_| Unusable)).transpose()
}

/// Reads the body of a form post. Secrets never travel in the address (draft-ietf-oauth-v2-1-16 §2.4.1), so a request that has a query is
/// not looked at further.
pub(crate) async fn form(
    query: Option<&str>,
    headers: &HeaderMap,
    stream: Body,
    bytes_max: usize,
) -> Result<Bytes, Response<Body>> {
    if query.is_some() {
        let text = "send the parameters in the body, not in the address";
        return Err(plain_error(StatusCode::BAD_REQUEST, "invalid_request", text));
    }
    if !guard::is_form(headers) {
        let text = "send Content-Type application/x-www-form-urlencoded";
        return Err(plain_error(StatusCode::BAD_REQUEST, "invalid_request", text));
    }
    bounded(stream, bytes_max).await
}

/// Reads a body that is not longer than it may be.
pub(crate) async fn bounded(stream: Body, bytes_max: usize) -> Result<Bytes, Response<Body>> {
    body::read(stream, bytes_max).await.map_err(|unread| match unread {
        body::Unread::TooLarge => {
            plain_error(StatusCode::PAYLOAD_TOO_LARGE, "invalid_request", "send a smaller request")
        }
        body::Unread::Interrupted => {
            plain_error(StatusCode::REQUEST_TIMEOUT, "invalid_request", "send the whole body within ten seconds")
        }
    })
}

/// The `DPoP` header, as the engine reads it.
pub(crate) fn dpop_header(headers: &HeaderMap) -> DpopHeader<'_> {
    match single(headers, &DPOP) {
        Ok(None) => DpopHeader::None,
        Ok(Some(text)) => DpopHeader::One(text),
        Err(Unusable) => DpopHeader::Several,
    }
}

/// Whether a proof came, whatever it is worth.
pub(crate) fn has_dpop(headers: &HeaderMap) -> bool {
    headers.contains_key(DPOP)
}

/// Takes the proof of a request to one of the endpoints that clients call by themselves.
pub(crate) fn proof(
    app: &App,
    headers: &HeaderMap,
    path: &str,
    now: Timestamp,
) -> Result<Option<DpopProof>, Box<Response<Body>>> {
    let header = dpop_header(headers);
    if header == DpopHeader::None {
        return Ok(None);
    }
    take_proof(app, header, "POST", path, None, now).map_err(|refused| {
        Box::new(match refused {
            NoProof::Fault(fault) => {
                tracing::info!(%fault, path, "a proof is refused");
                with_nonce(app, said(fault.answer()), now)
            }
            NoProof::Full => unavailable(),
        })
    })
}

/// Checks a proof for one of our addresses, and spends it. Each endpoint has a second address where a listener asks for client certificates
/// (RFC 8705 §5): a proof may name either, for both are this server.
pub(crate) fn take_proof(
    app: &App,
    header: DpopHeader<'_>,
    method: &str,
    path: &str,
    token: Option<&str>,
    now: Timestamp,
) -> Result<Option<DpopProof>, NoProof> {
    let at = |origin: &str| app.oauth.proofs.take(header, method, &format!("{origin}{path}"), token, now);
    match (at(&app.settings.issuer), app.settings.oauth.mtls_origin()) {
        (Err(NoProof::Fault(DpopFault::Url)), Some(origin)) => at(origin),
        (taken, _) => taken,
    }
}

/// An answer with the nonce to use next (RFC 9449 §8.2).
pub(crate) fn with_nonce(app: &App, mut response: Response<Body>, now: Timestamp) -> Response<Body> {
    if let Ok(nonce) = HeaderValue::from_str(&app.oauth.proofs.nonce(now)) {
        let headers = response.headers_mut();
        headers.insert(DPOP_NONCE, nonce);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("DPoP-Nonce, WWW-Authenticate"));
    }
    response
}

/// What a request shows of its client, besides the form.
pub(crate) struct Caller<'a> {
    pub(crate) authorization: Option<&'a str>,
    pub(crate) certificate: Option<ShownCertificate<'a>>,
    pub(crate) address: IpAddr,
}

impl<'a> Caller<'a> {
    /// Reads it; an Authorization header that came twice can't be read.
    pub(crate) fn read(
        app: &App,
        headers: &'a HeaderMap,
        certificate: &'a PeerCertificate,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<Self, Box<Response<Body>>> {
        // Whoever failed often lately waits; nobody else does.
        if let Err(wait) = app.limits.peek(LimitKind::ClientAuthenticationFailed, address, now) {
            return Err(Box::new(too_many(wait.seconds)));
        }
        match single(headers, &header::AUTHORIZATION) {
            Ok(authorization) => Ok(Self { authorization, certificate: certificate.shown(), address }),
            Err(Unusable) => Err(Box::new(said(ClientAuthFault::HeaderBroken.answer()))),
        }
    }

    /// Counts a failure, if it is one of proving who the client is.
    pub(crate) fn failed(&self, app: &App, status: u16, now: Timestamp) {
        if status == 401 {
            app.limits.count(LimitKind::ClientAuthenticationFailed, self.address, now);
        }
    }
}

impl Caller<'_> {
    /// The answer to whoever is not the client that they name.
    pub(crate) fn not_proved(&self, app: &App, fault: ClientAuthFault, now: Timestamp) -> Response<Body> {
        tracing::info!(%fault, "a client could not be authenticated");
        let response = said(fault.answer());
        self.failed(app, response.status().as_u16(), now);
        response
    }
}

/// A client with everything that proving it took.
pub(crate) struct Proving {
    pub(crate) client: Option<std::sync::Arc<oauth::Client>>,
    pub(crate) keys: ClientKeySet,
    pub(crate) assertion_spent: bool,
}

impl Proving {
    /// Loads the client that a request names.
    pub(crate) async fn load(app: &App, client_id: Option<&str>, address: IpAddr, now: Timestamp) -> Self {
        let client = match client_id {
            Some(id) => clients::find(app, id, address, now).await,
            None => None,
        };
        Self { client, keys: ClientKeySet::NotLoaded, assertion_spent: false }
    }

    /// Fetches the client's keys.
    pub(crate) async fn load_keys(&mut self, app: &App, uri: &str) -> Result<(), clients::KeysUnavailable> {
        self.keys.load(app, self.client.as_deref(), uri).await
    }

    /// Learns from a commit that was lost. Nobody looks an assertion up before it is spent: the commit that would spend it twice says so.
    pub(crate) fn learn(&mut self, lost: PreconditionFailed) {
        self.assertion_spent |= lost == PreconditionFailed::Spent;
    }

    pub(crate) fn facts<'a>(&'a self, app: &'a App) -> AuthenticationFacts<'a> {
        AuthenticationFacts {
            issuer: &app.issuer,
            keys: &app.tokens,
            client: self.client.as_deref(),
            client_keys: self.keys.fact(),
            assertion_spent: self.assertion_spent,
        }
    }

    /// Fetches what proving the client takes. `path` is the endpoint's.
    pub(crate) async fn ready(
        &mut self,
        app: &App,
        credentials: &Credentials<'_>,
        path: &str,
        now: Timestamp,
    ) -> Result<(), ClientAuthFault> {
        loop {
            let uri = match authenticate(credentials, &self.facts(app), path, now) {
                Ok(_) => return Ok(()),
                Err(AuthenticationStop::Fault(fault)) => return Err(fault),
                Err(AuthenticationStop::NeedKeys { uri }) => uri,
            };
            // Ends: fresh keys are the last answer.
            self.load_keys(app, &uri).await.map_err(|_| ClientAuthFault::KeysMissing)?;
        }
    }

    /// Proves the client with what is there.
    pub(crate) fn proved<'a>(
        &'a self,
        app: &'a App,
        credentials: &Credentials<'_>,
        path: &str,
        now: Timestamp,
    ) -> Result<AuthenticatedClient<'a>, ClientAuthFault> {
        authenticate(credentials, &self.facts(app), path, now).map_err(|stop| match stop {
            AuthenticationStop::Fault(fault) => fault,
            AuthenticationStop::NeedKeys { .. } => ClientAuthFault::KeysMissing,
        })
    }
}

/// An engine's error answer.
pub(crate) fn said(said: ErrorAnswer) -> Response<Body> {
    let mut response = answer(StatusCode::from_u16(said.status).unwrap_or(StatusCode::BAD_REQUEST), said.body);
    if let Some(challenge) = said.www_authenticate {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    }
    response
}

/// An error that needs no engine.
pub(crate) fn plain_error(status: StatusCode, error: &str, description: &str) -> Response<Body> {
    answer(status, format!(r#"{{"error":"{error}","error_description":"{description}"}}"#))
}

/// Storage can't take the request now: nothing was issued.
pub(crate) fn unavailable() -> Response<Body> {
    let text = "nothing was issued; try again in a few seconds";
    let mut response = plain_error(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", text);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    response
}

/// Facts can't be read.
pub(crate) fn unreadable(error: &ReadError) -> Response<Body> {
    tracing::error!(%error, "failed to load a request's facts");
    unavailable()
}

/// 429 (RFC 6585 §4).
pub(crate) fn too_many(seconds: u32) -> Response<Body> {
    let mut response =
        plain_error(StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable", "too many requests; try again later");
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// JSON.
pub(crate) fn answer(status: StatusCode, json: String) -> Response<Body> {
    let mut response = empty(status);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    *response.body_mut() = Body::from(json);
    response
}

/// What every answer carries: draft-ietf-oauth-v2-1-16 §3.2.3 forbids caching; no cookie plays a part, so any origin may read its own answer.
pub(crate) fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// `OPTIONS`: browser-based clients ask before they send an `Authorization` header (Fetch, CORS preflight; RFC 10017).
pub(crate) async fn preflight() -> Response<Body> {
    let mut response = empty(StatusCode::NO_CONTENT);
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization, content-type, dpop"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("3600"));
    response
}
