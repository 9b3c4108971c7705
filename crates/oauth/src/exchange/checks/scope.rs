//! No more than the subject token and the rule hold.

use super::Passed;
use crate::{
    ScopeSet,
    exchange::ExchangeRefusal,
    scope::{OFFLINE_ACCESS, OPENID},
};

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), ExchangeRefusal> {
    let (token, rule) = (passed.token()?, passed.rule.ok_or(ExchangeRefusal::Incomplete)?);
    // These two speak of the client that the person dealt with: an identity, and a grant that outlives the session.
    let most = token.scope.filtered(|scope| rule.scopes.contains(scope) && scope != OPENID && scope != OFFLINE_ACCESS);
    let scope = match passed.params.value("scope") {
        None => most,
        Some(text) => {
            let wanted = ScopeSet::parse(text).map_err(|_| ExchangeRefusal::ScopeMalformed)?;
            if !wanted.is_subset(&most) {
                return Err(ExchangeRefusal::ScopeTooWide);
            }
            wanted
        }
    };
    if scope.is_empty() {
        return Err(ExchangeRefusal::ScopeTooWide);
    }
    passed.scope = Some(scope);
    Ok(())
}
