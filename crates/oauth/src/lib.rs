//! OAuth 2.1 and OpenID Connect as decisions: may this client, for this person, have a code, a token, an answer?
//!
//! What it must not do: wait, read a clock, draw randomness, open a file, know SQL or an HTTP framework, or know a person's
//! attributes. Requests arrive as text, facts as values; replies leave as values, with their changes and audit events.
//! There is no implicit grant and no password grant in here, behind no switch.
//!
//! Start reading at [`client`], the party that every rule is about.

pub mod change;
pub mod client;
pub mod code;
pub mod consent;
pub mod family;
pub mod redirect;
pub mod scope;

pub use change::Change;
pub use client::{Client, ClientAuth, ClientKind, ClientStatus, ConsentPolicy, GrantTypes, SubjectKind};
pub use code::{CodeFact, CodeRecord};
pub use consent::Consent;
pub use family::{FamilyState, RefreshFamily, RevocationReason};
pub use redirect::{RedirectFault, RedirectKind, RedirectUri};
pub use scope::{Scope, ScopeSet};
