//! The engine against the software authenticator of `testkit`, which shares no code with it.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report, in helpers as well")]

mod attestation;
mod bits;
mod catalogue;
mod noise;
mod stage;
mod strength;
