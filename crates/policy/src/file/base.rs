//! `[policy.base.TIER]`: what is asked of everyone, and what is allowed at all.

use std::collections::BTreeMap;

use model::{Strength, Tier};

use crate::{Base, Facet, Requirement, floor};

use super::{
    TIERS,
    problem::{Fault, Problems},
    settings,
    shape::Settings,
};

/// Reads the tiers from the lowest up: what a tier asks, every higher one asks too.
pub(super) fn check(written: &BTreeMap<String, Settings>, problems: &mut Problems) -> Base {
    let known = TIERS.map(Tier::as_str);
    problems.unknown_keys("policy.base", written.keys().filter(|key| Tier::from_word(key).is_none()), &known);
    let standard = tier(Tier::Standard, written, None, problems);
    let sensitive = tier(Tier::Sensitive, written, Some((Tier::Standard, standard)), problems);
    let critical = tier(Tier::Critical, written, Some((Tier::Sensitive, sensitive)), problems);
    Base { standard, sensitive, critical }
}

fn tier(
    tier: Tier,
    written: &BTreeMap<String, Settings>,
    lower: Option<(Tier, Requirement)>,
    problems: &mut Problems,
) -> Requirement {
    let path = format!("policy.base.{}", tier.as_str());
    let mut own = Base::DEFAULT.of(tier);
    if let Some(settings) = written.get(tier.as_str()) {
        let facets = settings::put(&path, settings, &[], &mut own, problems);
        imply(&mut own, &facets);
        for facet in facets {
            if let Some(fault) = against(&own, facet, tier, lower) {
                problems.push(&format!("{path}.{facet}"), fault);
            }
        }
    }
    lower.map_or(own, |(_, below)| own.strictest(below))
}

/// What follows from what was written, where the default would undo it.
fn imply(own: &mut Requirement, facets: &[Facet]) {
    // Who allows a fallback wants it to serve.
    let fallback = (own.fallbacks.password_and_totp && facets.contains(&Facet::PasswordAndTotp))
        || (own.fallbacks.recovery_codes && facets.contains(&Facet::RecoveryCodes));
    if fallback && !facets.contains(&Facet::LeastStrength) {
        own.least = Strength::TwoFactor;
    }
    // Who sets how long a session lives means the proof that opened it, too.
    if facets.contains(&Facet::SessionAbsoluteSeconds) && !facets.contains(&Facet::FreshSeconds) {
        own.fresh_seconds = own.session.absolute_seconds;
    }
}

/// What stands against one facet that was written.
fn against(own: &Requirement, facet: Facet, tier: Tier, lower: Option<(Tier, Requirement)>) -> Option<Fault> {
    if own.strictness(facet) < floor(tier).strictness(facet) {
        return Some(Fault::BelowFloor);
    }
    if let Some((lower, below)) = lower
        && own.strictness(facet) < below.strictness(facet)
    {
        return Some(Fault::LooserThanLowerTier { lower: lower.as_str() });
    }
    let allows = match facet {
        Facet::PasswordAndTotp => own.fallbacks.password_and_totp,
        Facet::RecoveryCodes => own.fallbacks.recovery_codes,
        Facet::SessionIdleSeconds => {
            let idle_matters = own.session.idle_seconds <= own.session.absolute_seconds;
            return (!idle_matters).then_some(Fault::Contradicts { with: Facet::SessionAbsoluteSeconds.as_str() });
        }
        Facet::LeastStrength
        | Facet::UserVerified
        | Facet::DeviceBoundOnly
        | Facet::AttestedOnly
        | Facet::SyncedPasskeys
        | Facet::UnconfirmedBinding
        | Facet::FreshSeconds
        | Facet::SessionAbsoluteSeconds
        | Facet::InvitationSnoozeDays
        | Facet::InvitationSkips => false,
    };
    let shut_out = own.shuts_out_fallbacks().filter(|_| allows)?;
    Some(Fault::Contradicts { with: shut_out.as_str() })
}
