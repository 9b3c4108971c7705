//! One rule: of whom, where, what.

use std::sync::Arc;

use model::Tier;

use crate::{PersonFacts, Requirement, RuleName, Segment};

/// Asks something of some people on some tiers. A rule can't allow anything: joined with the others it only tightens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name, unique within a policy.
    pub name: RuleName,
    /// Of whom: the people of any of these segments. Empty: of everyone.
    pub segments: Vec<Segment>,
    /// Where.
    pub tiers: Tiers,
    /// What: [`Requirement::LOOSEST`] with what it asks put in.
    pub asks: Requirement,
    /// Why, in the organisation's words, for the people it holds for.
    pub reason: Option<Arc<str>>,
}

impl Rule {
    /// Whether it holds for that person on that tier.
    #[must_use]
    pub fn holds(&self, person: &PersonFacts<'_>, tier: Tier) -> bool {
        self.tiers.contains(tier)
            && (self.segments.is_empty() || self.segments.iter().any(|segment| segment.holds(person)))
    }
}

/// A set of tiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tiers(u8);

impl Tiers {
    /// Every tier.
    pub const ALL: Self = Self::of(&[Tier::Standard, Tier::Sensitive, Tier::Critical]);
    /// Sensitive and critical.
    pub const ABOVE_STANDARD: Self = Self::of(&[Tier::Sensitive, Tier::Critical]);

    /// These tiers, in any order.
    #[must_use]
    pub const fn of(tiers: &[Tier]) -> Self {
        let (mut bits, mut i) = (0, 0);
        while i < tiers.len() {
            bits |= Self::bit(tiers[i]);
            i += 1;
        }
        Self(bits)
    }

    /// Whether the tier is in the set.
    #[must_use]
    pub const fn contains(self, tier: Tier) -> bool {
        self.0 & Self::bit(tier) != 0
    }

    const fn bit(tier: Tier) -> u8 {
        match tier {
            Tier::Standard => 1,
            Tier::Sensitive => 2,
            Tier::Critical => 4,
        }
    }
}
