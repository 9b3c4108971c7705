//! `lockgate person …`.

use crate::command::Installation;

#[test]
fn people_are_added_listed_and_given_links() {
    let made = Installation::new();
    let said = made
        .run(&["person", "add", "Zoe", "--display", "Zoë Ōkubo", "--kind", "contractor", "--group", "boats", "--link"])
        .ok();
    assert!(said.contains("http://localhost:8400/enrol#lgp_"), "{said}");

    let listed = made.run(&["person", "list", "--output", "json"]).ok();
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let zoe = listed.as_array().unwrap().iter().find(|person| person["display_name"] == "Zoë Ōkubo").unwrap();
    assert_eq!(zoe["sign_in_names"], serde_json::json!(["zoe"]));
    assert_eq!(zoe["kind"], "contractor");
    assert_eq!(zoe["groups"], serde_json::json!(["boats"]));
    assert_eq!(zoe["privileged"], false);

    let table = made.run(&["person", "list"]).ok();
    assert!(table.starts_with("SIGN IN NAMES") && table.contains("Zoë Ōkubo"), "{table}");
    // Names are found whatever their case, and each link is another secret.
    let again = made.run(&["person", "link", "ZOE"]).ok();
    assert_ne!(again.lines().last(), said.lines().last());
    let anew = made.run(&["person", "link", "zoe", "--remove-passkeys"]).ok();
    assert!(anew.contains("Removed 0 passkeys") && anew.contains("/enrol#lgp_"), "{anew}");
}

#[test]
fn what_cannot_be_is_refused_and_leaves_nothing() {
    let made = Installation::new();
    made.run(&["person", "add", "admin"]).refused(2, &["somebody has the sign-in name admin already"]);
    made.run(&["person", "add", "two words"]).refused(2, &["without spaces"]);
    made.run(&["person", "add", "ann", "--display", " "]).refused(2, &["display name"]);
    made.run(&["person", "link", "nobody"]).refused(2, &["nobody has the sign-in name nobody"]);
    made.run(&["person", "link", "admin", "--hours", "1000"]).refused(2, &["1000"]);
    assert_eq!(made.run(&["person", "list"]).ok().lines().count(), 2);
}

#[test]
fn names_are_sealed_at_rest() {
    let made = Installation::new();
    made.run(&["person", "add", "persephone", "--display", "Persephone Underhill"]).ok();
    for entry in std::fs::read_dir(made.dir().join("data")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for name in ["persephone", "Persephone"] {
            assert!(!bytes.windows(name.len()).any(|w| w == name.as_bytes()), "{} holds {name}", path.display());
        }
    }
}

#[test]
fn people_are_kept_out_let_in_and_moved_between_groups() {
    let made = Installation::new();
    made.run(&["person", "add", "ann", "--group", "boats", "--ends", "2031-03-31"]).ok();
    assert!(made.run(&["person", "disable", "ann"]).ok().contains("may not sign in any more"));
    assert!(made.run(&["person", "list"]).ok().contains("disabled"));
    made.run(&["person", "link", "ann"]).refused(2, &["may not sign in"]);
    made.run(&["person", "enable", "ann"]).ok();
    assert!(made.run(&["person", "groups", "ann", "--group", "it"]).ok().contains("They left a group"));
    made.run(&["person", "groups", "ann"]).refused(2, &["--group"]);
    made.run(&["person", "groups", "ann", "--none"]).ok();
    for command in ["end-sessions", "reset-throttle", "reset-fallbacks"] {
        made.run(&["person", command, "ann"]).ok();
    }
    made.run(&["person", "notice-address", "add", "ann", "ann@mail.example"]).ok();
    assert!(made.run(&["person", "notice-address", "list", "ann"]).ok().contains("ann@mail.example"));
    made.run(&["person", "notice-address", "remove", "ann", "ann@mail.example"]).ok();
    let file = made.file("ann.json", r#"{"email": "ann@mail.example"}"#);
    assert!(made.run(&["person", "attributes", "ann", &file]).ok().contains("Kept 1 attributes"));
}

#[test]
fn password_hashes_are_looked_at_line_by_line_and_imported() {
    let made = Installation::new();
    made.run(&["person", "add", "ann"]).ok();
    let hash = "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";
    let bad = made.file("bad.csv", &format!("name,hash\nann,{hash}\nbob,{hash}\n"));
    let looked = made.run(&["person", "password-import", &bad, "--dry-run"]);
    assert_eq!(looked.code, 1);
    assert!(looked.out.contains("line 3: nobody has") && looked.out.contains("bcrypt"), "{}", looked.out);
    made.run(&["person", "password-import", &bad]).refused(2, &["line 3", "not imported"]);
    let good = made.file("good.csv", &format!("ann,{hash}\n"));
    assert!(made.run(&["person", "password-import", &good]).ok().contains("Imported 1 passwords"));
    made.run(&["person", "password-import", &good]).refused(2, &["--replace"]);
}
