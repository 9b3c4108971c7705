//! `lockgate init`.

use std::fs;

use crate::command::{Installation, run};

#[test]
fn makes_everything_and_says_the_link_once() {
    let made = Installation::at("https://id.example.com");
    let links: Vec<&str> =
        made.said.lines().filter(|line| line.starts_with("https://id.example.com/enrol#lgp_")).collect();
    assert_eq!(links.len(), 1, "{}", made.said);
    assert!(made.said.contains("signs in as admin"));
    let secret = links[0].split_once('#').unwrap().1.as_bytes();
    for file in ["lockgate.toml", "data/lockgate.db", "keys/root.key"] {
        let path = made.dir().join(file);
        #[cfg(unix)]
        assert_eq!(crate::command::mode(&path), 0o600, "{file}");
        let bytes = fs::read(&path).unwrap();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{file} holds the link's secret");
    }
    made.run(&["check-config"]).ok();
    let people = made.run(&["person", "list", "--output", "json"]).ok();
    let people: serde_json::Value = serde_json::from_str(&people).unwrap();
    assert_eq!(people.as_array().unwrap().len(), 1);
    assert_eq!(people[0]["sign_in_names"][0], "admin");
    assert_eq!(people[0]["privileged"], true);
}

#[test]
fn overwrites_nothing() {
    let made = Installation::new();
    let before = fs::read(made.dir().join("keys/root.key")).unwrap();
    made.run(&["init"]).refused(2, &["lockgate.toml exists already"]);
    // Even when only the keys are left, they are not replaced.
    fs::remove_file(made.dir().join("lockgate.toml")).unwrap();
    fs::remove_dir_all(made.dir().join("data")).unwrap();
    made.run(&["init"]).refused(2, &["root.key exists already"]);
    assert_eq!(fs::read(made.dir().join("keys/root.key")).unwrap(), before);
    assert!(!made.dir().join("lockgate.toml").exists());
}

#[test]
fn an_issuer_that_cannot_work_is_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("id").display().to_string();
    run(&["init", "--dir", &dir, "--issuer", "http://id.example.com"]).refused(2, &["plain http off this machine"]);
    assert!(!folder.path().join("id").exists());
}

#[test]
fn the_administrators_name_can_be_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().display().to_string();
    assert!(run(&["init", "--dir", &dir, "--admin", "ingrid"]).ok().contains("signs in as ingrid"));
}
