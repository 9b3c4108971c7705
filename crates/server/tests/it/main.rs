//! The shell from outside, in process: every route, with a real store and a software authenticator.

#![expect(clippy::unwrap_used, reason = "a test that can not go on says so by panicking")]

mod about_tokens;
mod attested;
mod bad_input;
mod ceremonies;
mod certificates;
mod clients;
mod costs;
mod disclosures;
mod fallback;
mod farewells;
mod grants;
mod headers;
mod leaving;
mod ledger;
mod limits;
mod listening;
mod notices;
mod outage;
mod own_ways;
mod proofs;
mod pushed;
mod races;
mod raised;
mod self_registered;
mod shared;
mod signed;
mod signing_keys;
mod tokens;
mod weaker;
mod world;

/// Counts allocations for `costs`.
#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;
