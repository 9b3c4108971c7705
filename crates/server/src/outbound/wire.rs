//! One exchange over the wire: send, judge the head, read the body up to its bound.

use std::{error::Error, io, sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use reqwest::{
    Client, RequestBuilder, Response, StatusCode,
    header::{self, HeaderMap, HeaderName},
    redirect, retry,
};
use rustls::{ClientConfig, RootCertStore, pki_types::CertificateDer};

use super::{
    client::Limits,
    error::{OutboundError, OutboundSetupError},
    resolve::{Guarded, Unresolved},
    settings::Loopback,
    url::Target,
};

/// The name we call ourselves. Without a version: whoever is called need not know it.
const USER_AGENT: &str = "Lockgate";
/// Most header fields read of an answer.
const HEADERS_MAX: usize = 64;

/// How long an exchange may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    /// From the first wait to the last byte.
    pub(super) total: Duration,
    /// From the look-up of the name to the end of the TLS handshake.
    pub(super) connect: Duration,
}

impl Times {
    pub(super) const PRODUCTION: Self = Self { total: Duration::from_secs(5), connect: Duration::from_secs(2) };
}

/// What came back, read to its end.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: String,
    pub(super) cache_control: Option<String>,
    pub(super) age_seconds: u64,
    pub(super) body: Bytes,
}

/// The client underneath.
pub(super) struct Wire {
    client: Client,
}

impl Wire {
    pub(super) fn new(
        guarded: Guarded,
        roots: Vec<CertificateDer<'static>>,
        times: Times,
    ) -> Result<Self, OutboundSetupError> {
        let https_only = guarded.reach.loopback == Loopback::Refused;
        let client = Client::builder()
            .tls_backend_preconfigured(tls(roots)?)
            .https_only(https_only)
            .http1_only()
            .http1_max_headers(HEADERS_MAX)
            .dns_resolver(Arc::new(guarded))
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .no_proxy()
            .referer(false)
            .user_agent(USER_AGENT)
            // Each exchange resolves, judges and connects anew: what was allowed yesterday is not called today through an old connection.
            .pool_max_idle_per_host(0)
            .connect_timeout(times.connect)
            .timeout(times.total)
            .build()
            .map_err(|error| OutboundSetupError::Tls(error.to_string()))?;
        Ok(Self { client })
    }

    /// A GET whose answer must succeed, be of one of the types in `limits` and fit.
    pub(super) async fn get(&self, target: &Target, limits: Limits) -> Result<Answer, OutboundError> {
        let accept = limits.content_types.join(", ");
        let mut response = send(self.client.get(target.url.clone()).header(header::ACCEPT, accept), target).await?;
        let status = response.status();
        if !status.is_success() {
            return Err(OutboundError::Status { host: target.host.clone(), status: status.as_u16() });
        }
        let content_type = content_type(response.headers(), limits)
            .ok_or_else(|| OutboundError::ContentType { host: target.host.clone() })?;
        let cache_control = one(response.headers(), &header::CACHE_CONTROL).map(str::to_owned);
        let age_seconds = one(response.headers(), &header::AGE).and_then(|age| age.trim().parse().ok()).unwrap_or(0);
        let body = read(&mut response, limits.body_bytes_max, target).await?;
        Ok(Answer { status: status.as_u16(), content_type, cache_control, age_seconds, body })
    }

    /// A form POST. What is answered in the body is not read.
    pub(super) async fn post_form(&self, target: &Target, form: String) -> Result<u16, OutboundError> {
        let request = self
            .client
            .post(target.url.clone())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form);
        Ok(send(request, target).await?.status().as_u16())
    }
}

/// One crypto library, and only the authorities given.
fn tls(roots: Vec<CertificateDer<'static>>) -> Result<ClientConfig, OutboundSetupError> {
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(roots);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| OutboundSetupError::Tls(error.to_string()))?;
    Ok(config.with_root_certificates(store).with_no_client_auth())
}

async fn send(request: RequestBuilder, target: &Target) -> Result<Response, OutboundError> {
    let response = request.send().await.map_err(|error| fault(&error, target))?;
    let status = response.status();
    // Nothing is ever asked conditionally, so 304 is as much out of place as a new address.
    if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
        return Err(OutboundError::Redirected { host: target.host.clone() });
    }
    Ok(response)
}

/// The type without its parameters, when it is one that the caller reads and the body comes as it is.
fn content_type(headers: &HeaderMap, limits: Limits) -> Option<String> {
    // No coding was offered. A body that is coded all the same could unfold to any size.
    if headers.contains_key(header::CONTENT_ENCODING) {
        return None;
    }
    let said = one(headers, &header::CONTENT_TYPE)?;
    let essence = said.split(';').next().unwrap_or(said).trim();
    limits.content_types.iter().find(|wanted| wanted.eq_ignore_ascii_case(essence)).map(|wanted| (*wanted).to_owned())
}

/// The value of a header field that stands there once.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut all = headers.get_all(name).iter();
    let first = all.next()?.to_str().ok()?;
    if all.next().is_none() { Some(first) } else { None }
}

/// Reads up to the bound, and stops there.
async fn read(response: &mut Response, bytes_max: usize, target: &Target) -> Result<Bytes, OutboundError> {
    let too_large = || OutboundError::TooLarge { host: target.host.clone() };
    if response.content_length().is_some_and(|length| length > bytes_max as u64) {
        return Err(too_large());
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| fault(&error, target))? {
        if body.len() + chunk.len() > bytes_max {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// Names the fault. The client's own error is dropped here: its text holds the whole address.
fn fault(error: &reqwest::Error, target: &Target) -> OutboundError {
    let host = target.host.clone();
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(now) = cause {
        match now.downcast_ref::<Unresolved>() {
            Some(Unresolved::Forbidden) => return OutboundError::Forbidden { host },
            Some(Unresolved::NoAddress) => return OutboundError::Unresolvable { host },
            Some(Unresolved::Busy) => return OutboundError::Busy,
            None => {}
        }
        // An `io::Error` skips what it carries when asked for its source.
        let carried = now.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if now.is::<rustls::Error>() || carried.is_some_and(|inner| inner.is::<rustls::Error>()) {
            return OutboundError::Tls { host };
        }
        cause = carried.map(|inner| inner as &(dyn Error + 'static)).or_else(|| now.source());
    }
    if error.is_timeout() {
        OutboundError::TimedOut { host }
    } else if error.is_connect() {
        OutboundError::Unreachable { host }
    } else {
        OutboundError::Interrupted { host }
    }
}
