//! Which addresses can be client ids (draft-ietf-oauth-client-id-metadata-document §3).

use model::ClientId;

use crate::{RedirectFault, RedirectKind, RedirectUri};

/// Why an address can't be a client id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrlFault {
    /// Longer than a client id may be.
    #[error("the address is longer than a client id may be")]
    TooLong,
    /// Not a plain `https` address with a path.
    #[error("expected an https address with a path: {0}")]
    Shape(RedirectFault),
    /// Another scheme.
    #[error("expected an https address")]
    Scheme,
    /// It has a query. The draft discourages one; here it would give one document endless ids.
    #[error("expected an address without a query")]
    Query,
    /// The host is an address of a device or has no dot, so that it can't be somebody's domain.
    #[error("expected the host to be a domain name")]
    Host,
}

/// A client id that leads to a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientIdUrl {
    uri: RedirectUri,
    id: ClientId,
}

/// Whether a client id is meant to lead to a document. Ids that we give out never begin so.
#[must_use]
pub fn is_document_id(client_id: &str) -> bool {
    client_id.starts_with("https://")
}

impl ClientIdUrl {
    /// Checks an address. No path may hold `.` or `..`, no fragment, no user name or password (§3); the reader of redirect URIs
    /// refuses all of these, and whatever two parsers could read differently.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn parse(text: &str) -> Result<Self, UrlFault> {
        let id = ClientId::parse(text).map_err(|_| UrlFault::TooLong)?;
        let uri = RedirectUri::parse(text).map_err(UrlFault::Shape)?;
        match uri.kind() {
            RedirectKind::Https => {}
            RedirectKind::Loopback | RedirectKind::Localhost | RedirectKind::PrivateScheme => {
                return Err(UrlFault::Scheme);
            }
        }
        if text.contains('?') {
            return Err(UrlFault::Query);
        }
        // §6.5: no special-use addresses. What a name resolves to is judged by whoever fetches.
        let host = uri.host();
        let last = host.rsplit('.').next().unwrap_or(host);
        let is_name = host.contains('.') && last.bytes().any(|byte| byte.is_ascii_alphabetic());
        if !is_name || matches!(last, "localhost" | "local" | "internal" | "invalid" | "onion") {
            return Err(UrlFault::Host);
        }
        Ok(Self { uri, id })
    }

    /// The address, which is the client id as well.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.uri.as_str()
    }

    /// The client id.
    #[must_use]
    pub const fn client_id(&self) -> &ClientId {
        &self.id
    }

    /// The host that stands behind the client.
    #[must_use]
    pub fn host(&self) -> &str {
        self.uri.host()
    }
}
