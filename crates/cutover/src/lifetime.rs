//! How long tokens live.

use crate::{Cause, Fact, Source};

/// One lifetime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lifetime {
    /// So many seconds.
    Seconds(u64),
    /// For ever, until somebody revokes it.
    Endless,
}

/// The lifetimes of a client's tokens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lifetimes {
    /// Of access tokens.
    pub access_token: Fact<Lifetime>,
    /// Of refresh tokens that nobody uses.
    pub refresh_idle: Fact<Lifetime>,
    /// Of refresh tokens and all their successors.
    pub refresh_absolute: Fact<Lifetime>,
}

impl Lifetimes {
    /// Nobody said anything.
    pub(crate) fn not_said(source: &Source) -> Self {
        let unknown = || Fact::unknown(Cause::NotSaid, source.clone());
        Self { access_token: unknown(), refresh_idle: unknown(), refresh_absolute: unknown() }
    }
}
