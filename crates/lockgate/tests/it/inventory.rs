//! `lockgate inventory …`.

use std::fs;

use tempfile::TempDir;

use crate::command::run;

/// One client with everything wrong, one file that breaks off, and one that is somebody else's.
fn scanned() -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let exports = folder.path().join("exports");
    fs::create_dir(&exports).unwrap();
    fs::write(
        exports.join("realm.json"),
        r#"{"realm":"acme","clients":[{"clientId":"rota","publicClient":true,"implicitFlowEnabled":true,
        "directAccessGrantsEnabled":false,"standardFlowEnabled":true,"redirectUris":["http://rota.example/*"],
        "webOrigins":["*"],"secret":"canary-6f1c"}]}"#,
    )
    .unwrap();
    fs::write(exports.join("cut.json"), r#"{"realm":"acme","clients":[{"clientId":"#).unwrap();
    fs::write(exports.join("notes.txt"), "nothing to see").unwrap();
    let (exports, out) = (exports.display().to_string(), folder.path().join("out").display().to_string());
    let said = run(&["inventory", "scan", &exports, "--out", &out]).ok();
    assert!(said.contains("1 clients: 1 with findings"), "{said}");
    (folder, out)
}

#[test]
fn a_scan_finds_reports_and_exports() {
    let (folder, out) = scanned();
    let table = run(&["inventory", "export", &out, "--format", "csv", "--per-file"]).ok();
    assert_eq!(
        table,
        "file,client_id,implicit,ropc,pkce_enforced,wildcard_redirect,http_non_loopback_redirect,public_client\n\
         realm.json,rota,1,0,0,1,1,1\n"
    );
    let markdown = run(&["inventory", "report", &out, "--format", "markdown"]).ok();
    assert!(markdown.contains("`implicit`") && markdown.contains("realm.json:"), "{markdown}");
    let page = folder.path().join("report.html");
    run(&["inventory", "report", &out, "--output", &page.display().to_string()]).ok();
    assert!(fs::read_to_string(page).unwrap().starts_with("<!doctype html>"));
    let json: serde_json::Value =
        serde_json::from_str(&run(&["inventory", "report", &out, "--format", "json"]).ok()).unwrap();
    assert_eq!(json["clients"][0]["flows"]["implicit"]["at"]["line"], 1);
    assert!(!json.to_string().contains("canary"), "a secret was written");
}

#[test]
fn what_could_not_be_read_is_said_and_kept() {
    let (_folder, out) = scanned();
    let json = run(&["inventory", "report", &out, "--format", "json"]).ok();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let unread = json["notices"].as_array().unwrap().iter().find(|notice| notice["kind"] == "unread");
    assert_eq!(unread.expect("a notice")["at"]["file"], "cut.json");
}

#[test]
fn a_map_names_owners_and_its_slips_are_named() {
    let (folder, out) = scanned();
    let map = folder.path().join("map.toml");
    fs::write(&map, "[[client]]\nclient = \"rota\"\nowner = \"Team Timetable\"\n").unwrap();
    let (map, exports) = (map.display().to_string(), folder.path().join("exports").display().to_string());
    run(&["inventory", "scan", &exports, "--map", &map, "--out", &out]).ok();
    assert!(run(&["inventory", "report", &out, "--format", "markdown"]).ok().contains("Team Timetable"));
    fs::write(&map, "[[client]]\nclent = \"rota\"\n").unwrap();
    run(&["inventory", "scan", &exports, "--map", &map, "--out", &out]).refused(2, &["map.toml", "clent"]);
}

#[test]
fn rules_are_explained() {
    assert!(run(&["inventory", "explain"]).ok().contains("loose_redirect"));
    let said = run(&["inventory", "explain", "implicit"]).ok();
    assert!(said.contains("OAuth 2.1 §10.1") && said.contains("refuses to register"), "{said}");
    run(&["inventory", "explain", "nonsense"]).refused(1, &["There is no rule nonsense", "implicit"]);
}

#[test]
fn what_is_missing_is_named() {
    run(&["inventory", "scan", "no-such-folder"]).refused(2, &["no-such-folder"]);
    run(&["inventory", "report", "no-such-folder"]).refused(2, &["lockgate inventory scan"]);
    run(&["inventory", "export", "no-such-folder", "--format", "csv"]).refused(2, &["--per-file"]);
}
