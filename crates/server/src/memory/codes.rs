//! Authorization codes: in memory, bounded, spent once.

use std::sync::{Arc, Mutex, PoisonError};

use model::{FamilyId, Timestamp};
use oauth::{CodeRecord, SpentCode};

use super::bounded::{Bounded, Full};

/// Codes kept at the most, live and spent together. At 60 seconds each this is over 3,000 sign-ins a second, sustained.
const CODES_MAX: usize = 200_000;
/// Locks the codes are spread over, so that threads seldom wait for one another.
const SHARDS: usize = 16;

/// A code, while it lives and until it would have expired.
#[derive(Clone)]
pub(crate) struct Code {
    pub(crate) record: Arc<CodeRecord>,
    /// Set once, by the redemption that won. `None` inside means that it led to no refresh family.
    pub(crate) spent: Option<Option<FamilyId>>,
}

/// A code as it is kept. Most are spent within a second and recognised for a minute, so a spent one keeps little.
enum Kept {
    Live(Arc<CodeRecord>),
    Spent(Box<SpentCode>),
}

impl Kept {
    fn code(&self) -> Code {
        match self {
            Self::Live(record) => Code { record: record.clone(), spent: None },
            Self::Spent(left) => Code { record: Arc::new(left.record()), spent: Some(left.family()) },
        }
    }
}

/// All codes of this node, found by the keyed hash of the code.
pub(crate) struct Codes {
    shards: [Mutex<Bounded<[u8; 32], Kept>>; SHARDS],
}

/// Somebody else spent the code first, or it has expired.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SpendLost;

impl Codes {
    pub(crate) fn new() -> Self {
        Self { shards: std::array::from_fn(|_| Mutex::new(Bounded::new(CODES_MAX / SHARDS))) }
    }

    /// Keeps a fresh code. A full table refuses rather than push out a code that someone is about to redeem.
    pub(crate) fn insert(&self, hash: [u8; 32], record: CodeRecord, now: Timestamp) -> Result<(), Full> {
        let expires = record.expires;
        let code = Kept::Live(Arc::new(record));
        self.shard(&hash).insert(hash, code, expires, now, |code| matches!(code, Kept::Spent(_)))
    }

    /// The code, live or spent.
    pub(crate) fn find(&self, hash: &[u8; 32], now: Timestamp) -> Option<Code> {
        self.shard(hash).get(hash, now).map(Kept::code)
    }

    /// Spends the code and runs `enqueue` in the same breath, so that whoever sees it spent finds the winner's change set already queued.
    /// When `enqueue` fails the code stays live.
    pub(crate) fn spend<T, E>(
        &self,
        hash: &[u8; 32],
        family: Option<FamilyId>,
        now: Timestamp,
        enqueue: impl FnOnce() -> Result<T, E>,
    ) -> Result<Result<T, E>, SpendLost> {
        let mut shard = self.shard(hash);
        let code = shard.get_mut(hash, now).ok_or(SpendLost)?;
        let Kept::Live(record) = &*code else { return Err(SpendLost) };
        let spent = SpentCode::of(record, family);
        let queued = enqueue();
        if queued.is_ok() {
            *code = Kept::Spent(Box::new(spent));
        }
        Ok(queued)
    }

    fn shard(&self, hash: &[u8; 32]) -> std::sync::MutexGuard<'_, Bounded<[u8; 32], Kept>> {
        // A thread that panicked while holding the lock can't have left a half-written entry: each change above is one assignment.
        self.shards[usize::from(hash[0]) % SHARDS].lock().unwrap_or_else(PoisonError::into_inner)
    }
}
