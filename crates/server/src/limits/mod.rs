//! How often one corner of the internet may knock: request limits by address block, in memory, for doors that open to strangers.
//!
//! They keep strangers from filling memory and from guessing at leisure. They are no lock-out: those are durable, belong to persons, and live with
//! the sign-in rules. A limit here never looks at who somebody claims to be, so nobody can use up another person's share from elsewhere.
//!
//! What it must not do: grow. The table is made once and holds 65,536 counts; when it is full the least burdened leaves.
//!
//! Start reading at [`kinds`], the table of what is counted and how much of it is allowed.

mod block;
mod client_address;
pub mod kinds;
mod table;

use std::net::IpAddr;

use model::{Entropy, Timestamp};

pub use client_address::client_address;
pub use kinds::LimitKind;

use block::Block;
use table::Table;

/// The counts of all blocks.
pub struct RequestLimits {
    loopback: LoopbackLimits,
    narrow: Table,
    wide: Table,
}

/// Whether this machine's own requests are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoopbackLimits {
    /// As in production.
    Limited,
    /// For the demonstration and the conformance profile, where everybody comes from here.
    Free,
}

/// Too many. For a 429 answer with `Retry-After` (RFC 6585 §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many requests from this address block; the next is let through in {seconds} s")]
pub struct RetryAfter {
    /// When the next would be let through, in seconds; at least one.
    pub seconds: u32,
}

impl RequestLimits {
    /// An empty table. It takes 1.5 MiB, now and for ever. `entropy` gives the secret by which blocks find their places, so that nobody can choose
    /// addresses that crowd out another's.
    #[must_use]
    pub fn new(loopback: LoopbackLimits, entropy: &mut Entropy) -> Self {
        Self { loopback, narrow: Table::new(entropy), wide: Table::new(entropy) }
    }

    /// Counts one request of `kind` from `ip`, unless its block or the block around it has had its share.
    ///
    /// # Errors
    /// When it must not be let through; nothing is counted then, so patience is rewarded.
    pub fn admit(&self, kind: LimitKind, ip: IpAddr, now: Timestamp) -> Result<(), RetryAfter> {
        self.decide(kind, ip, now, Count::IfAdmitted)
    }

    /// Whether one would be let through, without counting it. For what is counted only when it fails: ask before, [`count`](Self::count) after
    /// the failure.
    ///
    /// # Errors
    /// When it would not be let through.
    pub fn peek(&self, kind: LimitKind, ip: IpAddr, now: Timestamp) -> Result<(), RetryAfter> {
        self.decide(kind, ip, now, Count::Never)
    }

    /// Counts one that has happened, within or beyond the share.
    pub fn count(&self, kind: LimitKind, ip: IpAddr, now: Timestamp) {
        let _ = self.decide(kind, ip, now, Count::Always);
    }

    fn decide(&self, kind: LimitKind, ip: IpAddr, now: Timestamp, count: Count) -> Result<(), RetryAfter> {
        let ip = ip.to_canonical();
        if self.loopback == LoopbackLimits::Free && ip.is_loopback() {
            return Ok(());
        }
        let rates = kind.rates();
        // Always the narrow table first: one order for all, so nobody waits in a circle.
        let mut narrow = self.narrow.place(Block::narrow(kind, ip));
        let mut wide = self.wide.place(Block::wide(kind, ip));
        let wait = narrow.wait(rates.narrow, now).max(wide.wait(rates.wide, now));
        let counted = match count {
            Count::IfAdmitted => wait == 0,
            Count::Never => false,
            Count::Always => true,
        };
        if counted {
            narrow.count(rates.narrow, now);
            wide.count(rates.wide, now);
        }
        if wait == 0 {
            Ok(())
        } else {
            Err(RetryAfter { seconds: u32::try_from(wait.div_ceil(1000)).unwrap_or(u32::MAX) })
        }
    }
}

impl std::fmt::Debug for RequestLimits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequestLimits").field("loopback", &self.loopback).finish_non_exhaustive()
    }
}

/// When a request is counted.
#[derive(Clone, Copy)]
enum Count {
    IfAdmitted,
    Never,
    Always,
}

#[cfg(test)]
mod tests;
