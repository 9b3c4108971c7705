//! The person agrees, now or before, or the organisation agreed for them.

use super::{CheckedClient, CheckedRedirect, Passed, Stop};
use crate::{
    Consent, ConsentPolicy, RedirectKind, ScopeSet,
    authorize::{AuthorizeFault, AuthorizeNeed, ConsentAnswer, Shown, checks::Prompt},
    consent::remembered,
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
    let person = passed.signed_in.as_ref().ok_or(missing)?.person().id;

    let rememberable = may_remember(client, redirect);
    let before = passed
        .facts
        .consent
        .filter(|consent| rememberable && consent.person == person && consent.client == client.get().id);
    // With prompt=consent everything is shown again, also to the trusted.
    let asked_always = matches!(prompt, Prompt::Some { consent: true, .. });
    let trusted = !asked_always && is_trusted(client, redirect);
    let new = new(passed, before.filter(|_| !asked_always), trusted)?;

    let asked = match &passed.facts.consent_answer {
        ConsentAnswer::Denied => return Err(AuthorizeFault::ConsentDenied.into()),
        // An answer counts for the person who gave it and for what the page showed; anything else is asked again.
        ConsentAnswer::Allowed { person: who, shown } if *who == person && shown.covers(&new) => {
            if rememberable && !trusted {
                let before = before.map_or_else(ScopeSet::empty, |consent| consent.scope.clone());
                Asked::Remember(remembered(&before, scope, &new.claims))
            } else {
                Asked::Once
            }
        }
        ConsentAnswer::Allowed { .. } | ConsentAnswer::NotAsked => {
            if !new.is_empty() {
                return Err(ask(passed, scope, new, rememberable));
            }
            if trusted { Asked::No } else { Asked::Before }
        }
    };
    passed.consented = Some(Consented { scope: scope.clone(), asked });
    Ok(())
}

/// What this person has to be asked about.
fn new(passed: &Passed<'_>, before: Option<&Consent>, trusted: bool) -> Result<Shown, AuthorizeFault> {
    let missing = AuthorizeFault::Incomplete;
    let (scope, claims) = (passed.scope.as_ref().ok_or(missing)?.get(), passed.claims.as_ref().ok_or(missing)?);
    let details = passed.details.as_ref().ok_or(missing)?;
    if trusted {
        // What each person must decide each time, no organisation decides for them.
        let details = if details.is_always_asked() { details.shown().to_vec() } else { Vec::new() };
        return Ok(Shown { details, ..Shown::scope(ScopeSet::empty()) });
    }
    let Some(before) = before else {
        return Ok(Shown { scope: scope.clone(), claims: claims.names(), details: details.shown().to_vec() });
    };
    Ok(Shown {
        scope: scope.minus(&before.scope),
        claims: claims.names().into_iter().filter(|claim| !before.covers_claim(claim)).collect(),
        // RFC 9396 §6: a detail is one act. Yesterday's yes to one is no yes to today's.
        details: details.shown().to_vec(),
    })
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

fn ask(passed: &Passed<'_>, scope: &ScopeSet, new: Shown, remembered: bool) -> Stop {
    let (Some(client), Some(redirect), Some(signed_in), Some(prompt)) =
        (passed.client, &passed.redirect, &passed.signed_in, passed.prompt)
    else {
        return AuthorizeFault::Incomplete.into();
    };
    if prompt.forbids_asking() {
        return AuthorizeFault::ConsentRequired.into();
    }
    AuthorizeNeed::Consent {
        client: client.get().id.clone(),
        client_name: client.get().name.clone(),
        host: redirect.host().to_owned(),
        redirect_uri: redirect.uri().to_owned(),
        person: signed_in.person().id,
        scope: scope.clone(),
        new,
        remembered,
    }
    .into()
}
