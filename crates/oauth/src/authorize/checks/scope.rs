//! The client asks for something it may ask for.

use super::{Passed, Stop};
use crate::{GrantTypes, ScopeSet, authorize::AuthorizeFault, consent::is_claim_mark, scope::OFFLINE_ACCESS};

/// What the client would get: the requested scopes that it is registered for.
#[derive(Clone)]
pub(crate) struct CheckedScope(ScopeSet);

impl CheckedScope {
    pub(crate) const fn get(&self) -> &ScopeSet {
        &self.0
    }
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let client = passed.client.ok_or(AuthorizeFault::Incomplete)?.get();
    // OAuth 2.1 §1.4.1: without a scope there is a default or an error; a default would grant what nobody asked for.
    // Differs: RFC 9396 §2 lets authorization details stand alone. Here they stand beside a scope, which every token of ours names.
    let requested = passed.params.value("scope").ok_or(AuthorizeFault::ScopeMissing)?;
    let requested = ScopeSet::parse(requested).map_err(|_| AuthorizeFault::ScopeMalformed)?;
    // OpenID Connect Core §3.1.2.1: scopes we don't know are ignored. The token response says what was granted.
    // §11: offline_access means refresh tokens; without that grant it would promise nothing.
    let may_refresh = client.grants.contains(GrantTypes::REFRESH_TOKEN);
    let granted = requested.filtered(|scope| {
        client.allows_scope(scope) && (scope != OFFLINE_ACCESS || may_refresh) && !is_claim_mark(scope)
    });
    if granted.is_empty() {
        return Err(AuthorizeFault::ScopeNotAllowed.into());
    }
    passed.scope = Some(CheckedScope(granted));
    Ok(())
}
