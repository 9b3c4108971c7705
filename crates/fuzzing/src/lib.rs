//! What must hold of every reader that a stranger can reach before anybody is signed in, whatever bytes come.
//!
//! Each target takes bytes and checks properties: what was read and written again is the same, two readers agree, what was
//! bent never counts as signed, and no bound is passed. It panics when a property is broken, and otherwise says whether
//! the bytes were taken, so that a corpus in which nothing is ever taken is noticed.
//!
//! The same functions run in two places: the fuzzers in the folder `fuzz` feed them for as long as they are let, and the tests of this crate
//! replay what the fuzzers found, every time that the tests run (`tests/it`).
//!
//! What it must not do: be linked into the product, or share code with what it checks: where a second reader is needed, it is
//! another library's.
//!
//! Start reading at [`TARGETS`].

mod bend;
mod certificates;
mod differ;
mod jose;
mod passkey;
mod protocol;
mod stored;
mod target;

pub use target::{TARGETS, Target, Verdict, target};
