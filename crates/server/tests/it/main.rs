//! The shell from outside, in process: every route, with a real store and a software authenticator.

mod bad_input;
mod ceremonies;
mod costs;
mod ledger;
mod outage;
mod races;
mod tokens;
mod world;

/// Counts allocations for `costs`. Tests of that module run alone by holding the world's lock.
#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;
