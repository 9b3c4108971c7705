//! Passwords: how they are prepared, hashed, checked, and taken over from other systems.
//!
//! What is new is always Argon2id (RFC 9106). What other systems stored is read, within bounds that keep a hostile
//! import from stalling us, checked as it stands, and replaced at the first sign-in that shows the password.
//!
//! What it must not do: decide whether a password is good enough, or whether somebody may try. Everything here that
//! hashes is made to be slow: callers run it off their event loop, behind a limit of as many as there are cores.
//!
//! Start reading at [`typed`], what a person typed; then [`stored`], what is kept of it and how the two are compared.
//! `foreign` lists every form that other systems keep.

mod argon;
mod bcrypt;
mod fields;
mod foreign;
mod params;
mod pbkdf2;
mod scrypt;
pub mod stored;
pub mod typed;

pub use params::Params;
pub use stored::{BadHash, STORED_HASH_BYTES_MAX, StoredHash, Verified, hash, verify};
pub use typed::{BadPassword, PASSWORD_BYTES_MAX, Password};

#[cfg(test)]
mod foreign_tests;
#[cfg(test)]
mod tests;
