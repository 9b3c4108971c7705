//! From a policy and a person to one requirement, with the reason for each part.

use std::sync::Arc;

use model::{Tier, Timestamp};

use crate::{Exceptions, Facet, PersonFacts, Policy, Requirement, RuleName, floor, says::says};

/// What one person must show on one tier. Only [`resolve()`] and [`resolve_with`] make one, so floors hold in every one that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    tier: Tier,
    requirement: Requirement,
    /// Who decided each facet, by [`Facet::index`]; `None` where nobody limits it.
    decided: [Option<Decided>; Facet::ALL.len()],
    relaxed: Vec<RuleName>,
    until: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Decided {
    rule: RuleName,
    reason: Option<Arc<str>>,
}

/// Why one facet is as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Because {
    /// The facet.
    pub facet: Facet,
    /// What decided it: a rule, [`RuleName::BASE`] or [`RuleName::FLOOR`]. Where several ask the same, what can't be changed is named before
    /// what holds for everyone, and rules in the order of their names.
    pub rule: RuleName,
    /// What it means, in plain words for the person it is asked of, with the rule's reason where it has one.
    pub says: String,
}

/// What the person must show on that tier, without exceptions.
#[must_use]
pub fn resolve(policy: &Policy, person: &PersonFacts<'_>, tier: Tier, now: Timestamp) -> Resolved {
    resolve_with(policy, person, tier, &Exceptions::NONE, now)
}

/// What the person must show on that tier: the strictest of floor, base and every rule that holds for them and was not taken away by an
/// exception, facet by facet.
#[must_use]
pub fn resolve_with(
    policy: &Policy,
    person: &PersonFacts<'_>,
    tier: Tier,
    exceptions: &Exceptions<'_>,
    now: Timestamp,
) -> Resolved {
    let mut resolved = Resolved {
        tier,
        requirement: Requirement::LOOSEST,
        decided: [const { None }; Facet::ALL.len()],
        relaxed: Vec::new(),
        until: None,
    };
    resolved.tighten(&floor(tier), &RuleName::FLOOR, None);
    resolved.tighten(&policy.base(tier), &RuleName::BASE, None);
    for rule in policy.rules().iter().filter(|rule| rule.holds(person, tier)) {
        if let Some(until) = exceptions.lifted_until(&rule.name, now) {
            resolved.relaxed.push(rule.name.clone());
            resolved.until = Some(resolved.until.map_or(until, |earlier| earlier.min(until)));
        } else {
            resolved.tighten(&rule.asks, &rule.name, rule.reason.as_ref());
        }
    }
    resolved
}

impl Resolved {
    /// Joins what `rule` asks. Rules come in the order of their names, so the first of those that ask the same is the one that is named.
    fn tighten(&mut self, asks: &Requirement, rule: &RuleName, reason: Option<&Arc<str>>) {
        for facet in Facet::ALL {
            if asks.strictness(facet) > self.requirement.strictness(facet) {
                self.decided[facet.index()] = Some(Decided { rule: rule.clone(), reason: reason.cloned() });
            }
        }
        self.requirement = self.requirement.strictest(*asks);
    }

    /// What must be shown.
    #[must_use]
    pub const fn requirement(&self) -> &Requirement {
        &self.requirement
    }

    /// For which tier.
    #[must_use]
    pub const fn tier(&self) -> Tier {
        self.tier
    }

    /// The reason for every facet that somebody limits, in the order of [`Facet::ALL`].
    #[must_use]
    pub fn because(&self) -> Vec<Because> {
        Facet::ALL.into_iter().filter_map(|facet| self.why(facet)).collect()
    }

    /// The reason for one facet; `None` where nobody limits it.
    #[must_use]
    pub fn why(&self, facet: Facet) -> Option<Because> {
        let decided = self.decided[facet.index()].as_ref()?;
        let plain = says(&self.requirement, facet);
        let says = match &decided.reason {
            Some(reason) => format!("{plain} {reason}"),
            None => plain.into_owned(),
        };
        Some(Because { facet, rule: decided.rule.clone(), says })
    }

    /// The rules that would have held for this person and were taken away by an exception.
    #[must_use]
    pub fn relaxed(&self) -> &[RuleName] {
        &self.relaxed
    }

    /// The moment at which the first of those exceptions ends: keep this answer no longer.
    #[must_use]
    pub const fn until(&self) -> Option<Timestamp> {
        self.until
    }
}
