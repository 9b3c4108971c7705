//! Pushed authorization requests: in memory, bounded altogether and for each client, used up once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use model::{ClientId, Timestamp};
use oauth::{PushedFact, PushedRequest};

use super::bounded::{Bounded, Full};

/// Requests kept at the most. With their 16 KiB at the most that is bounded by [`BYTES_MAX`] first.
const PUSHED_MAX: usize = 20_000;
/// Bytes that all of them hold at the most.
const BYTES_MAX: usize = 64 * 1024 * 1024;
/// The share of one client that proves itself: more than a thousand browsers a minute.
const PER_CLIENT_MAX: usize = 5_000;
/// The share of one client that can't: anybody can push in its name.
const PER_PUBLIC_CLIENT_MAX: usize = 1_000;

/// One of them. Spent ones stay until they would be forgotten anyway, so that a second use is told from one that never was.
#[derive(Clone)]
pub(crate) struct Pushed {
    key: [u8; 32],
    record: Arc<PushedRequest>,
    spent: bool,
}

impl Pushed {
    /// As the engine sees what was found under a name.
    pub(crate) fn fact(named: Option<[u8; 32]>, found: Option<&Self>) -> PushedFact<'_> {
        match (named, found) {
            (None, _) => PushedFact::NotNamed,
            (Some(_), None) => PushedFact::Unknown,
            (Some(_), Some(pushed)) if pushed.spent => PushedFact::Spent,
            (Some(_), Some(pushed)) => PushedFact::Live { key: pushed.key, record: &pushed.record },
        }
    }
}

#[derive(Default)]
struct Shares {
    of: HashMap<ClientId, usize>,
    bytes: usize,
}

/// All pushed requests of this node, found by the keyed hash of their name.
pub(crate) struct PushedRequests {
    all: Mutex<(Bounded<[u8; 32], Pushed>, Shares)>,
}

/// Somebody else used the request first.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct AlreadySpent;

impl PushedRequests {
    pub(crate) fn new() -> Self {
        Self { all: Mutex::new((Bounded::new(PUSHED_MAX), Shares::default())) }
    }

    /// Keeps a request. A client that has had its share is refused; nobody's request is pushed out by another's.
    pub(crate) fn insert(
        &self,
        key: [u8; 32],
        record: PushedRequest,
        is_confidential: bool,
        now: Timestamp,
    ) -> Result<(), Full> {
        let mut all = self.lock();
        let (kept, shares) = &mut *all;
        kept.take_expired(now, |gone| shares.give_back(&gone.record));
        let share = if is_confidential { PER_CLIENT_MAX } else { PER_PUBLIC_CLIENT_MAX };
        let had = shares.of.get(&record.client).copied().unwrap_or(0);
        if had >= share || shares.bytes + record.bytes() > BYTES_MAX {
            return Err(Full);
        }
        let (expires, record) = (record.forget_at(), Arc::new(record));
        kept.insert(key, Pushed { key, record: record.clone(), spent: false }, expires, now, |_| false)?;
        *shares.of.entry(record.client.clone()).or_default() += 1;
        shares.bytes += record.bytes();
        Ok(())
    }

    /// The request under a name, live or spent.
    pub(crate) fn find(&self, key: &[u8; 32], now: Timestamp) -> Option<Pushed> {
        self.lock().0.get(key, now).cloned()
    }

    /// Uses a request up.
    pub(crate) fn spend(&self, key: &[u8; 32], now: Timestamp) -> Result<(), AlreadySpent> {
        let mut all = self.lock();
        let pushed = all.0.get_mut(key, now).filter(|pushed| !pushed.spent).ok_or(AlreadySpent)?;
        pushed.spent = true;
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, (Bounded<[u8; 32], Pushed>, Shares)> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shares {
    fn give_back(&mut self, record: &PushedRequest) {
        self.bytes = self.bytes.saturating_sub(record.bytes());
        if let Some(count) = self.of.get_mut(&record.client) {
            *count -= 1;
            if *count == 0 {
                self.of.remove(&record.client);
            }
        }
    }
}
