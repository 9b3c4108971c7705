//! Dated exceptions: what they take away, from whom, and for how long.

use model::{ClientId, PersonId, Tier};
use policy::{
    Exceptions, Facet, ProofFacts, RELAXATION_SECONDS_MAX, Relaxation, RelaxedFor, RuleName, resolve, resolve_with,
    serves,
};

use crate::{ADMINISTRATOR, NOW, policy, proofs::SYNCED};

const ANN: PersonId = PersonId::from_bytes([1; 16]);

fn lifted(rule: RuleName, seconds: i64) -> [Relaxation; 1] {
    [Relaxation { rule, whom: RelaxedFor::Person(ANN), until: NOW.plus_seconds(seconds) }]
}

fn rule(name: &str) -> RuleName {
    RuleName::parse(name).expect("a name")
}

#[test]
fn an_exception_takes_one_rule_away_and_the_others_stay() {
    let policy =
        policy("presets = [\"aal3_administrator\", \"cisa_first_wave\"]\n[base.standard]\npassword_and_totp = true");
    let relaxations = lifted(rule("aal3_administrator"), 3_600);
    let exceptions = Exceptions { person: Some(ANN), client: None, relaxations: &relaxations };
    let with = resolve_with(&policy, &ADMINISTRATOR, Tier::Standard, &exceptions, NOW);
    assert!(serves(&with, &SYNCED, NOW).is_enough());
    assert!(!serves(&with, &ProofFacts::password_and_totp(NOW), NOW).is_enough());
    assert_eq!(with.why(Facet::PasswordAndTotp).map(|because| because.rule), Some(rule("cisa_first_wave")));
    assert_eq!(with.relaxed(), [rule("aal3_administrator")]);
    assert_eq!(with.until(), Some(NOW.plus_seconds(3_600)));

    let without = resolve(&policy, &ADMINISTRATOR, Tier::Standard, NOW);
    assert!(!serves(&without, &SYNCED, NOW).is_enough());
    assert!(without.relaxed().is_empty() && without.until().is_none());
}

#[test]
fn an_exception_is_for_whom_it_was_granted() {
    let policy = policy("presets = [\"aal3_administrator\"]");
    let strict = resolve(&policy, &ADMINISTRATOR, Tier::Critical, NOW);
    let relaxations = lifted(rule("aal3_administrator"), 3_600);
    let client = ClientId::parse("wiki").expect("a client id");
    for (person, client) in [(None, None), (Some(PersonId::from_bytes([2; 16])), None), (None, Some(&client))] {
        let exceptions = Exceptions { person, client, relaxations: &relaxations };
        assert_eq!(resolve_with(&policy, &ADMINISTRATOR, Tier::Critical, &exceptions, NOW), strict);
    }
}

#[test]
fn an_exception_that_ended_or_runs_too_long_counts_for_nothing() {
    let policy = policy("presets = [\"aal3_administrator\"]");
    let strict = resolve(&policy, &ADMINISTRATOR, Tier::Critical, NOW);
    for seconds in [-1, 0, RELAXATION_SECONDS_MAX + 1] {
        let relaxations = lifted(rule("aal3_administrator"), seconds);
        let exceptions = Exceptions { person: Some(ANN), client: None, relaxations: &relaxations };
        assert_eq!(resolve_with(&policy, &ADMINISTRATOR, Tier::Critical, &exceptions, NOW), strict, "{seconds}");
    }
}

#[test]
fn base_and_floor_cannot_be_excepted() {
    let policy = policy("");
    let plain = resolve(&policy, &ADMINISTRATOR, Tier::Critical, NOW);
    for name in [RuleName::BASE, RuleName::FLOOR] {
        let relaxations = lifted(name, 3_600);
        let exceptions = Exceptions { person: Some(ANN), client: None, relaxations: &relaxations };
        assert_eq!(resolve_with(&policy, &ADMINISTRATOR, Tier::Critical, &exceptions, NOW), plain);
    }
}

#[test]
fn an_answer_with_two_exceptions_is_kept_until_the_first_of_them_ends() {
    let policy = policy("presets = [\"aal3_administrator\", \"cisa_first_wave\"]");
    let relaxations = [lifted(rule("aal3_administrator"), 60), lifted(rule("cisa_first_wave"), 3_600)].concat();
    for relaxations in [relaxations.clone(), relaxations.into_iter().rev().collect()] {
        let exceptions = Exceptions { person: Some(ANN), client: None, relaxations: &relaxations };
        let with = resolve_with(&policy, &ADMINISTRATOR, Tier::Standard, &exceptions, NOW);
        assert_eq!(with.relaxed(), [rule("aal3_administrator"), rule("cisa_first_wave")]);
        assert_eq!(with.until(), Some(NOW.plus_seconds(60)));
    }
}
