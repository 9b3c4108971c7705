//! A file is one idea. Most of ours run 100–350 lines; past 700 the reader needs two bookmarks.

use crate::{assert_none, house::house};

const LINES_MAX: usize = 700;

#[test]
fn no_rust_file_needs_two_bookmarks() {
    let faults: Vec<_> = house()
        .rust_files("")
        .into_iter()
        .map(|file| (file.text.lines().count(), file.path))
        .filter(|(lines, _)| *lines > LINES_MAX)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    assert_none("files over 700 lines (split them by idea):", &faults);
}
