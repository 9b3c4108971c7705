//! Redirect URIs: read strictly once, at registration; afterwards only compared.
//!
//! What a request sends is never parsed into parts and never normalised: two parsers that disagree (ours and the browser's)
//! is how answers go astray. It is compared with what was registered, character by character; for loopback addresses the
//! port may differ and nothing else.

mod fault;
mod parse;

pub use fault::RedirectFault;
pub(crate) use parse::origin_is_plain;

/// Longest redirect URI accepted, in bytes.
pub const REDIRECT_BYTES_MAX: usize = 2048;

/// Who can receive what is sent to a redirect URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedirectKind {
    /// `https`: whoever holds the domain.
    Https,
    /// `http` on `127.0.0.1` or `[::1]`: any program on that device (RFC 8252 §7.3). The port may vary.
    Loopback,
    /// `http` on `localhost`, for development. The port may not vary: the name may resolve to something else.
    Localhost,
    /// A private-use scheme: any program on that device that claims it (RFC 8252 §7.1).
    PrivateScheme,
}

/// A redirect URI that passed every rule of registration.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RedirectUri {
    text: String,
    kind: RedirectKindRepr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum RedirectKindRepr {
    Https { host_end: usize },
    Loopback { host_end: usize, port_end: usize },
    Localhost { host_end: usize },
    PrivateScheme { scheme_end: usize },
}

impl RedirectUri {
    /// Reads a redirect URI for registration.
    ///
    /// # Errors
    /// The first rule it breaks, with an explanation for the person who registers the client.
    pub fn parse(text: &str) -> Result<Self, RedirectFault> {
        let kind = parse::parse(text)?;
        Ok(Self { text: text.to_owned(), kind })
    }

    /// The URI as registered.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Who can receive what is sent there.
    #[must_use]
    pub const fn kind(&self) -> RedirectKind {
        match self.kind {
            RedirectKindRepr::Https { .. } => RedirectKind::Https,
            RedirectKindRepr::Loopback { .. } => RedirectKind::Loopback,
            RedirectKindRepr::Localhost { .. } => RedirectKind::Localhost,
            RedirectKindRepr::PrivateScheme { .. } => RedirectKind::PrivateScheme,
        }
    }

    /// The host, or the private-use scheme: what a person is shown as the place the answer goes to.
    #[must_use]
    pub fn host(&self) -> &str {
        match self.kind {
            RedirectKindRepr::Https { host_end } => &self.text["https://".len()..host_end],
            RedirectKindRepr::Loopback { host_end, .. } | RedirectKindRepr::Localhost { host_end } => {
                &self.text["http://".len()..host_end]
            }
            RedirectKindRepr::PrivateScheme { scheme_end } => &self.text[..scheme_end],
        }
    }

    /// Whether an answer may be sent to `requested`.
    #[must_use]
    pub fn admits(&self, requested: &str) -> bool {
        // draft-ietf-oauth-v2-1-16 §4.1.1: simple string comparison (RFC 3986 §6.2.1).
        if requested == self.text {
            return true;
        }
        // §8.4.2 and RFC 8252 §7.3: for a loopback IP literal the port is whatever the device had free.
        let RedirectKindRepr::Loopback { host_end, port_end } = self.kind else { return false };
        let Some(rest) = requested.strip_prefix(&self.text[..host_end]) else { return false };
        let after_port = match rest.strip_prefix(':') {
            None => rest,
            Some(port_on) => {
                let digits = port_on.bytes().take_while(u8::is_ascii_digit).count();
                if !parse::is_port(&port_on[..digits]) {
                    return false;
                }
                &port_on[digits..]
            }
        };
        after_port == &self.text[port_end..]
    }
}

impl std::fmt::Debug for RedirectUri {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RedirectUri({})", self.text)
    }
}
