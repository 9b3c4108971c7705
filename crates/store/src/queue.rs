//! The queue in front of the writer: two bounded lanes and one lock that is held for nanoseconds.
//!
//! Change sets are answered; buffered rows (sign-in records, last-use times) are not, and may wait up to
//! [`BUFFER_WAIT`] for company. When either lane is full the caller hears [`Busy`] at once.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use model::{ReceiptId, SessionId, SigninRecord, Timestamp};

use crate::{Busy, ChangeSet, change::Answer, checkpoint::Checkpoint};

/// Longest time a buffered row waits for a change set to ride with. Half of the 50 ms promised; the commit takes the rest.
const BUFFER_WAIT: Duration = Duration::from_millis(25);
/// Buffered rows that may wait, in all.
pub(crate) const BUFFERED_MAX: usize = 8192;
/// How often a writer that failed tries whether it can write again.
const PROBE_WAIT: Duration = Duration::from_millis(250);

/// Something that gets an answer.
#[derive(Debug)]
pub(crate) enum Job {
    Set(ChangeSet, Answer),
    /// Forget what time has ended.
    Sweep(Timestamp, Answer),
    /// Sign the end of the audit chain.
    Checkpoint(Timestamp, Answer<Checkpoint>),
    /// Sign the end of the audit chain if it grew, and stop.
    Close(Timestamp, Answer),
    #[cfg(feature = "faults")]
    Fault(crate::faults::Fault, Answer),
}

/// Something that gets none.
#[derive(Debug)]
pub(crate) enum Buffered {
    Signin(SigninRecord),
    SessionUsed { id: SessionId, at: Timestamp },
    ReceiptCounted { id: ReceiptId, at: Timestamp, more: u64 },
}

/// What the writer takes in one go.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) jobs: Vec<Job>,
    pub(crate) buffered: Vec<Buffered>,
    /// Nobody will ask for anything any more.
    pub(crate) stopped: bool,
}

#[derive(Debug, Default)]
struct Lanes {
    jobs: VecDeque<Job>,
    buffered: Vec<Buffered>,
    /// Buffered rows that the writer has taken but not yet made durable.
    buffered_taken: usize,
    writer: Writer,
    /// Callers that wait for room.
    callers_waiting: usize,
    stopped: bool,
}

/// What the writer would have to be woken for. Waking costs a system call, and a busy writer looks at the queue by itself.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Writer {
    #[default]
    Busy,
    WaitsForAnything,
    WaitsForJobs,
}

#[derive(Debug)]
pub(crate) struct Queue {
    lanes: Mutex<Lanes>,
    work: Condvar,
    room: Condvar,
    jobs_max: usize,
}

impl Queue {
    pub(crate) fn new(jobs_max: usize) -> Self {
        Self { lanes: Mutex::default(), work: Condvar::new(), room: Condvar::new(), jobs_max: jobs_max.max(1) }
    }

    /// Adds a job, or says at once that there is no room.
    pub(crate) fn push(&self, job: Job) -> Result<(), Busy> {
        let mut lanes = self.lock();
        if lanes.stopped || lanes.jobs.len() >= self.jobs_max {
            return Err(Busy);
        }
        lanes.jobs.push_back(job);
        self.wake_for_job(lanes);
        Ok(())
    }

    /// Adds a job, waiting for room. Returns `false` when the store has closed.
    pub(crate) fn push_waiting(&self, job: Job) -> bool {
        let mut lanes = self.lock();
        while !lanes.stopped && lanes.jobs.len() >= self.jobs_max {
            lanes.callers_waiting += 1;
            lanes = self.room.wait(lanes).unwrap_or_else(PoisonError::into_inner);
            lanes.callers_waiting -= 1;
        }
        if lanes.stopped {
            return false;
        }
        lanes.jobs.push_back(job);
        self.wake_for_job(lanes);
        true
    }

    /// Adds a row that nobody waits for.
    pub(crate) fn push_buffered(&self, row: Buffered) -> Result<(), Busy> {
        let mut lanes = self.lock();
        if lanes.stopped || lanes.buffered.len() + lanes.buffered_taken >= BUFFERED_MAX {
            return Err(Busy);
        }
        lanes.buffered.push(row);
        let waits = lanes.writer == Writer::WaitsForAnything;
        drop(lanes);
        if waits {
            self.work.notify_one();
        }
        Ok(())
    }

    /// Refuses everything from now on; the writer finishes what is queued.
    pub(crate) fn stop(&self) {
        let mut lanes = self.lock();
        lanes.stopped = true;
        self.room.notify_all();
        self.wake_for_job(lanes);
    }

    /// Refuses everything from now on and forgets what is queued; whoever waits for it hears that it failed.
    pub(crate) fn abandon(&self) {
        let mut lanes = self.lock();
        lanes.stopped = true;
        let jobs = std::mem::take(&mut lanes.jobs);
        drop(lanes);
        drop(jobs);
        self.room.notify_all();
    }

    /// Jobs that wait.
    pub(crate) fn waiting(&self) -> usize {
        self.lock().jobs.len()
    }

    /// Waits for work and takes up to `group_max` jobs and every buffered row. While `probing`, comes back empty after a while.
    pub(crate) fn take(&self, batch: &mut Batch, group_max: usize, probing: bool) {
        let mut lanes = self.lock();
        if !probing {
            lanes.writer = Writer::WaitsForAnything;
            let idle = |lanes: &mut Lanes| lanes.jobs.is_empty() && lanes.buffered.is_empty() && !lanes.stopped;
            lanes = self.work.wait_while(lanes, idle).unwrap_or_else(PoisonError::into_inner);
        }
        // From the first buffered row on the wait is bounded; further rows neither prolong nor end it.
        lanes.writer = Writer::WaitsForJobs;
        let wait = if probing { PROBE_WAIT } else { BUFFER_WAIT };
        let jobless = |lanes: &mut Lanes| lanes.jobs.is_empty() && !lanes.stopped;
        lanes = self.work.wait_timeout_while(lanes, wait, jobless).unwrap_or_else(PoisonError::into_inner).0;
        lanes.writer = Writer::Busy;
        let take = lanes.jobs.len().min(group_max.max(1));
        batch.jobs.extend(lanes.jobs.drain(..take));
        batch.buffered.append(&mut lanes.buffered);
        lanes.buffered_taken = batch.buffered.len();
        batch.stopped = lanes.stopped && lanes.jobs.is_empty();
        let callers_wait = lanes.callers_waiting > 0;
        drop(lanes);
        if callers_wait {
            self.room.notify_all();
        }
    }

    /// The rows that [`Self::take`] gave are durable.
    pub(crate) fn buffered_done(&self) {
        self.lock().buffered_taken = 0;
    }

    fn wake_for_job(&self, lanes: MutexGuard<'_, Lanes>) {
        let waits = lanes.writer != Writer::Busy;
        drop(lanes);
        if waits {
            self.work.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Lanes> {
        // Nothing under this lock can panic half-way: the lanes are whole even if a holder died.
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
