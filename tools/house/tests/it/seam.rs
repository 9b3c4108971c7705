//! Engines decide and never do: no waiting, no files, no sockets, no clock, no environment.

use crate::{
    assert_none,
    house::house,
    rust_source::{layers, lines_with, test_modules, without_tests},
};

const ENGINES: [&str; 8] = ["model", "crypto", "policy", "passkey", "signin", "oauth", "cutover", "web"];

/// Words that an engine's code does not contain. Modules of the standard library are found in grouped imports too, see [`in_std_group`].
/// Of `std::net` only the sockets are out: an address is a value like any other.
const WORDS: [&str; 10] = [
    "async",
    "await",
    "SystemTime",
    "Instant",
    "tokio",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "UnixStream",
    "ToSocketAddrs",
];
const STD_MODULES: [&str; 6] = ["fs", "io", "env", "process", "thread", "os"];

#[test]
fn engines_never_wait_read_a_clock_or_touch_the_machine() {
    let mut faults = Vec::new();
    for engine in ENGINES {
        let files = house().rust_files(&format!("crates/{engine}/src"));
        assert!(!files.is_empty(), "crates/{engine}/src holds no sources: has the room moved?");
        // The engines' own tests may read samples from files.
        let tests: Vec<_> = files.iter().flat_map(|file| test_modules(&layers(&file.text).code)).collect();
        let is_test = |path: &str| path.split(['/', '.']).any(|part| tests.iter().any(|test| test == part));
        for file in files.into_iter().filter(|file| !is_test(&file.path)) {
            faults.extend(
                reaches(&file.text).into_iter().map(|(line, what)| format!("{}:{line} says {what}", file.path)),
            );
        }
    }
    assert_none(
        "engines take facts, time and entropy as arguments (ARCHITECTURE.md); move the doing to a shell:",
        &faults,
    );
}

/// The lines of an engine's `source` that reach outside, with the word that shows it.
fn reaches(source: &str) -> Vec<(usize, String)> {
    let code = without_tests(&layers(source).code);
    let mut found = Vec::new();
    for word in WORDS {
        found.extend(lines_with(&code, word).into_iter().map(|line| (line, word.to_owned())));
    }
    for module in STD_MODULES {
        let path = format!("std::{module}");
        found.extend(
            lines_with(&code, &path).into_iter().chain(in_std_group(&code, module)).map(|line| (line, path.clone())),
        );
    }
    found.sort();
    found
}

/// The lines of each `use std::{…}` whose group names `module` at its first level.
fn in_std_group(code: &str, module: &str) -> Vec<usize> {
    let groups = code.match_indices("std::{").map(|(at, opening)| (at, &code[at + opening.len()..]));
    groups.filter(|(_, group)| names_at_first_level(group, module)).map(|(at, _)| code[..=at].lines().count()).collect()
}

fn names_at_first_level(group: &str, module: &str) -> bool {
    let (mut depth, mut item, mut items) = (0_u32, String::new(), Vec::new());
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => items.push(std::mem::take(&mut item)),
            _ => item.push(c),
        }
    }
    items.push(item);
    items.iter().any(|item| item.trim().split("::").next() == Some(module))
}

#[test]
fn a_reach_is_seen_in_every_dress() {
    let check = |source: &str, expected: &[&str]| {
        let found: Vec<_> = reaches(source).into_iter().map(|(_, what)| what).collect();
        assert_eq!(found, expected, "in {source:?}");
    };
    check("use std::fs::File;", &["std::fs"]);
    check("use std::{collections::{BTreeMap, fs}, env::{args}};", &["std::env"]);
    check("use std::{fmt, time::Duration};", &[]);
    check("async fn load() { x().await }", &["async", "await"]);
    check("/// Takes no `Instant`.\nfn f(now: Timestamp) {}", &[]);
    check("use std::{fmt};\nuse std::{\n    process::id,\n};", &["std::process"]);
    check("use std::{collections::BTreeSet, net::Ipv6Addr};", &[]);
    check("fn f() {}\n#[cfg(test)]\nmod tests { fn g() { std::fs::read(x) } }\nuse std::io;", &["std::io"]);
    check("let t = SystemTime::UNIX_EPOCH;", &["SystemTime"]);
}
