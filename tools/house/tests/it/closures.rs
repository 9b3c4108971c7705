//! A protocol rule can be built and tested without a web framework, a database or a runtime: not through a friend of a friend either.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, PackageId};

use crate::{assert_none, house::house};

/// The rooms that decide, the room that draws, and the room that reads foreign files (and never calls anyone).
const PURE: [&str; 9] = ["model", "crypto", "policy", "passkey", "signin", "oauth", "cutover", "readers", "web"];
/// What none of them may reach, in building or in testing.
const OUT_OF_REACH: [&str; 9] =
    ["axum", "axum-server", "hyper", "hyper-util", "tower", "tokio", "rusqlite", "libsqlite3-sys", "rustls"];

#[test]
fn engines_reach_no_framework_no_database_and_no_runtime() {
    let mut faults = Vec::new();
    for room in PURE {
        for reached in closure(room) {
            if OUT_OF_REACH.contains(&reached) {
                faults.push(format!(
                    "{room} reaches {reached} (see `cargo tree -p {room} -e normal,build,dev -i {reached}`)"
                ));
            }
        }
    }
    assert_none("engines and what they pull in, tests included:", &faults);
}

#[test]
fn the_walk_finds_what_is_there() {
    // Without this, an empty graph would pass the check above.
    let store = closure("store");
    assert!(store.contains("rusqlite") && store.contains("libsqlite3-sys"), "the store reaches {store:?}");
    assert!(closure("passkey").contains("crypto"));
}

/// The names of all packages that `room` needs to be built and tested.
fn closure(room: &str) -> BTreeSet<&'static str> {
    let metadata = &house().metadata;
    let names: BTreeMap<&PackageId, &str> =
        metadata.packages.iter().map(|package| (&package.id, package.name.as_str())).collect();
    let resolve = metadata.resolve.as_ref().expect("cargo metadata resolves dependencies unless told not to");
    let nodes: BTreeMap<&PackageId, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let start = house().rooms().into_iter().find(|one| one.name.as_str() == room).map(|one| &one.id);
    let start = start.unwrap_or_else(|| panic!("{room} is no room"));

    let (mut seen, mut todo) = (BTreeSet::from([start]), vec![start]);
    while let Some(id) = todo.pop() {
        for used in &nodes[id].deps {
            // The tests of a dependency are not ours to run.
            let counts = used.dep_kinds.iter().any(|kind| id == start || kind.kind != DependencyKind::Development);
            if counts && seen.insert(&used.pkg) {
                todo.push(&used.pkg);
            }
        }
    }
    seen.into_iter().map(|id| names[id]).collect()
}
