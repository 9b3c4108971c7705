//! A client as far as somebody knows it, before any rule was applied.

use crate::ClientKind;

/// What is known about a client. `None` means that nobody said; an empty list means that somebody said "none".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClientShape {
    /// Its id.
    pub id: String,
    /// The name that people see.
    pub name: String,
    /// What kind of program it is.
    pub kind: Option<ClientKind>,
    /// `token_endpoint_auth_method` (RFC 7591 §2).
    pub auth_method: Option<String>,
    /// Whether it holds a secret.
    pub has_secret: Option<bool>,
    /// Redirect URIs, as somebody wrote them.
    pub redirect_uris: Option<Vec<String>>,
    /// `grant_types` (RFC 7591 §2).
    pub grant_types: Option<Vec<String>>,
    /// `response_types` (RFC 7591 §2).
    pub response_types: Option<Vec<String>>,
    /// Whether it uses PKCE.
    pub pkce: Option<PkceUse>,
    /// Which of `redirect_uris` the server that holds the client takes for more than one address. `None` when it is to be registered
    /// here, where addresses are compared character by character and whatever is no plain address is loose.
    pub varying_redirect_uris: Option<Vec<String>>,
    /// What may be true besides, and nobody can tell. Registration has no doubts; configuration with variables has.
    pub doubts: Doubts,
}

/// What may be true of a client besides what is known. While a doubt concerns a rule, the rule can't hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Doubts {
    /// Grant types that it may have.
    pub grant_types: Vec<String>,
    /// Response types that it may have.
    pub response_types: Vec<String>,
    /// Whether there may be redirect URIs that break the rule that is asked.
    pub redirect_uris: bool,
}

/// How a client uses PKCE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PkceUse {
    /// Always, with S256.
    S256,
    /// With the method `plain`, which protects nothing.
    Plain,
    /// Not, or not always.
    Missing,
}

impl ClientShape {
    /// A shape of which only this is known.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>, kind: ClientKind) -> Self {
        Self { id: id.into(), name: name.into(), kind: Some(kind), ..Self::default() }
    }
}
