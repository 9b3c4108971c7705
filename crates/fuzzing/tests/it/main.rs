//! What the fuzzers found, replayed each time that the tests run.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report, in helpers as well")]

mod replay;
