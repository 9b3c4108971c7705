//! Any requirement, rule, policy, person and proof.

use std::sync::Arc;

use model::{Employment, Strength, Tier};
use policy::{
    Base, Fallbacks, Invitation, PersonFacts, Policy, ProofFacts, Requirement, Rule, RuleName, Segment, SegmentName,
    SessionTimes, Tiers,
};
use proptest::{collection::vec, option, prelude::*, sample::subsequence};

use crate::NOW;

const STRENGTHS: [Strength; 5] =
    [Strength::Password, Strength::TwoFactor, Strength::Passkey, Strength::DeviceBoundClaimed, Strength::Attested];
const KINDS: [Employment; 3] = [Employment::Workforce, Employment::Contractor, Employment::Partner];
pub(crate) const TIERS: [Tier; 3] = [Tier::Standard, Tier::Sensitive, Tier::Critical];
/// Few, so that rules and people meet.
const GROUPS: [&str; 4] = ["legal", "hr", "finance", "interns"];

pub(crate) fn strength() -> impl Strategy<Value = Strength> {
    proptest::sample::select(&STRENGTHS[..])
}

/// Lengths of time that meet each other's bounds, with none at all among them.
fn seconds() -> impl Strategy<Value = i64> {
    prop_oneof![Just(i64::MAX), Just(0), 60..=100_000_i64]
}

pub(crate) fn requirement() -> impl Strategy<Value = Requirement> {
    let switches = proptest::array::uniform6(any::<bool>());
    let times = (seconds(), seconds(), seconds());
    (strength(), switches, times, any::<u16>(), any::<u16>()).prop_map(
        |(least, [bound, attested, synced, password, codes, unconfirmed], (fresh, idle, absolute), snooze, skips)| {
            Requirement {
                least,
                device_bound_only: bound,
                attested_only: attested,
                synced_passkeys: synced,
                fallbacks: Fallbacks { password_and_totp: password, recovery_codes: codes },
                unconfirmed_binding: unconfirmed,
                fresh_seconds: fresh,
                session: SessionTimes { idle_seconds: idle, absolute_seconds: absolute },
                invitation: Invitation { snooze_days: snooze, skips },
            }
        },
    )
}

pub(crate) fn base() -> impl Strategy<Value = Base> {
    // The loosest among them: that is where floors must hold.
    let requirement = || prop_oneof![Just(Requirement::LOOSEST), requirement()];
    (requirement(), requirement(), requirement()).prop_map(|(standard, sensitive, critical)| Base {
        standard,
        sensitive,
        critical,
    })
}

fn groups() -> impl Strategy<Value = Vec<String>> {
    subsequence(GROUPS.to_vec(), 0..=GROUPS.len()).prop_map(|groups| groups.into_iter().map(str::to_owned).collect())
}

fn few_groups() -> impl Strategy<Value = Vec<String>> {
    prop_oneof![3 => Just(Vec::new()), 1 => groups()]
}

fn segment() -> impl Strategy<Value = Segment> {
    let kinds = subsequence(KINDS.to_vec(), 0..=KINDS.len());
    (kinds, option::of(any::<bool>()), few_groups(), few_groups(), few_groups()).prop_map(
        |(employment, privileged, any_of, all_of, none_of)| {
            let name = SegmentName::parse("some").expect("a name");
            Segment { name, employment, privileged, any_of, all_of, none_of }
        },
    )
}

fn rule() -> impl Strategy<Value = Rule> {
    let tiers = subsequence(TIERS.to_vec(), 0..=TIERS.len());
    (vec(segment(), 0..3), tiers, requirement(), option::of("[a-z ]{1,20}\\.")).prop_map(
        |(segments, tiers, asks, reason)| {
            let name = RuleName::parse("to-be-numbered").expect("a name");
            Rule { name, segments, tiers: Tiers::of(&tiers), asks, reason: reason.map(Arc::from) }
        },
    )
}

/// Rules with names of their own.
pub(crate) fn rules() -> impl Strategy<Value = Vec<Rule>> {
    vec(rule(), 0..8).prop_map(|mut rules| {
        for (number, rule) in rules.iter_mut().enumerate() {
            rule.name = RuleName::parse(&format!("rule-{number}")).expect("a name");
        }
        rules
    })
}

pub(crate) fn policy() -> impl Strategy<Value = Policy> {
    (base(), rules()).prop_map(|(base, rules)| Policy::new(base, rules).expect("names are numbered"))
}

/// A person who owns their groups.
#[derive(Debug, Clone)]
pub(crate) struct AnyPerson(Employment, bool, Vec<String>);

impl AnyPerson {
    pub(crate) fn facts(&self) -> PersonFacts<'_> {
        PersonFacts { employment: self.0, privileged: self.1, groups: &self.2 }
    }
    /// The same person, their groups told in the other direction.
    pub(crate) fn turned(&self) -> Self {
        Self(self.0, self.1, self.2.iter().rev().cloned().collect())
    }
}

pub(crate) fn person() -> impl Strategy<Value = AnyPerson> {
    (proptest::sample::select(&KINDS[..]), any::<bool>(), groups())
        .prop_map(|(employment, privileged, groups)| AnyPerson(employment, privileged, groups))
}

pub(crate) fn tier() -> impl Strategy<Value = Tier> {
    proptest::sample::select(&TIERS[..])
}

/// Any proof, those among them that contradict themselves.
pub(crate) fn proof() -> impl Strategy<Value = ProofFacts> {
    let facts = proptest::array::uniform6(any::<bool>());
    (strength(), facts, -200_i64..=200_000).prop_map(
        |(strength, [device_bound, attested, user_verified, binding_confirmed, synced, recovery_code], age)| {
            ProofFacts {
                strength,
                device_bound,
                attested,
                user_verified,
                binding_confirmed,
                synced,
                recovery_code,
                at: NOW.plus_seconds(-age),
            }
        },
    )
}
