//! How a request says which client it comes from, taken apart once. Nothing in it is believed yet.

use super::{
    ClientAuthFault, ShownCertificate,
    assertion::{self, ReadAssertion},
    basic::{self, BasicCredentials},
};
use crate::{RawParams, TokenKeys};

/// What a request shows to say and to prove who its client is.
pub struct Credentials<'a> {
    pub(super) shown: Shown<'a>,
    client_id: Option<&'a str>,
    pub(super) certificate: Option<ShownCertificate<'a>>,
}

/// The one method that a request uses. A certificate is no method until the client is registered for it: the connection may have
/// one for other reasons.
pub(super) enum Shown<'a> {
    Nothing,
    Header(BasicCredentials),
    Body(&'a str),
    Assertion(Box<ReadAssertion<'a>>),
}

impl<'a> Credentials<'a> {
    /// Takes the Authorization header, the form and the connection's certificate. The request's own query is never read
    /// (draft-ietf-oauth-v2-1-16 §2.4.1: no secret in the URI).
    ///
    /// # Errors
    /// When the header or an assertion can't be read, or there is more than one method, or more than one client named.
    pub fn read(
        authorization: Option<&str>,
        params: &'a RawParams<'_>,
        certificate: Option<ShownCertificate<'a>>,
    ) -> Result<Self, ClientAuthFault> {
        let header = authorization.map(basic::read).transpose()?;
        let sent = |name| params.one(name) != Ok(None);
        let (body, jwt) = (sent("client_secret"), sent("client_assertion") || sent("client_assertion_type"));
        // draft-ietf-oauth-v2-1-16 §2.4: one method per request.
        if usize::from(header.is_some()) + usize::from(body) + usize::from(jwt) > 1 {
            return Err(ClientAuthFault::TwoMethods);
        }
        let shown = match header {
            Some(basic) => Shown::Header(basic),
            None if jwt => Shown::Assertion(Box::new(assertion::read(params)?)),
            None => params.value("client_secret").map_or(Shown::Nothing, Shown::Body),
        };
        let read = Self { shown, client_id: params.value("client_id"), certificate };
        // RFC 7521 §4.2 asks the same of an assertion's subject.
        match (read.named_by_method(), read.client_id) {
            (Some(by_method), Some(by_form)) if by_method != by_form => Err(ClientAuthFault::TwoClients),
            _ => Ok(read),
        }
    }

    /// The client that the request names, for loading it. Alone it proves nothing (draft-ietf-oauth-v2-1-16 §2.2); the subject of an
    /// assertion is as yet unverified.
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        self.named_by_method().or(self.client_id)
    }

    fn named_by_method(&self) -> Option<&str> {
        match &self.shown {
            Shown::Header(basic) => Some(&basic.client_id),
            Shown::Assertion(read) => Some(read.subject()),
            Shown::Nothing | Shown::Body(_) => None,
        }
    }

    /// Under which the use of the assertion stands in storage, if one was sent; look it up for
    /// [`super::AuthenticationFacts::assertion_spent`].
    #[must_use]
    pub fn assertion_hash(&self, keys: &TokenKeys) -> Option<[u8; 32]> {
        match &self.shown {
            Shown::Assertion(read) => Some(read.hash(keys)),
            Shown::Nothing | Shown::Header(_) | Shown::Body(_) => None,
        }
    }

    /// The connection's certificate.
    #[must_use]
    pub const fn certificate(&self) -> Option<ShownCertificate<'a>> {
        self.certificate
    }
}

/// Says which method was used, and nothing of what was shown.
impl std::fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let method = match &self.shown {
            Shown::Nothing => "nothing",
            Shown::Header(_) => "a secret in the header",
            Shown::Body(_) => "a secret in the body",
            Shown::Assertion(_) => "an assertion",
        };
        f.debug_struct("Credentials")
            .field("client_id", &self.client_id())
            .field("shown", &method)
            .field("certificate", &self.certificate.is_some())
            .finish()
    }
}
