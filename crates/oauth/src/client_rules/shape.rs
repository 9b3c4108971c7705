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
