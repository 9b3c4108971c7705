//! `lockgate client …`.

use std::fs;

use crate::command::Installation;

const WEB: [&str; 8] = ["client", "add", "--id", "rota", "--name", "Rota", "--kind", "web"];

fn web<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [WEB.as_slice(), more].concat()
}

#[test]
fn a_web_application_gets_a_secret_printed_once() {
    let made = Installation::new();
    let said = made.run(&web(&["--redirect-uri", "https://rota.example/cb"])).ok();
    assert!(said.lines().last().unwrap().starts_with("lgs_"), "{said}");
    let listed: serde_json::Value =
        serde_json::from_str(&made.run(&["client", "list", "--output", "json"]).ok()).unwrap();
    assert_eq!(listed[0]["id"], "rota");
    assert_eq!(listed[0]["redirect_uris"], serde_json::json!(["https://rota.example/cb"]));
    assert!(!listed.to_string().contains("lgs_"));
    made.run(&web(&["--redirect-uri", "https://rota.example/cb"])).refused(2, &["there is a client rota already"]);
}

#[test]
fn a_secret_can_go_to_a_new_private_file() {
    let made = Installation::new();
    let path = made.dir().join("rota.secret");
    let file = path.display().to_string();
    let said = made.run(&web(&["--redirect-uri", "https://rota.example/cb", "--trusted", "--secret-file", &file])).ok();
    assert!(!said.contains("lgs_"), "{said}");
    assert!(fs::read_to_string(&path).unwrap().starts_with("lgs_"));
    #[cfg(unix)]
    assert_eq!(crate::command::mode(&path), 0o600);
    // An existing file is not overwritten, and nothing is registered whose secret nobody would have.
    let other =
        ["client", "add", "--id", "b", "--name", "B", "--kind", "web", "--redirect-uri", "https://b.example/cb"];
    made.run(&[&other[..], &["--secret-file", &file]].concat()).refused(2, &["rota.secret"]);
    assert_eq!(made.run(&["client", "list"]).ok().lines().count(), 2);
}

#[test]
fn a_program_that_keeps_no_secret_gets_none() {
    let made = Installation::new();
    let path = made.dir().join("unused.secret");
    let file = path.display().to_string();
    for (id, kind, redirect) in [("spa", "browser", "https://spa.example/cb"), ("app", "native", "http://127.0.0.1/cb")]
    {
        let said = made
            .run(&[
                "client",
                "add",
                "--id",
                id,
                "--name",
                id,
                "--kind",
                kind,
                "--redirect-uri",
                redirect,
                "--secret-file",
                &file,
            ])
            .ok();
        assert!(said.contains("has no secret") && !said.contains("lgs_"), "{said}");
        assert!(!path.exists());
    }
}

#[test]
fn a_client_that_breaks_a_rule_is_refused_with_the_rule_and_its_cure() {
    let made = Installation::new();
    for (redirect, rule) in [
        ("http://rota.example/cb", "http_redirect"),
        ("https://rota.example/*", "loose_redirect"),
        ("javascript:alert(1)", "dangerous_scheme_redirect"),
        ("https://rota.example/cb#x", "loose_redirect"),
    ] {
        made.run(&web(&["--redirect-uri", redirect])).refused(2, &[rule, "→", "not registered"]);
    }
    assert_eq!(made.run(&["client", "list"]).ok().lines().count(), 1, "only the heading");
}
