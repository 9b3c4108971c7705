//! The engine against the software authenticator of `testkit`, which shares no code with it.

mod attestation;
mod bits;
mod catalogue;
mod noise;
mod stage;
mod strength;
