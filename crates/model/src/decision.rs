//! The contract between rooms that decide (engines) and rooms that do (shells).
//!
//! An engine takes a checked request, the facts already loaded, the time and fresh entropy, and returns a [`Decision`].
//! The shell commits `changes` and `audit` in one transaction under the changes' own preconditions, and only then sends `reply`.

use crate::AuditEvent;

/// What an engine decided.
///
/// `R` is the reply when the request is granted, `E` when it is refused, `Q` the question when a fact is missing, `C` the room's own changes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a decision that nobody commits is a lost write"]
pub enum Decision<R, E, Q, C> {
    /// Granted: commit, then answer.
    Done(Outcome<R, C>),
    /// Refused: commit as well (a replay may end a family), then answer.
    Refused(Outcome<E, C>),
    /// A fact is missing: answer the question, then ask again. Shells bound the rounds.
    Need(Q),
}

/// A reply with what must be durable before it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Outcome<R, C> {
    /// What to tell the caller; claims are still unsigned.
    pub reply: R,
    /// What to write, each change with its own precondition.
    pub changes: Vec<C>,
    /// What to record, in the same commit as `changes`.
    pub audit: Vec<AuditEvent>,
}

impl<R, C> Outcome<R, C> {
    /// An outcome that changes and records nothing.
    pub fn plain(reply: R) -> Self {
        Self { reply, changes: Vec::new(), audit: Vec::new() }
    }
}

/// The uninhabited question, for engines that never lack a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoQuestion {}
