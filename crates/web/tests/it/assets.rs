//! What is embedded, how it is addressed, and that packing it changed nothing but its weight.

use web::{asset, assets, assets::STYLE};

#[test]
fn an_address_with_another_hash_names_nothing() {
    assert_eq!(asset(STYLE).map(|found| found.path), Some(STYLE));
    assert_eq!(asset("/assets/0000000000000000/lockgate.css"), None);
    assert_eq!(asset("/assets/../lockgate.css"), None);
}

#[test]
fn sources_are_such_that_packing_leaves_their_meaning_alone() {
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/assets")).unwrap() {
        let path = entry.unwrap().path();
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            let line = line.trim();
            assert_eq!(line.matches('`').count() % 2, 0, "a string spans lines: {path:?}: {line}");
            assert!(!line.contains("/*") || line.starts_with("/*"), "a comment shares a line: {path:?}: {line}");
            assert!(!line.contains("*/") || line.ends_with("*/"), "a comment shares a line: {path:?}: {line}");
        }
    }
}

#[test]
fn comments_stay_at_home() {
    for asset in assets() {
        let text = std::str::from_utf8(asset.body).unwrap();
        assert!(!text.contains("/*") && !text.lines().any(|line| line.starts_with("//")), "{}", asset.path);
    }
}

#[test]
fn every_file_in_the_folder_is_served_and_nothing_else() {
    let mut on_disk: Vec<String> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/assets"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut served: Vec<String> =
        assets().iter().map(|asset| asset.path.rsplit('/').next().unwrap().to_owned()).collect();
    on_disk.sort();
    served.sort();
    assert_eq!(on_disk, served);
}
