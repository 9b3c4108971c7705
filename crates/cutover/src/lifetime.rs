//! How long tokens live.

use std::fmt;

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

impl fmt::Display for Lifetime {
    /// "for ever", "for 5 minutes": in the largest unit that comes out even.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = match self {
            Self::Endless => return f.write_str("for ever"),
            Self::Seconds(seconds) => *seconds,
        };
        let units = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
        let (size, unit) =
            units.into_iter().find(|(size, _)| seconds > 0 && seconds % size == 0).unwrap_or((1, "second"));
        let count = seconds / size;
        write!(f, "for {count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}
