//! The one thread that writes. It takes whatever has queued up, commits it as one group, lets memory follow, and only then answers.

use std::{
    sync::{
        Arc,
        atomic::Ordering::Relaxed,
        mpsc::{SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
};

use rusqlite::Connection;

use crate::{
    CommitError,
    group::{Ledger, Results, Verdict},
    memory::Memory,
    queue::{Batch, Buffered, Job, Queue},
    stats::Counters,
};

/// Jobs and rows after which the checkpointer is asked to move the log into the database.
const WORK_PER_WAL_CHECKPOINT: usize = 500;

/// What callers and the writer share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) queue: Queue,
    pub(crate) memory: Memory,
    pub(crate) counters: Counters,
}

/// Starts the writer and its checkpointer. The writer ends when the queue is stopped and empty.
pub(crate) fn start(
    ledger: Ledger,
    checkpointer: Connection,
    shared: Arc<Shared>,
    group_max: usize,
) -> std::io::Result<JoinHandle<()>> {
    let (wal_grew, wal_growth) = sync_channel::<()>(1);
    let helper = thread::Builder::new().name("store-checkpointer".into()).spawn(move || {
        while wal_growth.recv().is_ok() {
            // PASSIVE waits for nobody. What it can't move now it moves the next time.
            if let Err(error) = checkpointer.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) {
                tracing::warn!(%error, "could not move the write-ahead log into the database");
            }
        }
    })?;
    thread::Builder::new().name("store-writer".into()).spawn(move || {
        let _fail_closed = FailClosed(Arc::clone(&shared));
        Writer { ledger, shared, wal_grew, work: 0 }.run(group_max);
        let _ = helper.join();
    })
}

/// Whatever ends the writer, nobody is left waiting: later callers are refused at once, and queued ones hear that they failed.
struct FailClosed(Arc<Shared>);

impl Drop for FailClosed {
    fn drop(&mut self) {
        self.0.counters.failing.store(true, Relaxed);
        self.0.queue.abandon();
    }
}

struct Writer {
    ledger: Ledger,
    shared: Arc<Shared>,
    wal_grew: SyncSender<()>,
    work: usize,
}

impl Writer {
    fn run(mut self, group_max: usize) {
        let mut batch = Batch::default();
        let mut results = Results::default();
        loop {
            let failing = self.shared.counters.failing.load(Relaxed);
            self.shared.queue.take(&mut batch, group_max, failing);
            #[cfg(feature = "faults")]
            crate::faults::inject(&mut self.ledger, &batch.jobs);
            if !batch.jobs.is_empty() || !batch.buffered.is_empty() || failing {
                self.write(&mut batch, &mut results);
            }
            if batch.stopped {
                self.fold_log();
                return;
            }
        }
    }

    /// Moves the whole log into the database, so that a stopped store is one file. Nothing depends on it: what can't be moved now is
    /// still in the log, and the next start finds it there.
    fn fold_log(&self) {
        let folded = self.ledger.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        if folded.unwrap_or(1) != 0 {
            tracing::warn!("the write-ahead log stays beside the database; keep both files together");
        }
    }

    fn write(&mut self, batch: &mut Batch, results: &mut Results) {
        let counters = &self.shared.counters;
        match self.ledger.write(&batch.jobs, &batch.buffered, &self.shared.memory, results) {
            Ok(()) => {
                // Memory first: whoever is answered must find what they wrote.
                self.shared.memory.follow(results.effects.drain(..));
                counters.failing.store(false, Relaxed);
                Counters::add(&counters.groups, 1);
                let records = batch.buffered.iter().filter(|row| matches!(row, Buffered::Signin(_))).count();
                Counters::add(&counters.records, records);
                self.work += batch.jobs.len() + batch.buffered.len();
                if !batch.buffered.is_empty() {
                    batch.buffered.clear();
                    self.shared.queue.buffered_done();
                }
                for (job, verdict) in batch.jobs.drain(..).zip(results.verdicts.drain(..)) {
                    answer(job, verdict, counters);
                }
            }
            Err(error) => {
                tracing::error!(%error, change_sets = batch.jobs.len(), "could not write; nothing of this group was confirmed");
                counters.failing.store(true, Relaxed);
                Counters::add(&counters.failures, 1);
                // Dropping a job's answer says "failed". Buffered rows stay, and ride in the next group.
                batch.jobs.clear();
            }
        }
        if self.work >= WORK_PER_WAL_CHECKPOINT {
            self.work = 0;
            // When it is still busy, it will see this work as well.
            let _ = self.wal_grew.try_send(());
        }
    }
}

/// Tells a caller what became of its job. A caller that no longer listens is not an error.
fn answer(job: Job, verdict: Verdict, counters: &Counters) {
    match (job, verdict) {
        (Job::Set(_, caller), Verdict::Lost(lost)) => {
            Counters::add(&counters.lost, 1);
            let _ = caller.send(Err(CommitError::Lost(lost)));
        }
        (Job::Set(_, caller), Verdict::Written) => {
            Counters::add(&counters.change_sets, 1);
            let _ = caller.send(Ok(()));
        }
        (Job::Sweep(_, caller) | Job::Close(_, caller), Verdict::Written) => {
            let _ = caller.send(Ok(()));
        }
        (Job::Checkpoint(_, caller), Verdict::Checkpoint(checkpoint)) => {
            let _ = caller.send(Ok(checkpoint));
        }
        #[cfg(feature = "faults")]
        (Job::Fault(fault, caller), _) => {
            let _ = caller.send(Ok(()));
            if let crate::faults::Fault::Pause(until) = fault {
                let _ = until.recv();
            }
        }
        // No key signs, or a verdict of another job's kind: the caller is told that it failed.
        (job, _) => drop(job),
    }
}
