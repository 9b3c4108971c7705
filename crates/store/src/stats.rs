//! Counters for tests, metrics and the readiness probe.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) change_sets: AtomicU64,
    pub(crate) groups: AtomicU64,
    pub(crate) lost: AtomicU64,
    pub(crate) records: AtomicU64,
    pub(crate) failures: AtomicU64,
    pub(crate) failing: AtomicBool,
}

impl Counters {
    pub(crate) fn add(counter: &AtomicU64, n: usize) {
        counter.fetch_add(n as u64, Relaxed);
    }

    pub(crate) fn snapshot(&self) -> Stats {
        Stats {
            change_sets: self.change_sets.load(Relaxed),
            groups: self.groups.load(Relaxed),
            lost: self.lost.load(Relaxed),
            records: self.records.load(Relaxed),
            failures: self.failures.load(Relaxed),
        }
    }
}

/// Counts since the store was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Change sets that are durable.
    pub change_sets: u64,
    /// Transactions committed, each with one fsync.
    pub groups: u64,
    /// Change sets refused because a precondition did not hold.
    pub lost: u64,
    /// Sign-in records that are durable.
    pub records: u64,
    /// Groups that storage refused.
    pub failures: u64,
}

/// Whether the store can do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Health {
    /// The last transaction succeeded. When false, the writer keeps trying by itself.
    pub writable: bool,
    /// Change sets that wait.
    pub queued: usize,
}
