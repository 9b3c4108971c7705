//! Documents lead somewhere: links between them to files that are there, and proofs against attacks to tests that exist. Files move and tests are
//! renamed; whoever follows a document afterwards must not find a hole.

use std::path::Path;

use crate::{
    assert_none,
    house::{House, house},
};

#[test]
fn links_between_documents_lead_to_files() {
    let house = house();
    let mut faults = Vec::new();
    for document in house.files("", |path| path.ends_with(".md")) {
        let folder = Path::new(&document.path).parent().unwrap_or(Path::new(""));
        for target in links(&document.text) {
            let file = target.split('#').next().unwrap_or_default();
            if !file.is_empty() && !house.has(&folder.join(file)) {
                faults.push(format!("{} links to {target}", document.path));
            }
        }
    }
    assert_none("mend these links:", &faults);
}

#[test]
fn what_stops_an_attack_and_its_test_exist() {
    faultless("docs/attacks.md");
}

#[test]
fn what_the_map_names_exists() {
    faultless("ARCHITECTURE.md");
}

/// Every `room/path.rs` and `room/path.rs::name` in this document is there.
fn faultless(path: &str) {
    let house = house();
    let mut faults = Vec::new();
    for (index, line) in house.read(path).lines().enumerate() {
        // A `::name` by itself belongs to the file before it, in the same line.
        let mut last = None;
        for code in line.split('`').skip(1).step_by(2) {
            let (file, name) = code.split_once("::").map_or((code, None), |(file, name)| (file, Some(name)));
            if file.contains('/') && [".rs", ".mjs", ".sql", ".txt"].iter().any(|end| file.ends_with(end)) {
                last = house.source(file);
                if last.is_none() {
                    faults.push(format!("{path}:{} names {file}, which is not there", index + 1));
                }
            } else if !file.is_empty() {
                continue;
            }
            if let (Some(text), Some(name)) = (&last, name)
                && !["fn", "struct", "enum"].iter().any(|kind| text.contains(&format!("{kind} {name}")))
            {
                faults.push(format!("{path}:{} names {code}, and nothing of that name is in that file", index + 1));
            }
        }
    }
    assert_none("files move and tests are renamed; say where they are now:", &faults);
}

/// The targets of links in Markdown, without those that lead out of the house.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).filter(|target| {
        !target.contains("://") && !target.starts_with("mailto:") && !target.contains(char::is_whitespace)
    })
}

impl House {
    /// The text of a source that a document names from the root, from `crates/`, or from the folder that its paragraph is about.
    fn source(&self, name: &str) -> Option<String> {
        const FROM: [&str; 5] =
            ["", "crates/", "crates/server/src/", "crates/server/src/endpoints/", "crates/store/src/"];
        let path = FROM.iter().map(|from| format!("{from}{name}")).find(|path| self.has(Path::new(path)))?;
        let mut text = self.read(&path);
        // Tests of a module may stand in a file of their own beside it.
        if let Some(folder) = path.strip_suffix(".rs") {
            for beside in self.rust_files(folder) {
                text.push_str(&beside.text);
            }
        }
        Some(text)
    }
}

#[test]
fn links_are_found_and_outside_ones_left_alone() {
    let text = "see [a](b/c.md#part), [d](https://example.com/e) and ![f](g.png); `h](i j)`";
    assert_eq!(links(text).collect::<Vec<_>>(), ["b/c.md#part", "g.png"]);
}
