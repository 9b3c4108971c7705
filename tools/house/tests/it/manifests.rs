//! Manifests: one set of lints, one set of versions, no unsafe code.

use toml::{Table, Value};

use crate::{
    assert_none,
    house::{BUILDING, house},
};

fn manifest(path: &str) -> Table {
    house().read(path).parse().unwrap_or_else(|error| panic!("failed to parse {path}: {error}"))
}

fn manifests_of_rooms() -> Vec<(String, Table)> {
    house()
        .rooms()
        .into_iter()
        .map(|room| {
            let path = room
                .manifest_path
                .strip_prefix(&house().metadata.workspace_root)
                .expect("rooms stand inside the house");
            (path.to_string(), manifest(path.as_str()))
        })
        .collect()
}

#[test]
fn unsafe_code_is_forbidden_everywhere() {
    for path in ["Cargo.toml", "benches/Cargo.toml"] {
        let level = manifest(path)["workspace"]["lints"]["rust"]["unsafe_code"].as_str().map(str::to_owned);
        assert_eq!(level.as_deref(), Some("forbid"), "in {path}");
    }
    let clippy = &manifest("Cargo.toml")["workspace"]["lints"]["clippy"];
    assert_eq!(clippy["disallowed_methods"].as_str(), Some("deny"), "clock and randomness are arguments");
}

#[test]
fn every_room_inherits_the_lints() {
    let faults: Vec<_> = manifests_of_rooms()
        .into_iter()
        .filter(|(_, manifest)| {
            manifest.get("lints").and_then(|lints| lints.get("workspace")) != Some(&Value::Boolean(true))
        })
        .map(|(path, _)| path)
        .collect();
    assert_none("manifests without [lints] workspace = true:", &faults);
}

#[test]
fn versions_live_in_the_workspace_manifest_only() {
    let mut faults = Vec::new();
    for (path, manifest) in manifests_of_rooms() {
        for table in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let Some(Value::Table(dependencies)) = manifest.get(table) else { continue };
            faults.extend(
                dependencies
                    .iter()
                    .filter(|(_, value)| value.get("workspace") != Some(&Value::Boolean(true)))
                    .map(|(name, _)| format!("{path}: {name}")),
            );
        }
    }
    assert_none("dependencies that do not say `workspace = true`:", &faults);
}

/// Features of our rooms that only tests may switch on.
const FOR_TESTS: [&str; 1] = ["faults"];

#[test]
fn what_only_tests_need_is_never_built_in() {
    let mut faults = Vec::new();
    for room in house().rooms() {
        for feature in FOR_TESTS {
            let by_default = room.features.get("default").is_some_and(|on| on.iter().any(|one| one.contains(feature)));
            if by_default {
                faults.push(format!("{} has {feature} on by default", room.name));
            }
            // A feature that switches on another room's would carry it past this check.
            let passes_on = room.features.iter().filter(|(name, _)| !FOR_TESTS.contains(&name.as_str()));
            if passes_on.flat_map(|(_, on)| on).any(|one| one.ends_with(&format!("/{feature}"))) {
                faults.push(format!("{} passes {feature} on", room.name));
            }
            let built =
                room.dependencies.iter().filter(|one| BUILDING.contains(&one.kind) && house().is_room(&one.name));
            faults.extend(
                built
                    .filter(|one| one.features.iter().any(|on| on == feature))
                    .map(|one| format!("{} builds {} with {feature}", room.name, one.name)),
            );
        }
    }
    assert_none("failures on demand belong to [dev-dependencies]:", &faults);
}
