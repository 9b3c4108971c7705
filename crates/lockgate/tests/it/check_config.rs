//! `lockgate check-config`.

use std::fs;

use crate::command::{Installation, lockgate, run};

#[test]
fn a_sound_configuration_is_summed_up() {
    let made = Installation::new();
    let said = made.run(&["check-config"]).ok();
    assert!(said.contains("is fine") && said.contains("http://localhost:8400"), "{said}");
}

#[test]
fn every_problem_is_named_with_its_line_and_exit_code_1() {
    let made = Installation::new();
    let file = made.dir().join("lockgate.toml");
    fs::write(&file, "isuer = \"https://id.example.com\"\nlisten = \"0.0.0.0:80\"\n").unwrap();
    made.run(&["check-config"]).refused(
        1,
        &[
            "line 1: isuer is not a setting",
            "did you mean issuer?",
            "line 2: listen can be reached",
            "issuer is missing",
        ],
    );
    // Commands that need it can't run at all, and say the same.
    made.run(&["person", "list"]).refused(2, &["did you mean issuer?", "the configuration has 3 problems"]);
}

#[test]
fn missing_files_are_problems() {
    let made = Installation::new();
    fs::remove_file(made.dir().join("keys/root.key")).unwrap();
    made.run(&["check-config"]).refused(1, &["the root key at", "mend keys_dir"]);
    run(&["check-config", "--dir", "/nowhere/at/all"]).refused(1, &["can't be read", "lockgate init"]);
}

#[test]
fn the_environment_wins() {
    let made = Installation::new();
    let file = made.dir().join("lockgate.toml").display().to_string();
    let with = |name: &str, value: &str| {
        let done = lockgate(&["check-config", "--config", &file]).env(name, value).output().unwrap();
        (
            done.status.code().unwrap(),
            String::from_utf8(done.stdout).unwrap() + &String::from_utf8(done.stderr).unwrap(),
        )
    };
    let (code, said) = with("LOCKGATE_ISSUER", "https://other.example");
    assert!(code == 0 && said.contains("https://other.example"), "{said}");
    let (code, said) = with("LOCKGATE_ISUER", "https://other.example");
    assert!(code == 1 && said.contains("did you mean LOCKGATE_ISSUER?"), "{said}");
}
