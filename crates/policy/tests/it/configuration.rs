//! What a `[policy]` table may say, and what is said back when it says something else.

use model::{Strength, Tier};
use policy::{
    Facet, Policy,
    file::{Fault, PolicyFile, Problem},
    floor, resolve,
};
use proptest::prelude::*;

use crate::{ADMINISTRATOR, NOW, STAFF, policy};

fn read(table: &str) -> Result<Policy, Vec<Problem>> {
    toml::from_str::<PolicyFile>(table).expect("the table has the shape of a policy").check()
}

/// One table, the one problem that it has: its path, and how the words of its fault begin.
#[track_caller]
fn check(table: &str, path: &str, words: &str) {
    let problems = read(table).expect_err("something stands against it");
    let [problem] = &problems[..] else { panic!("{table:?} has {problems:?}") };
    assert_eq!(problem.path, path, "{table:?}");
    assert!(problem.fault.to_string().starts_with(words), "{table:?}: {}", problem.fault);
    assert_eq!(problem.to_string(), format!("{path} {}", problem.fault));
}

#[test]
fn unknown_keys_are_refused_wherever_they_stand() {
    check("colour = 1", "policy.colour", "is not a setting; there are presets, base, segments, rules");
    check("[base.secret]", "policy.base.secret", "is not a setting; there are standard, sensitive, critical");
    check("[base.standard]\nlaest = \"passkey\"", "policy.base.standard.laest", "is not a setting; there are least, ");
    check("[segments.a]\ngroups = [\"x\"]", "policy.segments.a.groups", "is not a setting; there are employment, ");
    let rule = "[rules.a]\nleast = \"passkey\"\ngroups = [\"x\"]";
    check(rule, "policy.rules.a.groups", "is not a setting; there are segments, tiers, reason, least, ");
    // It follows from `least`, and can't be switched off by itself.
    check("[base.standard]\nuser_verified = false", "policy.base.standard.user_verified", "is not a setting");
}

#[test]
fn unknown_words_come_back_with_those_that_are_known() {
    check("presets = [\"aal3\"]", "policy.presets", "says \"aal3\", which is none of aal2_workforce, aal3_admin");
    check(
        "[base.standard]\nleast = \"strong\"",
        "policy.base.standard.least",
        "says \"strong\", which is none of password, ",
    );
    check(
        "[segments.a]\nemployment = [\"staff\"]",
        "policy.segments.a.employment",
        "says \"staff\", which is none of workforce",
    );
    check(
        "[rules.a]\nleast = \"passkey\"\ntiers = [\"high\"]",
        "policy.rules.a.tiers",
        "says \"high\", which is none of standard",
    );
    let segments = "[segments.money]\n[rules.a]\nleast = \"passkey\"\nsegments = [\"mony\"]";
    check(
        segments,
        "policy.rules.a.segments",
        "says \"mony\", which is none of administrators, human_resources, legal, money",
    );
    let problems = read(segments).expect_err("a slip");
    let (typed, allowed) = problems[0].choices().expect("a word that is not known");
    assert_eq!((typed, allowed.len()), ("mony", 4));
    let other = read("[base.standard]\nfresh_seconds = 1").expect_err("too short");
    assert_eq!(other[0].choices(), None);
}

#[test]
fn values_have_a_kind_and_bounds() {
    let at = |line: &str| format!("[base.standard]\n{line}");
    for (line, key, words) in [
        ("least = 3", "least", "must be a word in quotes"),
        ("attested_only = \"yes\"", "attested_only", "must be true or false"),
        ("attested_only = [true]", "attested_only", "must be true or false"),
        ("fresh_seconds = \"60\"", "fresh_seconds", "must be a whole number"),
        ("fresh_seconds = 60.0", "fresh_seconds", "must be a whole number"),
        ("fresh_seconds = 2026-01-01", "fresh_seconds", "must be a whole number"),
        ("fresh_seconds = 59", "fresh_seconds", "must be between 60 and 2592000"),
        ("session_absolute_seconds = 2592001", "session_absolute_seconds", "must be between 60 and 2592000"),
        ("session_idle_seconds = -1", "session_idle_seconds", "must be between"),
        ("invitation_snooze_days = 91", "invitation_snooze_days", "must be between 0 and 90"),
        ("invitation_skips = 1001", "invitation_skips", "must be between 0 and 1000"),
    ] {
        check(&at(line), &format!("policy.base.standard.{key}"), words);
    }
    assert!(toml::from_str::<PolicyFile>("presets = 3").is_err());
}

#[test]
fn lists_and_texts_have_bounds() {
    check("presets = [\"fido_high\", \"fido_high\"]", "policy.presets", "says \"fido_high\" twice");
    check("[segments.a]\nemployment = []", "policy.segments.a.employment", "is empty");
    check("[segments.a]\ngroups_none_of = []", "policy.segments.a.groups_none_of", "is empty");
    check("[segments.a]\ngroups_any_of = [\"\"]", "policy.segments.a.groups_any_of", "must be 1 to 200 characters");
    let long = format!("[segments.a]\ngroups_all_of = [{:?}]", "g".repeat(201));
    check(&long, "policy.segments.a.groups_all_of", "must be 1 to 200 characters");
    let many = vec!["\"g\""; 101].join(",");
    let many = format!("[segments.a]\ngroups_any_of = [{many}]");
    check(&many, "policy.segments.a.groups_any_of", "holds more than 100");
    let many: String = (0..101).map(|number| format!("[segments.s{number}]\n")).collect();
    check(&many, "policy.segments", "holds more than 100");
    let many: String = (0..201).map(|number| format!("[rules.r{number}]\nleast = \"passkey\"\n")).collect();
    check(&many, "policy.rules", "holds more than 200");
    check(
        "[rules.a]\nleast = \"passkey\"\nreason = \"a\\u0007b\"",
        "policy.rules.a.reason",
        "must be 1 to 200 characters",
    );
    check("[rules.\"Ä\"]\nleast = \"passkey\"", "policy.rules.Ä", "is not a name");
    check("[segments.base]", "policy.segments.base", "is not a name");
    check("[rules.fido_high.everyone]\nleast = \"passkey\"", "policy.rules.fido_high.everyone", "is not a setting");
    check(
        "[rules.\"fido_high.everyone\"]\nleast = \"passkey\"",
        "policy.rules.fido_high.everyone",
        "has the name of a preset's rule",
    );
}

#[test]
fn rules_only_tighten() {
    for line in [
        "least = \"password\"",
        "device_bound_only = false",
        "attested_only = false",
        "synced_passkeys = true",
        "password_and_totp = true",
        "recovery_codes = true",
        "unconfirmed_binding = true",
    ] {
        let key = line.split(' ').next().expect("a key");
        check(&format!("[rules.a]\n{line}"), &format!("policy.rules.a.{key}"), "has no effect: rules only tighten");
    }
    check("[rules.a]\ntiers = [\"critical\"]", "policy.rules.a", "asks nothing");
}

#[test]
fn the_base_keeps_to_floors_and_to_the_tier_below() {
    let floor = "allows what no configuration can allow";
    check("[base.critical]\nunconfirmed_binding = true", "policy.base.critical.unconfirmed_binding", floor);
    check("[base.sensitive]\nunconfirmed_binding = true", "policy.base.sensitive.unconfirmed_binding", floor);
    check("[base.sensitive]\nleast = \"password\"", "policy.base.sensitive.least", floor);
    check("[base.critical]\nrecovery_codes = true", "policy.base.critical.recovery_codes", floor);
    let looser = "asks less than the standard tier does";
    check("[base.sensitive]\npassword_and_totp = true", "policy.base.sensitive.password_and_totp", looser);
    check("[base.sensitive]\nsession_idle_seconds = 7200", "policy.base.sensitive.session_idle_seconds", looser);
    check(
        "[base.critical]\nfresh_seconds = 86400",
        "policy.base.critical.fresh_seconds",
        "asks less than the sensitive tier does",
    );
}

#[test]
fn settings_that_could_never_matter_are_named() {
    let at = |lines: &str| format!("[base.standard]\n{lines}");
    let password = "policy.base.standard.password_and_totp";
    check(&at("password_and_totp = true\nleast = \"passkey\""), password, "can never matter, because of least");
    check(
        &at("password_and_totp = true\nattested_only = true"),
        password,
        "can never matter, because of attested_only",
    );
    check(
        &at("recovery_codes = true\ndevice_bound_only = true"),
        "policy.base.standard.recovery_codes",
        "can never matter",
    );
    check(
        &at("session_idle_seconds = 43201"),
        "policy.base.standard.session_idle_seconds",
        "can never matter, because of session_abs",
    );
}

#[test]
fn everything_is_reported_at_once() {
    let table =
        "colour = 1\npresets = [\"x\"]\n[base.standard]\nleast = 1\n[segments.B]\n[rules.a]\nsynced_passkeys = true";
    let problems = read(table).expect_err("a lot stands against it");
    let paths: Vec<_> = problems.iter().map(|problem| problem.path.as_str()).collect();
    let all = [
        "policy.colour",
        "policy.presets",
        "policy.base.standard.least",
        "policy.segments.B",
        "policy.rules.a.synced_passkeys",
    ];
    assert_eq!(paths, all);
    assert_eq!(problems[4].fault, Fault::RuleAllows);
}

#[test]
fn what_is_typed_comes_back_short_and_in_one_line() {
    let table = format!("\"{}\\n\\u001b[31m\" = 1", "k".repeat(5_000));
    let problems = read(&table).expect_err("an unknown key");
    let (typed, _) = problems[0].choices().expect("a key that is not known");
    assert_eq!(typed, "k".repeat(64));
    assert!(!problems[0].to_string().contains(char::is_control));
}

#[test]
fn a_higher_tier_asks_what_a_lower_one_asks() {
    let policy = policy("[base.standard]\nsession_idle_seconds = 900\nsynced_passkeys = false");
    for tier in [Tier::Standard, Tier::Sensitive, Tier::Critical] {
        let base = policy.base(tier);
        assert_eq!((base.session.idle_seconds, base.synced_passkeys), (900, false), "{tier:?}");
    }
}

#[test]
fn what_follows_is_implied() {
    let fallback = policy("[base.standard]\nrecovery_codes = true").base(Tier::Standard);
    assert_eq!(fallback.least, Strength::TwoFactor);
    assert!(fallback.fallbacks.recovery_codes && !fallback.fallbacks.password_and_totp);
    assert_eq!(policy("[base.standard]\nrecovery_codes = false").base(Tier::Standard).least, Strength::Passkey);
    let day = policy("[base.standard]\nsession_absolute_seconds = 86400").base(Tier::Standard);
    assert_eq!((day.session.absolute_seconds, day.fresh_seconds), (86_400, 86_400));
    let both = policy("[base.standard]\nsession_absolute_seconds = 86400\nfresh_seconds = 900").base(Tier::Standard);
    assert_eq!((both.session.absolute_seconds, both.fresh_seconds), (86_400, 900));
}

#[test]
fn a_segment_of_the_organisation_replaces_that_of_a_preset() {
    let own = policy("presets = [\"aal3_administrator\"]\n[segments.administrators]\ngroups_any_of = [\"wheel\"]");
    let wheel = vec!["wheel".to_owned()];
    let least = |person| resolve(&own, &person, Tier::Standard, NOW).requirement().least;
    assert_eq!(least(policy::PersonFacts { groups: &wheel, ..STAFF }), Strength::Attested);
    assert_eq!(least(ADMINISTRATOR), Strength::Passkey);
    assert_eq!(own.groups().into_iter().collect::<Vec<_>>(), ["wheel"]);
}

#[test]
fn a_rule_holds_for_its_segments_and_tiers() {
    let own =
        policy("[rules.a]\nsegments = [\"administrators\", \"legal\"]\ntiers = [\"critical\"]\nattested_only = true");
    let legal = vec!["legal".to_owned()];
    for (person, tier, expected) in [
        (ADMINISTRATOR, Tier::Critical, true),
        (policy::PersonFacts { groups: &legal, ..STAFF }, Tier::Critical, true),
        (STAFF, Tier::Critical, false),
        (ADMINISTRATOR, Tier::Sensitive, false),
    ] {
        let asked = resolve(&own, &person, tier, NOW);
        assert_eq!(asked.requirement().attested_only, expected, "{person:?} {tier:?}");
        assert_eq!(asked.why(Facet::AttestedOnly).is_some(), expected);
    }
}

/// Lines of a base or a rule, right and wrong.
fn line() -> impl Strategy<Value = String> {
    let key = prop::sample::select(Facet::ALL.map(Facet::as_str).to_vec());
    let value = prop::sample::select(vec![
        "true",
        "false",
        "60",
        "900",
        "0",
        "3",
        "-1",
        "99999999999",
        "\"password\"",
        "\"two_factor\"",
        "\"attested\"",
        "\"x\"",
        "[]",
        "1.5",
    ]);
    (key, value).prop_map(|(key, value)| format!("{key} = {value}\n"))
}

fn table(head: &'static str) -> impl Strategy<Value = String> {
    prop::collection::vec(line(), 0..4).prop_map(move |mut lines| {
        // TOML refuses a key that stands twice.
        lines.sort_by_key(|line| line.split(' ').next().map(str::to_owned));
        lines.dedup_by_key(|line| line.split(' ').next().map(str::to_owned));
        format!("[{head}]\n{}", lines.concat())
    })
}

proptest! {
    #[test]
    fn any_table_is_refused_or_keeps_to_floors_and_rises_with_the_tiers(
        standard in table("base.standard"), sensitive in table("base.sensitive"), critical in table("base.critical"), rule in table("rules.a"),
    ) {
        let text = format!("{standard}{sensitive}{critical}{rule}");
        match read(&text) {
            Ok(policy) => {
                let base = |tier| policy.base(tier);
                prop_assert!(base(Tier::Sensitive).at_least_as_strict_as(&base(Tier::Standard)));
                prop_assert!(base(Tier::Critical).at_least_as_strict_as(&base(Tier::Sensitive)));
                for tier in [Tier::Standard, Tier::Sensitive, Tier::Critical] {
                    prop_assert!(base(tier).at_least_as_strict_as(&floor(tier)));
                }
            }
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
    }
}
