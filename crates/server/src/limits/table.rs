//! Counts in a table of fixed size, by the generic cell rate algorithm: one number for each block, the moment at which it will have paid for all
//! that it was let through.

use std::sync::{Mutex, MutexGuard, PoisonError};

use model::{Entropy, Timestamp};

use super::{block::Block, kinds::Rate};

/// Shards, each under its own lock; sets in a shard; places in a set. 64 × 64 × 8 places in each of two tables.
const SHARDS: usize = 64;
const SETS: usize = 64;
const WAYS: usize = 8;

/// One table.
pub(super) struct Table {
    shards: Vec<Mutex<[Set; SETS]>>,
    secret: [u64; 2],
}

type Set = [Slot; WAYS];

#[derive(Clone, Copy)]
struct Slot {
    block: Block,
    /// When the block has paid for everything, in milliseconds since 1970 (the "theoretical arrival time").
    paid_at: i64,
}

const EMPTY: Slot = Slot { block: Block { prefix: 0, tag: 0 }, paid_at: i64::MIN };

impl Table {
    pub(super) fn new(entropy: &mut Entropy) -> Self {
        let secret = [u64::from_le_bytes(entropy.take()), u64::from_le_bytes(entropy.take())];
        Self { shards: (0..SHARDS).map(|_| Mutex::new([[EMPTY; WAYS]; SETS])).collect(), secret }
    }

    /// The place of `block`, held until it is dropped.
    pub(super) fn place(&self, block: Block) -> Place<'_> {
        let hash = self.hash(block);
        let shard = self.shards[hash as usize % SHARDS].lock().unwrap_or_else(PoisonError::into_inner);
        let set = (hash >> 32) as usize % SETS;
        let way = shard[set].iter().position(|slot| slot.block == block);
        Place { shard, set, way, block }
    }

    /// Both words folded by a secret multiplication, then once more: without the secret nobody can tell which blocks share a set.
    const fn hash(&self, block: Block) -> u64 {
        let first = fold(block.prefix ^ self.secret[0], block.tag ^ self.secret[1]);
        fold(first ^ self.secret[1], 0x9e37_79b9_7f4a_7c15)
    }

    /// How many counts it can hold.
    #[cfg(test)]
    pub(super) const fn places() -> usize {
        SHARDS * SETS * WAYS
    }
}

const fn fold(a: u64, b: u64) -> u64 {
    let product = a as u128 * b as u128;
    (product as u64) ^ ((product >> 64) as u64)
}

/// The place of one block in its set, under the shard's lock.
pub(super) struct Place<'a> {
    shard: MutexGuard<'a, [Set; SETS]>,
    set: usize,
    way: Option<usize>,
    block: Block,
}

impl Place<'_> {
    /// How long until the next is let through, in milliseconds; zero when it is let through now.
    pub(super) fn wait(&self, rate: Rate, now: Timestamp) -> u64 {
        let paid_at = self.paid_at(rate, now);
        let credit = i64::from(rate.burst - 1) * i64::from(rate.every_millis);
        u64::try_from(paid_at.saturating_sub(credit).saturating_sub(now.millis())).unwrap_or(0)
    }

    /// Counts one.
    pub(super) fn count(&mut self, rate: Rate, now: Timestamp) {
        let paid_at = self.paid_at(rate, now).saturating_add(i64::from(rate.every_millis)).min(latest(rate, now));
        let way = self.way.unwrap_or_else(|| self.room());
        self.shard[self.set][way] = Slot { block: self.block, paid_at };
    }

    fn paid_at(&self, rate: Rate, now: Timestamp) -> i64 {
        let stored = self.way.map_or(i64::MIN, |way| self.shard[self.set][way].paid_at);
        // Nobody can owe this much, so the clock was set back: begin anew, or the block would be shut out until the clock catches up.
        let impossible = stored > latest(rate, now).saturating_add(CLOCK_STEP_MILLIS);
        if impossible { now.millis() } else { stored.max(now.millis()) }
    }

    /// A place that is empty, or else the one with the least debt: whoever floods the table pushes out those who asked for little.
    fn room(&self) -> usize {
        let slots = self.shard[self.set].iter().enumerate();
        slots.min_by_key(|(_, slot)| slot.paid_at).map_or(0, |(way, _)| way)
    }
}

/// How far a clock may step back, in milliseconds, without a debt being forgotten: what time synchronisation does in passing.
const CLOCK_STEP_MILLIS: i64 = 60_000;

/// The deepest debt: a full share. Counting beyond it changes nothing.
fn latest(rate: Rate, now: Timestamp) -> i64 {
    now.millis().saturating_add(i64::from(rate.burst) * i64::from(rate.every_millis))
}
