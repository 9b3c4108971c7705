//! What a person allowed a client, and is therefore not asked again.

use model::{ClientId, PersonId, Timestamp};

use crate::ScopeSet;

/// A remembered consent. Never exists for clients whose redirects others can receive (draft-ietf-oauth-v2-1-16 §7.3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Who allowed it.
    pub person: PersonId,
    /// Whom.
    pub client: ClientId,
    /// What.
    pub scope: ScopeSet,
    /// When last.
    pub at: Timestamp,
}
