//! The house stands as `ARCHITECTURE.md` draws it.
//!
//! `house`, `markdown` and `rust_source` read; the other files check, one idea each. A failing check lists every place at once and says what to do.

mod house;
mod markdown;
mod rust_source;

mod ambient;
mod arrows;
mod closures;
mod fences;
mod manifests;
mod pointers;
mod seam;
mod size;
mod words;

/// Fails with all `faults` at once, so that one run shows the whole of the work.
#[track_caller]
fn assert_none(rule: &str, faults: &[String]) {
    assert!(faults.is_empty(), "{rule}\n  {}\n", faults.join("\n  "));
}
