//! The shell from outside, in process: every route, with a real store and a software authenticator.

#![expect(clippy::unwrap_used, reason = "a test that can not go on says so by panicking")]

mod bad_input;
mod ceremonies;
mod costs;
mod fallback;
mod headers;
mod ledger;
mod listening;
mod outage;
mod races;
mod tokens;
mod weaker;
mod world;

/// Counts allocations for `costs`.
#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;
