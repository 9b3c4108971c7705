//! Who may use what where, and why: two texts that people can read.

use std::fmt::Write as _;

use model::{Employment, Tier};
use policy::{Base, PersonFacts, Policy, ProofFacts, presets::Preset, resolve, serves};

use crate::{
    ADMINISTRATOR, NOW, STAFF, policy,
    proofs::{ATTESTED, DEVICE_BOUND, SYNCED},
    snapshot, words,
};

const TIERS: [Tier; 3] = [Tier::Standard, Tier::Sensitive, Tier::Critical];
/// All that a configuration can allow, so that a preset shows by itself what it takes away.
const WIDEST: &str = r#"
    [base.standard]
    least = "password"
    password_and_totp = true
    recovery_codes = true
    [base.sensitive]
    password_and_totp = true
    recovery_codes = true
    [base.critical]
    password_and_totp = true
"#;

/// The policies of the matrix, with what an operator would have written.
fn policies() -> Vec<(String, Policy)> {
    let fallback = "[base.standard]\npassword_and_totp = true";
    let mut policies = vec![
        ("nothing configured".to_owned(), Policy::default()),
        ("password and TOTP allowed on the standard tier".to_owned(), policy(fallback)),
        ("everything allowed that can be".to_owned(), policy(WIDEST)),
    ];
    for preset in Preset::ALL {
        let name = format!("{}, where everything else is allowed ({})", preset.as_str(), preset.source());
        policies.push((name, policy(&format!("presets = [{:?}]\n{WIDEST}", preset.as_str()))));
    }
    let all = Preset::ALL.map(|preset| format!("{:?}", preset.as_str())).join(", ");
    policies.push(("every preset together".to_owned(), policy(&format!("presets = [{all}]\n{WIDEST}"))));
    policies
}

fn people(legal: &[String], hr: &[String]) -> [(&'static str, PersonFacts<'static>); 6] {
    // Leaked on purpose: a few words, once, so that the tables below can be constants in all but name.
    let groups = |groups: &[String]| -> &'static [String] { groups.to_vec().leak() };
    [
        ("staff", STAFF),
        ("contractor", PersonFacts { employment: Employment::Contractor, ..STAFF }),
        ("partner", PersonFacts { employment: Employment::Partner, ..STAFF }),
        ("administrator", ADMINISTRATOR),
        ("legal", PersonFacts { groups: groups(legal), ..STAFF }),
        ("human resources", PersonFacts { groups: groups(hr), ..STAFF }),
    ]
}

fn methods() -> [(&'static str, ProofFacts); 9] {
    [
        ("password", ProofFacts::password(NOW)),
        ("pwd+totp", ProofFacts::password_and_totp(NOW)),
        ("pwd+code", ProofFacts::recovery_code(NOW)),
        ("no UV", ProofFacts { user_verified: false, ..SYNCED }),
        ("by link", ProofFacts { binding_confirmed: false, ..SYNCED }),
        ("synced", SYNCED),
        ("vouched", ProofFacts { attested: true, ..SYNCED }),
        ("bound", DEVICE_BOUND),
        ("attested", ATTESTED),
    ]
}

#[test]
fn who_may_use_what_where() {
    let mut text = String::from(
        "Who may use what where. Written by the tests of this room; LOCKGATE_BLESS=1 writes it anew.\n\n\
         t = standard tier, n = sensitive, c = critical; a dot where the method does not serve.\n\n\
         password   a password alone\n\
         pwd+totp   a password and a one-time code\n\
         pwd+code   a password and a recovery code\n\
         no UV      a synced passkey that did not verify the person\n\
         by link    a synced passkey bound by a link, not confirmed yet\n\
         synced     a synced passkey\n\
         vouched    a synced passkey whose maker was proved\n\
         bound      a passkey that says it stays on one device\n\
         attested   the same, its maker proved\n",
    );
    let people = people(&words(&["legal"]), &words(&["hr"]));
    for (name, policy) in policies() {
        write!(text, "\n{name}\n{:<16}", "").expect("strings take everything");
        for (method, _) in methods() {
            write!(text, " {method:<8}").expect("strings take everything");
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        for (who, person) in &people {
            write!(text, "{who:<16}").expect("strings take everything");
            for (_, proof) in methods() {
                write!(text, " {:<8}", opened(&policy, person, &proof)).expect("strings take everything");
            }
            text.truncate(text.trim_end().len());
            text.push('\n');
        }
    }
    snapshot::check("matrix.txt", &text);
}

/// The tiers that the proof opens, by their letters.
fn opened(policy: &Policy, person: &PersonFacts<'_>, proof: &ProofFacts) -> String {
    let letter = |tier| match tier {
        Tier::Standard => 't',
        Tier::Sensitive => 'n',
        Tier::Critical => 'c',
    };
    let open = |tier: &Tier| serves(&resolve(policy, person, *tier, NOW), proof, NOW).is_enough();
    TIERS.into_iter().map(|tier| if open(&tier) { letter(tier) } else { '.' }).collect()
}

#[test]
fn why_in_plain_words() {
    let mut text =
        String::from("What is asked and why. Written by the tests of this room; LOCKGATE_BLESS=1 writes it anew.\n");
    let own = r#"
        presets = ["aal2_workforce", "aal3_administrator"]
        [base.standard]
        password_and_totp = true
        [segments.finance]
        groups_any_of = ["finance"]
        [rules.finance-keys]
        segments = ["finance"]
        tiers = ["sensitive", "critical"]
        reason = "Payments can't be taken back."
        least = "device_bound_claimed"
        fresh_seconds = 900
        invitation_skips = 0
    "#;
    let finance = words(&["finance"]);
    let cases = [
        ("nothing configured, staff", Policy::default(), STAFF),
        ("NIST presets and a rule for finance, finance", policy(own), PersonFacts { groups: &finance, ..STAFF }),
        ("NIST presets and a rule for finance, administrator", policy(own), ADMINISTRATOR),
    ];
    for (name, policy, person) in cases {
        for tier in TIERS {
            write!(text, "\n{name}, {} tier\n", tier.as_str()).expect("strings take everything");
            for because in resolve(&policy, &person, tier, NOW).because() {
                let (facet, rule, says) = (because.facet.as_str(), because.rule.as_str(), because.says);
                writeln!(text, "  {facet:<24} {rule:<20} {says}").expect("strings take everything");
            }
        }
    }
    snapshot::check("because.txt", &text);
}

#[test]
fn the_default_is_what_an_empty_table_says() {
    assert_eq!(policy(""), Policy::default());
    for tier in TIERS {
        assert_eq!(Policy::default().base(tier), Base::DEFAULT.of(tier));
    }
}
