//! The table "The arrows" in `ARCHITECTURE.md` is what the manifests say.

use std::collections::BTreeMap;

use crate::{
    assert_none,
    house::{BUILDING, TESTING, dependencies, house},
    markdown,
};

/// Rooms that stand in for somebody else's software: none of ours may leak into them, not even for their tests.
const STRANGERS: [&str; 2] = ["demoapp", "testkit"];

fn arrows() -> BTreeMap<String, Vec<String>> {
    markdown::table(&house().read("ARCHITECTURE.md"), "## The arrows", &["room", "may use"])
        .into_iter()
        .map(|row| (markdown::name(&row[0]), markdown::names(&row[1]).into_iter().map(str::to_owned).collect()))
        .collect()
}

#[test]
fn every_room_is_on_the_map_and_the_map_names_no_other() {
    let arrows = arrows();
    let mut faults = Vec::new();
    for room in house().rooms() {
        if !arrows.contains_key(room.name.as_str()) {
            faults.push(format!("{} is a room without a row", room.name));
        }
    }
    for (room, uses) in &arrows {
        faults.extend(
            [room]
                .into_iter()
                .chain(uses)
                .filter(|name| !house().is_room(name))
                .map(|name| format!("{name}, in the row of {room}, is no room")),
        );
    }
    assert_none("the rows of \"The arrows\" in ARCHITECTURE.md are the members of the workspace:", &faults);
}

#[test]
fn rooms_use_only_the_rooms_that_their_row_allows() {
    let arrows = arrows();
    let mut faults = Vec::new();
    for room in house().rooms() {
        let name = room.name.as_str();
        let allowed = arrows.get(name).cloned().unwrap_or_default();
        for used in dependencies(room, &BUILDING) {
            if house().is_room(used) && !allowed.iter().any(|one| one == used) {
                faults.push(format!("{name} uses {used}"));
            }
        }
        for used in dependencies(room, &TESTING) {
            // A room's tests may name the room itself, to switch on what only tests need.
            if house().is_room(used) && used != "testkit" && used != name && !allowed.iter().any(|one| one == used) {
                faults.push(format!("the tests of {name} use {used}"));
            }
        }
    }
    assert_none("arrows that ARCHITECTURE.md does not draw (decide there first):", &faults);
}

#[test]
fn the_arrows_run_one_way() {
    let arrows = arrows();
    // A room whose rooms are all settled is settled; what never settles stands in a circle.
    let mut settled: Vec<&String> = Vec::new();
    while let Some(next) = arrows
        .iter()
        .find(|(room, uses)| !settled.contains(room) && uses.iter().all(|used| settled.contains(&used)))
        .map(|(room, _)| room)
    {
        settled.push(next);
    }
    let circle: Vec<_> = arrows.keys().filter(|room| !settled.contains(room)).cloned().collect();
    assert_none("rooms that reach themselves by the arrows of ARCHITECTURE.md:", &circle);
}

#[test]
fn strangers_use_no_room_of_ours() {
    let mut faults = Vec::new();
    for room in house().rooms() {
        let name = room.name.as_str();
        if STRANGERS.contains(&name) {
            let used = dependencies(room, &BUILDING).into_iter().chain(dependencies(room, &TESTING));
            faults.extend(
                used.filter(|used| house().is_room(used) && !STRANGERS.contains(used))
                    .map(|used| format!("{name} uses {used}")),
            );
        }
    }
    assert_none("a test partner that shares our code can't catch our mistakes:", &faults);
}

#[test]
fn the_software_authenticator_ships_only_in_the_binary_that_demonstrates_it() {
    let faults: Vec<_> = house()
        .rooms()
        .into_iter()
        .filter(|room| {
            !["lockgate", "fuzzing"].contains(&room.name.as_str()) && dependencies(room, &BUILDING).contains(&"testkit")
        })
        .map(|room| format!("{} uses testkit outside its tests", room.name))
        .collect();
    assert_none("testkit signs whatever it is asked to sign:", &faults);
}
