//! The request asks for no more than was granted.

use super::{RefreshPassed, Run};
use crate::{ScopeSet, token::TokenRefusal};

/// What the new access token may do. The family keeps its own scope (OAuth 2.1 §4.3.3).
pub(super) struct NarrowedScope(ScopeSet);

impl NarrowedScope {
    pub(super) fn get(self) -> ScopeSet {
        self.0
    }
}

pub(super) fn check(passed: &mut RefreshPassed<'_>) -> Run<()> {
    let family = passed.family.as_ref().ok_or(TokenRefusal::Incomplete)?.get();
    let wanted = match passed.request.params.value("scope") {
        None => family.scope.clone(),
        Some(text) => {
            let wanted = ScopeSet::parse(text).map_err(|_| TokenRefusal::ScopeMalformed)?;
            if !wanted.is_subset(&family.scope) {
                return Err(TokenRefusal::ScopeTooWide.into());
            }
            wanted
        }
    };
    // What the client was deregistered for since then is gone, whatever was once granted.
    let client = passed.client.client();
    let still = wanted.filtered(|scope| client.allows_scope(scope));
    if still.is_empty() {
        return Err(TokenRefusal::ScopeTooWide.into());
    }
    passed.scope = Some(NarrowedScope(still));
    Ok(())
}
