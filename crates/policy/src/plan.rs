//! A policy: what is asked of everyone, and the rules on top.

use std::collections::BTreeSet;

use model::{Strength, Tier};

use crate::{
    Fallbacks, Invitation, Requirement, Rule, RuleName, SessionTimes,
    bounds::{RULES_MAX, SECONDS_MAX},
};

/// What is asked of everyone, tier by tier. The only place that can allow a fallback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Base {
    /// Ordinary applications.
    pub standard: Requirement,
    /// Applications with personal or business-critical data.
    pub sensitive: Requirement,
    /// Applications that can change everything else.
    pub critical: Requirement,
}

impl Base {
    /// What an installation asks that configures nothing: a passkey for everything, no fallback; synced passkeys serve, unattested ones too.
    /// A passkey bound by a link alone serves the standard tier. Sessions live 12 hours in all and 1 hour without use, inside the 24 hours and
    /// 1 hour of NIST SP 800-63B-4 §2.2.3 for AAL2. An invitation may be put off three times, for a week each.
    pub const DEFAULT: Self = {
        let twelve_hours = 12 * 60 * 60;
        let standard = Requirement {
            least: Strength::Passkey,
            device_bound_only: false,
            attested_only: false,
            synced_passkeys: true,
            fallbacks: Fallbacks { password_and_totp: false, recovery_codes: false },
            unconfirmed_binding: true,
            fresh_seconds: twelve_hours,
            session: SessionTimes { idle_seconds: 60 * 60, absolute_seconds: twelve_hours },
            invitation: Invitation { snooze_days: 7, skips: 3 },
        };
        let above = Requirement { unconfirmed_binding: false, ..standard };
        Self { standard, sensitive: above, critical: above }
    };

    /// What is asked on that tier.
    #[must_use]
    pub const fn of(&self, tier: Tier) -> Requirement {
        match tier {
            Tier::Standard => self.standard,
            Tier::Sensitive => self.sensitive,
            Tier::Critical => self.critical,
        }
    }
}

impl Default for Base {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What the organisation asks of whom and where. The default is [`Base::DEFAULT`] without rules.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    base: Base,
    /// Sorted by name, so that two policies with the same rules are the same policy.
    rules: Vec<Rule>,
}

/// Why rules don't make a policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFault {
    /// An exception could not say which of the two it means.
    #[error("two rules are named {0}")]
    SameName(RuleName),
    /// The name belongs to base or floor.
    #[error("a rule is named {0}, which is not a rule's name")]
    NotARule(RuleName),
    /// More than a sign-in should have to look at.
    #[error("{0} rules are more than {RULES_MAX}")]
    TooMany(usize),
}

impl Policy {
    /// A policy of this base and these rules, in any order.
    ///
    /// # Errors
    /// [`PolicyFault`]: names must be unique, and 200 rules are enough.
    pub fn new(base: Base, mut rules: Vec<Rule>) -> Result<Self, PolicyFault> {
        if rules.len() > RULES_MAX {
            return Err(PolicyFault::TooMany(rules.len()));
        }
        rules.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some(two) = rules.windows(2).find(|two| two[0].name == two[1].name) {
            return Err(PolicyFault::SameName(two[0].name.clone()));
        }
        if let Some(rule) = rules.iter().find(|rule| !rule.name.is_rule()) {
            return Err(PolicyFault::NotARule(rule.name.clone()));
        }
        // "Never" is no time: what sets no limit is held to the longest, and arithmetic on it can't run over.
        let held = Requirement {
            fresh_seconds: SECONDS_MAX,
            session: SessionTimes { idle_seconds: SECONDS_MAX, absolute_seconds: SECONDS_MAX },
            ..Requirement::LOOSEST
        };
        let base = Base {
            standard: base.standard.strictest(held),
            sensitive: base.sensitive.strictest(held),
            critical: base.critical.strictest(held),
        };
        Ok(Self { base, rules })
    }

    /// This policy with more rules.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with(mut self, more: Vec<Rule>) -> Result<Self, PolicyFault> {
        self.rules.extend(more);
        Self::new(self.base, self.rules)
    }

    /// What is asked of everyone on that tier.
    #[must_use]
    pub const fn base(&self, tier: Tier) -> Requirement {
        self.base.of(tier)
    }

    /// The rules, sorted by name.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The groups that segments name. A group that nobody is in is most likely a slip of the pen, and makes its rule ask nothing of anyone;
    /// only the shell knows who is in which group.
    #[must_use]
    pub fn groups(&self) -> BTreeSet<&str> {
        self.rules.iter().flat_map(|rule| &rule.segments).flat_map(|segment| segment.groups()).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::Tiers;

    use super::*;

    fn rule(name: RuleName) -> Rule {
        Rule { name, segments: Vec::new(), tiers: Tiers::ALL, asks: Requirement::LOOSEST, reason: None }
    }

    fn named(name: &str) -> Rule {
        rule(RuleName::parse(name).expect("a name"))
    }

    #[test]
    fn each_rule_has_a_name_of_its_own() {
        let two = Policy::default().with(vec![named("a"), named("b"), named("a")]);
        assert_eq!(two, Err(PolicyFault::SameName(named("a").name)));
        let reserved = Policy::default().with(vec![named("a"), rule(RuleName::FLOOR)]);
        assert_eq!(reserved, Err(PolicyFault::NotARule(RuleName::FLOOR)));
        let numbered = |count: usize| (0..count).map(|number| named(&format!("r{number}"))).collect::<Vec<_>>();
        assert!(Policy::default().with(numbered(RULES_MAX)).is_ok());
        let many = Policy::default().with(numbered(RULES_MAX + 1));
        assert_eq!(many, Err(PolicyFault::TooMany(RULES_MAX + 1)));
        // Adding is counted with what was there.
        let full = Policy::default().with(numbered(RULES_MAX)).expect("as many as there may be");
        assert_eq!(full.with(vec![named("a")]), Err(PolicyFault::TooMany(RULES_MAX + 1)));
    }

    #[test]
    fn no_base_lets_a_proof_live_for_ever() {
        let loosest = Requirement::LOOSEST;
        let policy = Policy::new(Base { standard: loosest, sensitive: loosest, critical: loosest }, Vec::new());
        let policy = policy.expect("a base alone is a policy");
        for tier in [Tier::Standard, Tier::Sensitive, Tier::Critical] {
            let base = policy.base(tier);
            let times = [base.fresh_seconds, base.session.idle_seconds, base.session.absolute_seconds];
            assert_eq!(times, [SECONDS_MAX; 3]);
        }
    }
}
