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
