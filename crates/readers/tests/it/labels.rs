//! Real configurations, with what a correct reader must conclude about each client.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

use cutover::columns;

/// Formats that no reader reads yet, by name, so that none is forgotten silently.
const NOT_READ_YET: [&str; 6] =
    ["identityserver-json", "uaa-yaml", "authelia", "terraform-zitadel", "casdoor", "spring-authorization-server"];

#[expect(clippy::print_stdout, reason = "a test that could not run must say so")]
fn samples() -> Option<PathBuf> {
    let shared = env::var_os("LOCKGATE_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let folder = shared.join("samples/cutover");
    if folder.join("labels.csv").is_file() {
        return Some(folder);
    }
    assert!(env::var_os("CI").is_none(), "the labelled samples are absent: set LOCKGATE_SHARED");
    println!("ABSENT: no labelled samples at {}; set LOCKGATE_SHARED", folder.display());
    None
}

/// A line of the table; quotation marks protect commas.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for char in line.chars() {
        match char {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => fields.last_mut().expect("there is always one field").push(char),
        }
    }
    fields
}

#[test]
fn every_labelled_client_is_read_rightly() {
    let Some(folder) = samples() else { return };
    let scan = readers::scan(std::slice::from_ref(&folder), &|_| {}).unwrap();
    let mut found: BTreeMap<(String, String), Vec<[&str; 6]>> = BTreeMap::new();
    for client in &scan.clients {
        let answers = columns(client);
        let row = [
            answers.implicit,
            answers.ropc,
            answers.pkce_enforced,
            answers.wildcard_redirect,
            answers.http_non_loopback_redirect,
            answers.public_client,
        ]
        .map(|answer| answer.as_word());
        found.entry((client.source.file.to_string(), client.label().to_owned())).or_default().push(row);
    }

    let table = std::fs::read_to_string(folder.join("labels.csv")).unwrap();
    let (mut judged, mut left, mut wrong) = (0, BTreeMap::<String, u32>::new(), Vec::new());
    for line in table.lines().skip(1) {
        let label = fields(line);
        let (file, id, format) = (&label[0], &label[1], &label[9]);
        if NOT_READ_YET.contains(&format.as_str()) {
            *left.entry(format.clone()).or_default() += 1;
            continue;
        }
        judged += 1;
        match found.get(&(file.clone(), id.clone())).map(Vec::as_slice) {
            None => wrong.push(format!("{file} {id}: not found")),
            Some(rows) if rows.iter().any(|row| row.iter().eq(&label[2..8])) => {}
            Some(rows) => wrong.push(format!("{file} {id}: says {:?}, read {rows:?}", &label[2..8])),
        }
    }
    assert!(judged > 0, "no label was judged");
    // The list of formats must shrink when a reader comes.
    assert_eq!(left.len(), NOT_READ_YET.len(), "formats left out: {left:?}");
    assert!(wrong.is_empty(), "{} of {judged} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
