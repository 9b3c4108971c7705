//! Whose tokens a client may exchange for its own (RFC 8693). Without a rule: nobody's.

use model::ClientId;
use serde::{Deserialize, Serialize};

use crate::{ScopeSet, stored};

/// The exchanges that a client may ask for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Delegation {
    /// Each allows; none forbids. Nothing is allowed without one.
    pub exchange: Vec<ExchangeRule>,
}

/// One allowed kind of exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeRule {
    /// Whose tokens may be brought.
    pub subject_from: SubjectFrom,
    /// For whom the new token may be meant.
    pub audiences: Vec<String>,
    /// The most that the new token may do.
    #[serde(with = "stored::scopes")]
    pub scopes: ScopeSet,
    /// Whether the new token may hide who acts (RFC 8693 §1.1). Otherwise it always names the client in `act`.
    pub impersonation: bool,
}

/// Whose subject tokens a rule is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectFrom {
    /// Tokens that were issued to the exchanging client itself.
    Own,
    /// Tokens that were issued to this other client.
    Client(#[serde(with = "stored::client_id")] ClientId),
}
