//! Who acts is allowed to, and is named unless the rule says otherwise.

use super::Passed;
use crate::{
    FamilyState,
    exchange::{
        ExchangeRefusal, PresentedToken, TokenFact,
        act::{Act, may_act},
    },
};

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), ExchangeRefusal> {
    let rule = passed.rule.ok_or(ExchangeRefusal::Incomplete)?;
    let (token, client_id) = (passed.token()?, passed.client.id.as_str());
    let actor = match (passed.params.value("actor_token"), passed.facts.actor) {
        (None, _) => None,
        (Some(_), TokenFact::Says(actor)) if is_callers(actor, passed) => Some(actor),
        (Some(_), TokenFact::Says(_) | TokenFact::Worthless | TokenFact::NotSent) => {
            return Err(ExchangeRefusal::ActorWorthless);
        }
    };
    let subject = actor.map_or(client_id, |actor| &actor.subject);
    // §4.4: when the subject token says who may act, nobody else may, whatever our own rules allow.
    if let Some(claim) = &token.may_act
        && !may_act(claim, passed.facts.issuer.url(), subject, client_id)
    {
        return Err(ExchangeRefusal::MayNotAct);
    }
    let too_many = |_| ExchangeRefusal::TooManyActors;
    passed.actor = Some(match (&token.act, rule.impersonation && actor.is_none()) {
        (before, false) => Some(Act::after(subject, client_id, before.as_ref()).map_err(too_many)?),
        (Some(before), true) => Some(Act::kept(before).map_err(too_many)?),
        (None, true) => None,
    });
    Ok(())
}

/// The actor token is in force and was issued to the caller: nobody names somebody else as the one who acts.
fn is_callers(actor: &PresentedToken, passed: &Passed<'_>) -> bool {
    let alive = match actor.family {
        None => true,
        Some(id) => passed
            .facts
            .actor_family
            .is_some_and(|family| family.id == id && family.state == FamilyState::Live && passed.now < family.expires),
    };
    alive && actor.is_current(passed.facts.issuer.url(), passed.now) && actor.client_id == passed.client.id.as_str()
}
