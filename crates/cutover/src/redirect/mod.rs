//! Redirect URIs, and what their product takes for a match.

mod looseness;
mod pattern;
mod reach;

use crate::Template;

/// One registered redirect URI. Addresses for after signing out are none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Redirect {
    /// As registered. Where the product completes it (Keycloak's `rootUrl` before `/callback`), completed.
    pub text: Template,
    /// How the product compares what a request sends with it.
    pub matching: Matching,
}

/// How a product compares a request's redirect URI with a registered one. A reader states the rule of the product, or of this
/// entry where each entry has its own; whether *this* text is then loose is worked out here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Matching {
    /// Character by character, or after normalising what means the same.
    Exact,
    /// Exactly, except that the port of a loopback address may vary (RFC 8252 §7.3).
    ExactButLoopbackPort,
    /// Whatever begins with the text.
    Prefix,
    /// A `*` at the end stands for anything (Keycloak); without one, exactly.
    TrailingWildcard,
    /// A `*` in the host stands for part of a name (Auth0, Entra); elsewhere it stands for itself.
    HostWildcard,
    /// A `*` in front of a host's first label stands for any one label, where the client has that switched on (Okta).
    Subdomain,
    /// `*` anywhere stands for anything (PingFederate).
    AnyWildcard,
    /// Ant patterns: `?`, `*`, `**` (Cloud Foundry UAA).
    Ant,
    /// A regular expression over the whole address.
    Regex,
    /// The product compares loosely whatever is written here, for instance in a development mode.
    Loosened,
}

/// How much of a redirect URI may vary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Looseness {
    /// Nothing, or the port of a loopback address.
    Fixed,
    /// Something after the host: a path, a query.
    PathVaries,
    /// The host, or everything.
    HostVaries,
}

/// What a redirect URI admits, as far as the rules on schemes ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// An absolute address that the entry admits, as bad as any that it admits. It is made for the rules and shown to nobody.
    Address(String),
    /// The entry names no scheme: it is completed by the product, or admits everything.
    NoScheme,
    /// A part that decides is filled in elsewhere; what is written there.
    Open(String),
}
