//! Throttling: how often somebody may try, so that guessing is hopeless and nobody is shut out by a stranger.
//!
//! Tries are counted in up to five durable [`Counter`]s: for the account, for the account's failures in a row, for the
//! address, for the network around it, and for everyone. The first few failures cost nothing, then the wait doubles up to
//! a cap, and failures are forgotten as time passes.
//!
//! **A passkey can't be guessed, and nobody can lock another person out of theirs.** What is typed (passwords, one-time
//! codes, recovery codes) has its own counters, which passkeys never look at. Passkey ceremonies are slowed by failures
//! from their own address only, and from an address without failures they are always admitted.
//!
//! What it must not do: tell whether a name exists. A name that nobody holds is counted exactly as one that somebody
//! does, and the rest after a hundred failures in a row never shows (see [`Admission::Rest`]).
//!
//! Start reading at [`admit`]. The order that can't be raced, under one lock or with every counter unchanged as the
//! commit's precondition:
//!
//! ```text
//! load ─▶ admit ─▶ store after(Failed) ─▶ look at the secret ─▶ right? load ─▶ store after(Passed or Proved)
//! ```
//!
//! Every try is charged as a failure before its secret is looked at, so a thousand tries at once are counted as a
//! thousand; one that turns out right gets its charge back.

mod counter;
mod judge;
mod keys;
mod pace;

pub use counter::{Counter, Counters};
pub use judge::{Admission, Kind, Outcome, admit, after};
pub use keys::{Account, Keys, Scope, stale_before};

#[cfg(test)]
mod tests;
