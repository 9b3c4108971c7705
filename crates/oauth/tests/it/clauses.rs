//! `docs/clauses.toml` is complete, and what it calls done exists.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ledger {
    clause: Vec<Clause>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Clause {
    id: String,
    text: String,
    source: String,
    status: String,
    #[serde(default)]
    code: Vec<String>,
    #[serde(default)]
    tests: Vec<String>,
    #[serde(default)]
    note: String,
}

/// The neighbouring specifications that the ledger must have a row for.
const SPECIFICATIONS: [&str; 31] = [
    "rfc9700",
    "par",
    "jar",
    "rfc9207",
    "dpop",
    "mtls",
    "assertions",
    "device",
    "exchange",
    "rfc9068",
    "rar",
    "step_up",
    "rfc9728",
    "rfc8414",
    "registration",
    "revocation",
    "introspection",
    "rfc8707",
    "fapi2_security",
    "fapi2_messages",
    "oidc",
    "rp_logout",
    "back_channel_logout",
    "ciba",
    "attestation",
    "cimd",
    "id_jag",
    "federation",
    "shared_signals",
    "authzen",
    "scim",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn ledger() -> Ledger {
    let text = std::fs::read_to_string(root().join("docs/clauses.toml")).expect("docs/clauses.toml is readable");
    toml::from_str(&text).expect("docs/clauses.toml is TOML of the expected shape")
}

/// All Rust sources below `folder`, as one text.
fn sources(folder: &Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&std::fs::read_to_string(&path).expect("a readable source"));
        }
    }
}

#[test]
fn every_rule_and_specification_has_one_entry() {
    let ledger = ledger();
    let ids: Vec<_> = ledger.clause.iter().map(|clause| clause.id.as_str()).collect();
    let unique: BTreeSet<_> = ids.iter().copied().collect();
    assert_eq!(unique.len(), ids.len(), "an id occurs twice");
    for number in 1..=89 {
        assert!(unique.contains(format!("oauth21-{number}").as_str()), "rule {number} has no entry");
    }
    for specification in SPECIFICATIONS {
        assert!(unique.contains(specification), "{specification} has no entry");
    }
    for clause in &ledger.clause {
        assert!(!clause.text.is_empty() && !clause.source.is_empty(), "{} says too little", clause.id);
    }
}

#[test]
fn every_done_clause_names_code_and_tests_that_exist() {
    let mut all = String::new();
    sources(&root().join("crates"), &mut all);
    for clause in ledger().clause {
        match clause.status.as_str() {
            "done" => {
                assert!(
                    !clause.code.is_empty() && !clause.tests.is_empty(),
                    "{} is done without code or test",
                    clause.id
                );
            }
            "planned" | "not_applicable" => {
                assert!(!clause.note.is_empty(), "{} does not say when or why not", clause.id)
            }
            other => panic!("{} has the unknown status {other}", clause.id),
        }
        for path in &clause.code {
            assert!(root().join(path).is_file(), "{} names the missing file {path}", clause.id);
        }
        for test in &clause.tests {
            assert!(all.contains(&format!("fn {test}(")), "{} names the missing test {test}", clause.id);
        }
    }
}
