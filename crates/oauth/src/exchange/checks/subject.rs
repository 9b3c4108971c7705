//! The subject token is ours, in time, and about a person.

use super::Passed;
use crate::{
    FamilyState,
    exchange::{ExchangeRefusal, TokenFact},
};

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), ExchangeRefusal> {
    let worthless = ExchangeRefusal::SubjectWorthless;
    let TokenFact::Says(token) = passed.facts.subject else { return Err(worthless) };
    if !token.is_current(passed.facts.issuer.url(), passed.now) {
        return Err(worthless);
    }
    // A token that stands for a client belongs to no family: nobody is behind it on whose behalf one could act.
    let id = token.family.ok_or(worthless)?;
    let family = passed.facts.family.filter(|family| family.id == id).ok_or(worthless)?;
    match family.state {
        FamilyState::Live if passed.now < family.expires => {}
        FamilyState::Live | FamilyState::Revoked { .. } => return Err(worthless),
    }
    (passed.token, passed.family) = (Some(token), Some(family));
    Ok(())
}
