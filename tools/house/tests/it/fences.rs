//! The table "The fences" in `ARCHITECTURE.md`: libraries that belong to certain rooms. Tests of a room may look over a fence; what ships may not.

use crate::{
    assert_none,
    house::{BUILDING, dependencies, house},
    markdown,
    rust_source::{layers, lines_with},
};

/// Fences that may be moved, but not be taken down by leaving them out of the document.
const FENCED: [&str; 7] = ["rusqlite", "axum", "axum-server", "hyper", "aws-lc-rs", "askama", "tokio"];

fn fences() -> Vec<(String, Vec<String>)> {
    markdown::table(&house().read("ARCHITECTURE.md"), "## The fences", &["library", "only in", "because"])
        .into_iter()
        .map(|row| (markdown::name(&row[0]), markdown::names(&row[1]).into_iter().map(str::to_owned).collect()))
        .collect()
}

#[test]
fn libraries_stay_inside_their_fences() {
    let mut faults = Vec::new();
    for (library, rooms) in fences() {
        faults.extend(
            rooms.iter().filter(|room| !house().is_room(room)).map(|room| format!("{library}: {room} is no room")),
        );
        for room in house().rooms() {
            let name = room.name.as_str();
            if dependencies(room, &BUILDING).contains(&library.as_str()) && !rooms.iter().any(|one| one == name) {
                faults.push(format!("{name} uses {library}, which stands only in: {}", rooms.join(", ")));
            }
        }
    }
    assert_none("libraries outside the fences of ARCHITECTURE.md:", &faults);
}

#[test]
fn no_fence_is_taken_down_quietly() {
    let fences = fences();
    let gone: Vec<_> = FENCED
        .iter()
        .filter(|name| !fences.iter().any(|(library, _)| library == *name))
        .map(|name| (*name).to_owned())
        .collect();
    assert_none("libraries without a row in \"The fences\" of ARCHITECTURE.md:", &gone);
}

#[test]
fn sql_is_written_only_in_the_store() {
    const SQL: [&str; 6] = ["SELECT ", "INSERT INTO", "DELETE FROM", "CREATE TABLE", "BEGIN IMMEDIATE", "PRAGMA "];
    let mut faults = Vec::new();
    for file in house().rust_files("crates") {
        // Tests may look into a database to see what a crash left there; what ships may not.
        if file.path.starts_with("crates/store/") || !file.path.contains("/src/") {
            continue;
        }
        let literals = layers(&file.text).literals;
        for keyword in SQL {
            faults.extend(
                lines_with(&literals, keyword).into_iter().map(|line| format!("{}:{line} says {keyword:?}", file.path)),
            );
        }
    }
    assert_none("SQL outside crates/store:", &faults);
}
