//! The person proved as much as the organisation requires and the client asks for.

use super::{Passed, Stop, acr::Judged};
use crate::authorize::{AuthorizeFault, AuthorizeNeed, StepUpReason};

/// The proof is strong enough.
pub(crate) struct StrongEnough(Option<&'static str>);

impl StrongEnough {
    /// The `acr` to tell, where it is not the strength's own word.
    pub(crate) const fn acr(&self) -> Option<&'static str> {
        self.0
    }
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let missing = AuthorizeFault::Incomplete;
    let session = passed.signed_in.as_ref().ok_or(missing)?.session();
    let (prompt, acr) = (passed.prompt.ok_or(missing)?, passed.acr.as_ref().ok_or(missing)?);
    // What the organisation requires is never waived, however often the person has been asked.
    if !passed.facts.requirement_met {
        return Err(ask(passed, StepUpReason::Requirement));
    }
    let may_ask = !prompt.forbids_asking() && !passed.proved_again(session);
    let told = match (acr.judge(session.authentication.strength), acr.is_essential()) {
        (Judged::Met(told), _) => told,
        (Judged::Less, _) if may_ask => return Err(ask(passed, StepUpReason::Acr)),
        // OpenID Connect Core §3.1.2.6: asking could help, and is forbidden.
        (Judged::Less, true) if prompt.forbids_asking() => return Err(AuthorizeFault::LoginRequired.into()),
        // §5.5.1.1, RFC 9470 §5: essential, and asking did not help or can't.
        (Judged::Less | Judged::Impossible, true) => return Err(AuthorizeFault::AcrUnmet.into()),
        // §3.1.2.1: voluntary. The token tells what was proved, and the client decides.
        (Judged::Less | Judged::Impossible, false) => None,
    };
    passed.strong_enough = Some(StrongEnough(told));
    Ok(())
}

fn ask(passed: &Passed<'_>, reason: StepUpReason) -> Stop {
    let (Some(client), Some(redirect), Some(signed_in), Some(prompt)) =
        (passed.client, &passed.redirect, &passed.signed_in, passed.prompt)
    else {
        return AuthorizeFault::Incomplete.into();
    };
    if prompt.forbids_asking() {
        return AuthorizeFault::LoginRequired.into();
    }
    let says = match reason {
        StepUpReason::Requirement => passed.facts.requirement_says.to_vec(),
        StepUpReason::Acr => Vec::new(),
    };
    AuthorizeNeed::StepUp {
        client: client.get().id.clone(),
        client_name: client.get().name.clone(),
        host: redirect.host().to_owned(),
        person: signed_in.person().id,
        reason,
        wanted: passed.wanted(),
        says,
    }
    .into()
}
