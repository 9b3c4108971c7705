//! What a person allowed a client, and is therefore not asked again.

use model::{Actor, AuditEvent, AuditKind, ClientId, Outcome, PersonId, Timestamp};

use crate::{Change, Scope, ScopeSet, scope::SCOPE_BYTES_MAX};

/// A remembered consent. Never exists for clients whose redirects others can receive (draft-ietf-oauth-v2-1-16 §7.3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Who allowed it.
    pub person: PersonId,
    /// Whom.
    pub client: ClientId,
    /// What. Single claims stand among the scopes: see [`Consent::covers_claim`].
    pub scope: ScopeSet,
    /// When last.
    pub at: Timestamp,
}

/// What a remembered consent to a single claim begins with. No client may ask for a scope of that shape.
const CLAIM_MARK: &str = "claim:";

/// Whether a scope is the mark of a remembered claim, which nobody may ask for.
pub(crate) fn is_claim_mark(scope: &str) -> bool {
    scope.starts_with(CLAIM_MARK)
}

impl Consent {
    /// Whether a single claim (OpenID Connect Core §5.5) is covered.
    #[must_use]
    pub fn covers_claim(&self, claim: &str) -> bool {
        self.scope.iter().any(|scope| scope.strip_prefix(CLAIM_MARK) == Some(claim))
    }
}

/// Takes a client's access to a person away, at that person's own word: what was allowed is forgotten, and whatever the client holds ends in
/// the same commit. It doesn't matter whether anything was remembered: a trusted client loses its refresh families as well.
pub fn withdraw(person: PersonId, client: &ClientId, now: Timestamp) -> Outcome<(), Change> {
    Outcome {
        reply: (),
        changes: vec![Change::ForgetConsent { person, client: client.clone(), at: now }],
        audit: vec![
            AuditEvent::new(AuditKind::ConsentWithdrawn, Actor::Person(person)).person(person).client(client.clone()),
        ],
    }
}

/// What is remembered after a yes to `scope` and `claims`, on top of `before`. Claims whose names can't be marks, or that are too
/// many to keep, are left out, and asked about again next time.
pub(crate) fn remembered(before: &ScopeSet, scope: &ScopeSet, claims: &[String]) -> ScopeSet {
    let scopes = before.union(scope);
    let marks =
        claims.iter().filter_map(|claim| Scope::parse(&format!("{CLAIM_MARK}{claim}")).ok()).collect::<Vec<_>>();
    let all = scopes.union(&ScopeSet::from_scopes(&marks));
    if all.as_str().len() <= SCOPE_BYTES_MAX { all } else { scopes }
}
