//! One group: what queued up, in one transaction and one fsync.
//!
//! A change set whose precondition fails is undone to its savepoint and the others stand. A storage error undoes everything,
//! and nobody is told that anything was written.

use crypto::SigningKey;
use model::Timestamp;
use rusqlite::{Connection, ErrorCode};

use crate::{
    ChangeSet, PreconditionFailed,
    apply::{ApplyError, apply, sweep},
    audit::Chain,
    checkpoint::{Checkpoint, EVENTS_PER_CHECKPOINT, last_seq},
    memory::{Effect, Memory},
    queue::{Buffered, Job},
    records,
    seals::Seals,
};

/// What became of one job, once the group is committed.
#[derive(Debug)]
pub(crate) enum Verdict {
    Written,
    Lost(PreconditionFailed),
    Checkpoint(Checkpoint),
    /// A checkpoint was asked for, and no key signs.
    NoKey,
}

/// What a committed group leaves behind. Kept between groups to spare allocations.
#[derive(Debug, Default)]
pub(crate) struct Results {
    /// One for each job, in order.
    pub(crate) verdicts: Vec<Verdict>,
    /// What memory must follow.
    pub(crate) effects: Vec<Effect>,
}

/// The writing end of the database, with the end of the audit chain.
#[derive(Debug)]
pub(crate) struct Ledger {
    pub(crate) conn: Connection,
    seals: Seals,
    installation: [u8; 16],
    chain: Chain,
    /// The last event that a checkpoint covers.
    checkpointed: u64,
    /// After a failure memory of the chain is in doubt, and is read again before the next event.
    stale: bool,
    #[cfg(feature = "faults")]
    pub(crate) commit_fails: bool,
}

impl Ledger {
    pub(crate) fn load(conn: Connection, seals: Seals, installation: [u8; 16]) -> rusqlite::Result<Self> {
        let chain = Chain::load(&conn, &installation)?;
        let checkpointed = last_seq(&conn)?;
        Ok(Self {
            conn,
            seals,
            installation,
            chain,
            checkpointed,
            stale: false,
            #[cfg(feature = "faults")]
            commit_fails: false,
        })
    }

    /// Writes a group and makes it durable. On an error nothing of it is written.
    pub(crate) fn write(
        &mut self,
        jobs: &[Job],
        buffered: &[Buffered],
        memory: &Memory,
        results: &mut Results,
    ) -> rusqlite::Result<()> {
        results.verdicts.clear();
        results.effects.clear();
        let written = self.write_and_commit(jobs, buffered, memory, results);
        if written.is_err() {
            self.stale = true;
            results.verdicts.clear();
            results.effects.clear();
            // SQLite may have rolled back by itself; if it did not and this fails too, the next BEGIN will say so.
            if !self.conn.is_autocommit() {
                let _ = self.conn.execute_batch("ROLLBACK");
            }
        }
        written
    }

    fn write_and_commit(
        &mut self,
        jobs: &[Job],
        buffered: &[Buffered],
        memory: &Memory,
        results: &mut Results,
    ) -> rusqlite::Result<()> {
        self.run("BEGIN IMMEDIATE")?;
        if self.stale {
            self.chain = Chain::load(&self.conn, &self.installation)?;
            self.checkpointed = last_seq(&self.conn)?;
            // A write that changes nothing of meaning: whether writing works is what a writer in doubt wants to know.
            self.run("UPDATE installation SET probe = probe + 1")?;
        }
        let mut checkpointed = self.checkpointed;
        let mut latest = Timestamp::default();
        for job in jobs {
            let verdict = match job {
                Job::Set(set, _) => {
                    latest = latest.max(set.at);
                    self.write_set(set, &mut results.effects)?
                }
                Job::Sweep(now, _) => {
                    sweep(&self.conn, *now, &mut results.effects)?;
                    Verdict::Written
                }
                Job::Checkpoint(at, _) => match self.checkpoint(*at, memory.active_key().as_deref())? {
                    None => Verdict::NoKey,
                    Some(checkpoint) => {
                        checkpointed = checkpoint.seq;
                        Verdict::Checkpoint(checkpoint)
                    }
                },
                Job::Close(at, _) => {
                    if self.chain.head().seq > checkpointed {
                        checkpointed = self.checkpoint(*at, memory.active_key().as_deref())?.map_or(0, |c| c.seq);
                    }
                    Verdict::Written
                }
                #[cfg(feature = "faults")]
                Job::Fault(..) => Verdict::Written,
            };
            results.verdicts.push(verdict);
        }
        for row in buffered {
            match records::write(&self.conn, row) {
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                    // A row that the schema refuses would be refused for ever: it must not hold up the others.
                    tracing::error!(%error, "dropped a buffered row that the schema refuses");
                }
                written => written?,
            }
        }
        if self.chain.head().seq.saturating_sub(checkpointed) >= EVENTS_PER_CHECKPOINT
            && let Some(checkpoint) = self.checkpoint(latest, memory.active_key().as_deref())?
        {
            checkpointed = checkpoint.seq;
        }
        self.commit()?;
        self.checkpointed = checkpointed;
        self.stale = false;
        Ok(())
    }

    /// One change set between two savepoints: all of it, or none.
    fn write_set(&mut self, set: &ChangeSet, effects: &mut Vec<Effect>) -> rusqlite::Result<Verdict> {
        let (head, mark) = (self.chain.head(), effects.len());
        self.run("SAVEPOINT change_set")?;
        match self.write_changes(set, effects) {
            Ok(()) => {
                self.run("RELEASE change_set")?;
                Ok(Verdict::Written)
            }
            Err(ApplyError::Lost(lost)) => {
                self.run("ROLLBACK TO change_set")?;
                self.run("RELEASE change_set")?;
                self.chain.rewind(head);
                effects.truncate(mark);
                Ok(Verdict::Lost(lost))
            }
            Err(ApplyError::Storage(error)) => Err(error),
        }
    }

    fn write_changes(&mut self, set: &ChangeSet, effects: &mut Vec<Effect>) -> Result<(), ApplyError> {
        for change in &set.changes {
            apply(&self.conn, &self.seals, change, effects)?;
        }
        for event in &set.audit {
            // An event that the schema refuses loses its change set: what can't be recorded doesn't happen.
            self.chain.append(&self.conn, set.at, event)?;
        }
        Ok(())
    }

    fn checkpoint(&self, at: Timestamp, key: Option<&SigningKey>) -> rusqlite::Result<Option<Checkpoint>> {
        let Some(key) = key else { return Ok(None) };
        let checkpoint = Checkpoint::sign(&self.installation, self.chain.head(), at, key);
        checkpoint.write(&self.conn)?;
        Ok(Some(checkpoint))
    }

    /// COMMIT returns after the log is on the disk (`synchronous=FULL`).
    fn commit(&self) -> rusqlite::Result<()> {
        #[cfg(feature = "faults")]
        if self.commit_fails {
            return Err(crate::faults::fsync_error());
        }
        self.run("COMMIT")
    }

    fn run(&self, sql: &'static str) -> rusqlite::Result<()> {
        self.conn.prepare_cached(sql)?.execute([]).map(drop)
    }
}
