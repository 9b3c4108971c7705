//! The person agrees, now or before, or the organisation agreed for them.

use super::{CheckedClient, CheckedRedirect, Passed, Prompt, Stop};
use crate::{
    ConsentPolicy, RedirectKind, ScopeSet,
    authorize::{AuthorizeFault, AuthorizeNeed, ConsentAnswer},
};

/// What the person, or the organisation, agrees to.
pub(crate) struct Consented {
    scope: ScopeSet,
    asked: Asked,
}

enum Asked {
    /// The organisation agreed.
    No,
    /// Allowed before.
    Before,
    /// Asked just now, not to be remembered.
    Once,
    /// Asked just now; this is everything allowed from here on.
    Remember(ScopeSet),
}

impl Consented {
    pub(crate) const fn scope(&self) -> &ScopeSet {
        &self.scope
    }
    pub(crate) const fn was_asked(&self) -> bool {
        matches!(self.asked, Asked::Once | Asked::Remember(_))
    }
    /// Whether the person's remembered consent stands behind this, and not the organisation or an answer for once.
    pub(crate) const fn rests_on_memory(&self) -> bool {
        matches!(self.asked, Asked::Before | Asked::Remember(_))
    }
    pub(crate) fn to_remember(&self) -> Option<ScopeSet> {
        match &self.asked {
            Asked::No | Asked::Before | Asked::Once => None,
            Asked::Remember(scope) => Some(scope.clone()),
        }
    }
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let missing = AuthorizeFault::Incomplete;
    let (client, redirect) = (passed.client.ok_or(missing)?, passed.redirect.ok_or(missing)?);
    let (prompt, scope) = (passed.prompt.ok_or(missing)?, passed.scope.as_ref().ok_or(missing)?.get());
    let person = passed.signed_in.as_ref().ok_or(missing)?.session().authentication.person;

    let rememberable = may_remember(client, redirect);
    let before = match passed.facts.consent {
        Some(consent) if rememberable && consent.person == person && consent.client == client.get().id => {
            consent.scope.clone()
        }
        Some(_) | None => ScopeSet::empty(),
    };
    let asked_always = matches!(prompt, Prompt::Some { consent: true, .. });
    // With prompt=consent everything is shown again.
    let new = if asked_always { scope.clone() } else { scope.minus(&before) };

    let asked = match &passed.facts.consent_answer {
        ConsentAnswer::Denied => return Err(AuthorizeFault::ConsentDenied.into()),
        // An answer counts for the person who gave it and for what the page showed; anything else is asked again.
        ConsentAnswer::Allowed { person: who, scope: shown } if *who == person && new.is_subset(shown) => {
            if rememberable {
                Asked::Remember(before.union(scope))
            } else {
                Asked::Once
            }
        }
        ConsentAnswer::Allowed { .. } | ConsentAnswer::NotAsked => {
            let unasked = !asked_always && (new.is_empty() || is_trusted(client, redirect));
            if !unasked {
                return Err(ask(passed, prompt, client, redirect, scope, new, rememberable));
            }
            if is_trusted(client, redirect) { Asked::No } else { Asked::Before }
        }
    };
    passed.consented = Some(Consented { scope: scope.clone(), asked });
    Ok(())
}

/// The organisation decided for its people, and nobody else can pose as this client.
fn is_trusted(client: CheckedClient<'_>, redirect: CheckedRedirect<'_>) -> bool {
    match client.get().consent {
        // OAuth 2.1 §7.3.1: a client that proves nothing and whose answers others can receive is never waved through.
        ConsentPolicy::Trusted => client.get().is_confidential() || redirect.kind() == RedirectKind::Https,
        ConsentPolicy::Ask => false,
    }
}

/// OAuth 2.1 §7.3.1, RFC 8252 §8.6: where another program on the device can receive the answer, each request is asked anew.
fn may_remember(client: CheckedClient<'_>, redirect: CheckedRedirect<'_>) -> bool {
    match redirect.kind() {
        RedirectKind::Https => true,
        RedirectKind::Localhost => client.get().is_confidential(),
        RedirectKind::Loopback | RedirectKind::PrivateScheme => false,
    }
}

fn ask(
    passed: &Passed<'_>,
    prompt: Prompt,
    client: CheckedClient<'_>,
    redirect: CheckedRedirect<'_>,
    scope: &ScopeSet,
    new: ScopeSet,
    remembered: bool,
) -> Stop {
    if prompt.forbids_asking() {
        return AuthorizeFault::ConsentRequired.into();
    }
    let Some(signed_in) = &passed.signed_in else { return AuthorizeFault::Incomplete.into() };
    Stop::Ask(AuthorizeNeed::Consent {
        client: client.get().id.clone(),
        client_name: client.get().name.clone(),
        host: redirect.host().to_owned(),
        person: signed_in.session().authentication.person,
        scope: scope.clone(),
        new,
        remembered,
    })
}
