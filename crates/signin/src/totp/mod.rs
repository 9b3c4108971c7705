//! One-time codes from an authenticator application (TOTP, RFC 6238), as a second factor beside a password.
//!
//! What it must not do: count failures (that is [`throttle`](crate::throttle)), or seal the secret (that is the shell).
//!
//! Start reading at [`check()`]: a code is accepted at most once, and what makes it so is the change that acceptance
//! returns. A secret is stored only after a code made from it was shown: see [`Enrolling`].

pub mod check;
pub mod secret;

pub use check::{ConfirmedTotp, Enrolling, StepUsed, TotpRefusal, check};
pub use secret::TotpSecret;
