//! Tests of the readers from outside.

#![expect(clippy::unwrap_used, reason = "a test that can not go on says so by panicking")]

mod hostile;
mod labels;
mod properties;
mod snapshots;
