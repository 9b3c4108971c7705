//! What holds for any policy, person and proof.

use model::{PersonId, Strength, Tier};
use policy::{
    Exceptions, Facet, Policy, ProofFacts, Relaxation, RelaxedFor, Requirement, Resolved, floor, resolve, resolve_with,
    serves,
};
use proptest::prelude::*;

use crate::{NOW, any};

fn is_enough(resolved: &Resolved, proof: &ProofFacts) -> bool {
    serves(resolved, proof, NOW).is_enough()
}

proptest! {
    #[test]
    fn the_strictest_of_many_does_not_depend_on_order(
        a in any::requirement(), b in any::requirement(), c in any::requirement(),
    ) {
        prop_assert_eq!(a.strictest(b), b.strictest(a));
        prop_assert_eq!(a.strictest(b).strictest(c), a.strictest(b.strictest(c)));
        prop_assert_eq!(a.strictest(a), a);
        prop_assert_eq!(a.strictest(Requirement::LOOSEST), a);
        // Nothing is asked that neither asks.
        prop_assert!(a.strictest(b).at_least_as_strict_as(&a) && a.strictest(b).at_least_as_strict_as(&b));
        let both = c.at_least_as_strict_as(&a) && c.at_least_as_strict_as(&b);
        prop_assert_eq!(both, c.at_least_as_strict_as(&a.strictest(b)));
    }

    #[test]
    fn adding_rules_never_makes_anything_weaker(
        base in any::base(), rules in any::rules(), kept in any::<prop::sample::Index>(),
        person in any::person(), tier in any::tier(), proof in any::proof(),
    ) {
        let few = rules[..kept.index(rules.len() + 1)].to_vec();
        let few = Policy::new(base, few).expect("names are numbered");
        let all = Policy::new(base, rules).expect("names are numbered");
        let few = resolve(&few, &person.facts(), tier, NOW);
        let all = resolve(&all, &person.facts(), tier, NOW);
        prop_assert!(all.requirement().at_least_as_strict_as(few.requirement()));
        prop_assert!(!is_enough(&all, &proof) || is_enough(&few, &proof), "{proof:?} serves only with more rules");
    }

    #[test]
    fn order_never_matters(
        base in any::base(),
        (rules, shuffled) in any::rules().prop_flat_map(|rules| (Just(rules.clone()), Just(rules).prop_shuffle())),
        person in any::person(), tier in any::tier(),
    ) {
        let mut shuffled = shuffled;
        for segments in shuffled.iter_mut().map(|rule| &mut rule.segments) {
            segments.reverse();
            for segment in segments {
                for list in [&mut segment.any_of, &mut segment.all_of, &mut segment.none_of] {
                    list.reverse();
                }
                segment.employment.reverse();
            }
        }
        let straight = resolve(&Policy::new(base, rules).expect("names are numbered"), &person.facts(), tier, NOW);
        let turned = resolve(&Policy::new(base, shuffled).expect("names are numbered"), &person.turned().facts(), tier, NOW);
        prop_assert_eq!(straight.because(), turned.because());
        prop_assert_eq!(straight, turned);
    }

    #[test]
    fn floors_hold_for_any_policy_and_any_exception(
        policy in any::policy(), person in any::person(), tier in any::tier(), proof in any::proof(), lift in any::<bool>(),
    ) {
        let id = PersonId::from_bytes([7; 16]);
        let relaxations: Vec<_> = policy.rules().iter().map(|rule| Relaxation {
            rule: rule.name.clone(),
            whom: RelaxedFor::Person(id),
            until: NOW.plus_seconds(60),
        }).collect();
        let exceptions = Exceptions { person: lift.then_some(id), client: None, relaxations: &relaxations };
        let resolved = resolve_with(&policy, &person.facts(), tier, &exceptions, NOW);
        prop_assert!(resolved.requirement().at_least_as_strict_as(&floor(tier)));
        prop_assert!(resolved.requirement().at_least_as_strict_as(&policy.base(tier)));
        // The same in the words of the promise, by what the predicate says.
        if tier != Tier::Standard {
            let alone = proof.strength == Strength::Password && !proof.recovery_code;
            prop_assert!(!(alone && is_enough(&resolved, &proof)), "a password alone opened {tier:?}");
            prop_assert!(proof.binding_confirmed || !is_enough(&resolved, &proof), "an unconfirmed binding opened {tier:?}");
        }
        if tier == Tier::Critical {
            prop_assert!(!(proof.recovery_code && is_enough(&resolved, &proof)), "a recovery code opened critical");
        }
    }

    #[test]
    fn an_exception_is_worth_exactly_its_rule(
        base in any::base(), rules in any::rules(), which in any::<prop::sample::Index>(),
        person in any::person(), tier in any::tier(),
    ) {
        prop_assume!(!rules.is_empty());
        let mut without = rules.clone();
        let gone = without.remove(which.index(rules.len()));
        let id = PersonId::from_bytes([7; 16]);
        let relaxations = [Relaxation { rule: gone.name.clone(), whom: RelaxedFor::Person(id), until: NOW.plus_seconds(1) }];
        let exceptions = Exceptions { person: Some(id), client: None, relaxations: &relaxations };
        let policy = Policy::new(base, rules).expect("names are numbered");
        let lifted = resolve_with(&policy, &person.facts(), tier, &exceptions, NOW);
        let without = resolve(&Policy::new(base, without).expect("names are numbered"), &person.facts(), tier, NOW);
        prop_assert_eq!(lifted.requirement(), without.requirement());
        prop_assert_eq!(lifted.because(), without.because());
        prop_assert_eq!(lifted.relaxed().is_empty(), !gone.holds(&person.facts(), tier));
        prop_assert_eq!(lifted.until().is_some(), gone.holds(&person.facts(), tier));
    }

    #[test]
    fn every_limit_has_one_reason_and_the_reason_asks_just_that(
        policy in any::policy(), person in any::person(), tier in any::tier(),
    ) {
        let resolved = resolve(&policy, &person.facts(), tier, NOW);
        for because in resolved.because() {
            let own = policy.rules().iter().find(|rule| rule.name == because.rule);
            let asks = match own {
                Some(rule) => { prop_assert!(rule.holds(&person.facts(), tier)); rule.asks }
                None if because.rule == policy::RuleName::FLOOR => floor(tier),
                None => policy.base(tier),
            };
            // The named rule alone, and everything together, ask the same in this facet.
            let alone = Policy::new(policy::Base { standard: asks, sensitive: asks, critical: asks }, Vec::new());
            let alone = resolve(&alone.expect("no rules"), &person.facts(), tier, NOW);
            let says = alone.why(because.facet).expect("what it asks limits the facet").says;
            prop_assert!(because.says.starts_with(&says), "{:?} is not what {} asks: {says}", because.says, because.rule);
        }
        for facet in Facet::ALL {
            let lacks = resolved.why(facet).is_none();
            let free = resolved.requirement().strictest(Requirement::LOOSEST);
            let mut looser = free;
            loosen(&mut looser, facet);
            prop_assert_eq!(lacks, looser == free, "{}", facet);
        }
    }

    #[test]
    fn a_better_proof_never_serves_less(policy in any::policy(), person in any::person(), tier in any::tier(), proof in any::proof()) {
        let resolved = resolve(&policy, &person.facts(), tier, NOW);
        let key = proof.strength >= Strength::Passkey && !proof.recovery_code;
        let mut better = vec![
            ProofFacts { user_verified: true, ..proof },
            ProofFacts { binding_confirmed: true, ..proof },
            ProofFacts { at: NOW, ..proof },
        ];
        if key {
            better.push(ProofFacts { attested: true, ..proof });
            better.push(ProofFacts { strength: Strength::Attested, ..proof });
            better.push(ProofFacts { device_bound: true, synced: false, ..proof });
        }
        for better in better {
            prop_assert!(!is_enough(&resolved, &proof) || is_enough(&resolved, &better), "{better:?} serves less");
        }
    }
}

/// Takes one facet away.
fn loosen(requirement: &mut Requirement, facet: Facet) {
    let loosest = Requirement::LOOSEST;
    match facet {
        Facet::LeastStrength | Facet::UserVerified => requirement.least = loosest.least,
        Facet::DeviceBoundOnly => requirement.device_bound_only = loosest.device_bound_only,
        Facet::AttestedOnly => requirement.attested_only = loosest.attested_only,
        Facet::SyncedPasskeys => requirement.synced_passkeys = loosest.synced_passkeys,
        Facet::PasswordAndTotp => requirement.fallbacks.password_and_totp = loosest.fallbacks.password_and_totp,
        Facet::RecoveryCodes => requirement.fallbacks.recovery_codes = loosest.fallbacks.recovery_codes,
        Facet::UnconfirmedBinding => requirement.unconfirmed_binding = loosest.unconfirmed_binding,
        Facet::FreshSeconds => requirement.fresh_seconds = loosest.fresh_seconds,
        Facet::SessionIdleSeconds => requirement.session.idle_seconds = loosest.session.idle_seconds,
        Facet::SessionAbsoluteSeconds => requirement.session.absolute_seconds = loosest.session.absolute_seconds,
        Facet::InvitationSnoozeDays => requirement.invitation.snooze_days = loosest.invitation.snooze_days,
        Facet::InvitationSkips => requirement.invitation.skips = loosest.invitation.skips,
    }
}
