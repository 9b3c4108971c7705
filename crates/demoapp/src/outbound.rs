//! Requests to the issuer, and to nobody else: one authority, five seconds, 64 KiB, no redirects followed.

use std::{fmt, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

/// Longest wait for one exchange.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Largest answer read, in bytes.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// A client that can reach the issuer only.
pub(crate) struct Outbound {
    client: Client<HttpConnector, Full<Bytes>>,
    authority: String,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Outbound {
    pub(crate) fn new(authority: String) -> Self {
        Self { client: Client::builder(TokioExecutor::new()).build_http(), authority }
    }

    /// Whether `url` lies on the issuer's authority; endpoints learned by discovery are held to this before use.
    pub(crate) fn reaches(&self, url: &str) -> bool {
        url.parse::<Uri>().is_ok_and(|uri| self.allows(&uri))
    }

    fn allows(&self, uri: &Uri) -> bool {
        uri.scheme_str() == Some("http") && uri.authority().is_some_and(|a| a.as_str() == self.authority)
    }

    /// A GET without cookies; `authorization` is sent when given.
    pub(crate) async fn get(&self, url: &str, authorization: Option<&str>) -> Result<Answer, CallFault> {
        self.send(Method::GET, url, authorization, None).await
    }

    /// A form POST.
    pub(crate) async fn post_form(
        &self,
        url: &str,
        authorization: Option<&str>,
        form: String,
    ) -> Result<Answer, CallFault> {
        self.send(Method::POST, url, authorization, Some(form)).await
    }

    async fn send(
        &self,
        method: Method,
        url: &str,
        authorization: Option<&str>,
        form: Option<String>,
    ) -> Result<Answer, CallFault> {
        let uri: Uri = url.parse().map_err(|_| CallFault::OtherHost)?;
        if !self.allows(&uri) {
            return Err(CallFault::OtherHost);
        }
        let mut request =
            Request::builder().method(method).uri(uri).header(header::ACCEPT, "application/json, text/html");
        if let Some(value) = authorization {
            request = request.header(header::AUTHORIZATION, value);
        }
        if form.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let body = Full::new(Bytes::from(form.unwrap_or_default()));
        let request = request.body(body).map_err(|_| CallFault::Unreadable)?;
        tokio::time::timeout(TIMEOUT, self.exchange(request)).await.map_err(|_| CallFault::TimedOut)?
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Answer, CallFault> {
        let answer = self.client.request(request).await.map_err(|_| CallFault::Unreachable)?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, BODY_BYTES_MAX).collect().await.map_err(|_| CallFault::Unreadable)?.to_bytes();
        Ok(Answer { status: head.status, headers: head.headers, body })
    }
}

/// Why a request to the issuer brought no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CallFault {
    OtherHost,
    Unreachable,
    TimedOut,
    Unreadable,
}

impl fmt::Display for CallFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OtherHost => "the address does not belong to the sign-in service, so it was not called",
            Self::Unreachable => "the sign-in service could not be reached",
            Self::TimedOut => "the sign-in service did not answer within five seconds",
            Self::Unreadable => "the sign-in service's answer could not be read or was larger than 64 KiB",
        })
    }
}
