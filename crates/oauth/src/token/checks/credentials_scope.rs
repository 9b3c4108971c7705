//! The client asks for scopes of its own.

use super::{CredentialsPassed, Run};
use crate::{
    ScopeSet,
    scope::{OFFLINE_ACCESS, OPENID},
    token::TokenRefusal,
};

/// What the token may do.
pub(super) struct OwnScope(ScopeSet);

impl OwnScope {
    pub(super) fn get(self) -> ScopeSet {
        self.0
    }
}

/// Scopes that speak of a person, who is not there.
fn needs_a_person(scope: &str) -> bool {
    matches!(scope, OPENID | OFFLINE_ACCESS)
}

pub(super) fn check(passed: &mut CredentialsPassed<'_>) -> Run<()> {
    let client = passed.client.client();
    let scope = match passed.request.params.value("scope") {
        // OAuth 2.1 §1.4.1: without a wish, everything that the client is registered for.
        None => ScopeSet::from_scopes(client.scopes.iter().filter(|scope| !needs_a_person(scope.as_str()))),
        Some(text) => {
            let wanted = ScopeSet::parse(text).map_err(|_| TokenRefusal::ScopeMalformed)?;
            if wanted.iter().any(|scope| needs_a_person(scope) || !client.allows_scope(scope)) {
                return Err(TokenRefusal::ScopeTooWide.into());
            }
            wanted
        }
    };
    if scope.is_empty() {
        return Err(TokenRefusal::ScopeTooWide.into());
    }
    passed.scope = Some(OwnScope(scope));
    Ok(())
}
