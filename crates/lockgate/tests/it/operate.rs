//! `lockgate exception …`, `keys …`, `subjects …`, `registration …`, `workstation …`.

use std::{io::Write, process::Stdio};

use crate::command::{Installation, lockgate};

fn with_rota() -> Installation {
    let made = Installation::new();
    let add = [
        "client",
        "add",
        "--id",
        "rota",
        "--name",
        "Rota",
        "--kind",
        "web",
        "--redirect-uri",
        "https://rota.example/cb",
    ];
    made.run(&add).ok();
    made
}

fn listed(made: &Installation, what: &str) -> serde_json::Value {
    serde_json::from_str(&made.run(&[what, "list", "--output", "json"]).ok()).unwrap()
}

#[test]
fn exceptions_need_two_names_and_end() {
    let made = with_rota();
    let add = |approver: &str| {
        made.run(&[
            "exception",
            "add",
            "--client",
            "rota",
            "--rule",
            "pkce_with_nonce",
            "--reason",
            "its library is old",
            "--owner",
            "Ann",
            "--approved-by",
            approver,
            "--days",
            "30",
        ])
    };
    add("ann").refused(2, &["other than the owner"]);
    assert!(add("Bob").ok().contains("nobody but you knows"));
    let all = listed(&made, "exception");
    assert_eq!((&all[0]["rule"], &all[0]["live"]), (&"pkce_with_nonce".into(), &true.into()));
    made.run(&["exception", "end", "--client", "rota", "--id", all[0]["id"].as_str().unwrap()]).ok();
    assert_eq!(listed(&made, "exception"), serde_json::json!([]));
    made.run(&["exception", "add", "--client", "rota", "--rule", "anything"]).refused(2, &["pkce_with_nonce"]);
}

#[test]
fn keys_rotate_and_are_withdrawn() {
    let made = Installation::new();
    made.run(&["keys", "rotate"]).ok();
    made.run(&["keys", "rotate"]).refused(2, &["--at-once"]);
    made.run(&["keys", "rotate", "--at-once"]).ok();
    let keys = listed(&made, "keys");
    let states: Vec<&str> = keys.as_array().unwrap().iter().map(|key| key["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["active", "retiring"]);
    made.run(&["keys", "withdraw", keys[0]["id"].as_str().unwrap()]).ok();
    let after = listed(&made, "keys");
    assert!(after.as_array().unwrap().iter().all(|key| key["id"] != keys[0]["id"]));
    assert_eq!(after[0]["state"], "active");
    made.run(&["keys", "withdraw", "nothing"]).refused(2, &["no key nothing"]);
    made.run(&["audit-log", "verify"]).ok();
}

#[test]
fn subjects_are_imported_after_a_look() {
    let made = with_rota();
    made.run(&["person", "add", "ann"]).ok();
    let bad = made.file("bad.csv", "sign_in_name,subject\nann,1\nbob,2\n");
    let looked = made.run(&["subjects", "import", &bad, "--client", "rota", "--dry-run"]);
    assert_eq!(looked.code, 1);
    assert!(looked.out.contains("line 3: nobody has"), "{}", looked.out);
    made.run(&["subjects", "import", &bad, "--client", "rota"]).refused(2, &["nothing was imported"]);
    let good = made.file("good.csv", "sign_in_name,subject\nann,1\n");
    assert!(made.run(&["subjects", "import", &good, "--client", "rota"]).ok().contains("Imported 1 subjects"));
}

#[test]
fn registration_tokens_are_told_once_and_taken_back() {
    let made = Installation::new();
    let said = made.run(&["registration", "token", "add", "--uses", "3", "--redirect-host", ".example.com"]).ok();
    let token = said.lines().last().unwrap().to_owned();
    assert!(token.starts_with("lgi_"), "{said}");
    // The token goes in by standard input, where no other user of the machine sees it.
    let revoke = || {
        let dir = made.dir().display().to_string();
        let mut child =
            lockgate(&["registration", "token", "revoke", "--dir", &dir]).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(token.as_bytes()).unwrap();
        child.wait_with_output().unwrap().status.code()
    };
    assert_eq!((revoke(), revoke()), (Some(0), Some(2)));
    made.run(&["registration", "token", "add", "--hours", "3000"]).refused(2, &["90 days"]);
}

#[test]
fn a_shared_computer_gets_a_link() {
    let made = Installation::new();
    let said = made.run(&["workstation", "link"]).ok();
    assert!(said.lines().last().unwrap().starts_with("http://localhost:8400/shared-computer#lgw_"), "{said}");
}
