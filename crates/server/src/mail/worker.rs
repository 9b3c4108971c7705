//! The hand-over and the worker that keeps its promises.

use std::{future::Future, time::Duration};

use model::{NoticeId, NoticeKind, Timestamp};
use tokio::sync::mpsc;

use super::{
    message::Letterhead,
    recipient::Recipient,
    schedule::{HELD_MAX, Pace, Schedule, SendFault, Step, plus},
    settings::{MailSettings, MailSetupError},
    transport::Transport,
};
use crate::ambient;

/// Most notices handed over and not yet taken up. Those beyond wait in the store.
const QUEUE_MAX: usize = 256;
/// How often the store is asked for what nobody has sent yet, in milliseconds.
const ASK_MILLIS: i64 = 60_000;

/// One thing to tell one person. The row of the same id is in the store already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The row's id; also the Message-ID's left side.
    pub id: NoticeId,
    /// What it tells.
    pub kind: NoticeKind,
    /// When that happened.
    pub at: Timestamp,
    /// Where it goes.
    pub to: Recipient,
}

/// What became of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// The relay has taken it.
    Sent,
    /// It was given up: refused for a day, or impossible for three.
    Undeliverable,
}

/// Hands notices over. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Mailer {
    queue: mpsc::Sender<Notice>,
}

impl Mailer {
    /// Hands a notice over, after its row was committed. Never waits and never fails: what finds no room is found in the store within a minute.
    pub fn send(&self, notice: Notice) {
        let _ = self.queue.try_send(notice);
    }
}

/// Sends what was handed over and what the store still holds. Runs until it is dropped.
pub struct MailWorker {
    queue: mpsc::Receiver<Notice>,
    letterhead: Letterhead,
    transport: Transport,
    pace: Pace,
}

/// Opens the way out for mail, without calling anybody yet.
///
/// # Errors
/// When the settings can't be used.
pub fn open(settings: &MailSettings) -> Result<(Mailer, MailWorker), MailSetupError> {
    open_with(settings, Pace::PRODUCTION)
}

pub(super) fn open_with(settings: &MailSettings, pace: Pace) -> Result<(Mailer, MailWorker), MailSetupError> {
    let letterhead = Letterhead::new(settings)?;
    let transport = Transport::new(settings, letterhead.domain())?;
    let (sender, queue) = mpsc::channel(QUEUE_MAX);
    Ok((Mailer { queue: sender }, MailWorker { queue, letterhead, transport, pace }))
}

impl MailWorker {
    /// Works until it is dropped or its task is aborted.
    ///
    /// `due(n)` answers with at most `n` of the oldest notices that are neither sent nor given up, and whose person has an address; it is asked
    /// at the start and once a minute. `mark` writes down what became of one, and says whether that is durable; it is asked again until
    /// it is. A notice is sent at least once: a crash between the relay's answer and the mark repeats the same message.
    pub async fn run<D, DF, M, MF>(mut self, due: D, mark: M)
    where
        D: Fn(usize) -> DF,
        DF: Future<Output = Vec<Notice>>,
        M: Fn(NoticeId, Delivery) -> MF,
        MF: Future<Output = bool>,
    {
        let mut schedule = Schedule::new(self.pace);
        let mut ask = ambient::now();
        let mut more_in_store = false;
        loop {
            let now = ambient::now();
            // A clock that is set back must not put the next question off.
            ask = ask.min(plus(now, ASK_MILLIS));
            while let Ok(notice) = self.queue.try_recv() {
                schedule.add(notice, now);
            }
            if now >= ask || (more_in_store && schedule.due().is_none()) {
                // Not only as many as there is room for: the oldest may be the very ones that are held.
                let found = due(HELD_MAX).await;
                more_in_store = found.len() >= HELD_MAX;
                found.into_iter().take(HELD_MAX).for_each(|notice| schedule.add(notice, now));
                ask = plus(ambient::now(), ASK_MILLIS);
            }
            match schedule.step(now) {
                Some(Step::Send(notice)) => self.attempt(&mut schedule, &notice).await,
                Some(Step::Mark(id, delivery)) => {
                    if mark(id, delivery).await {
                        schedule.marked(id);
                    } else {
                        tracing::warn!(notice = %id, "what became of a notice could not be written down; trying again");
                        schedule.unmarked(id, ambient::now());
                    }
                }
                None => {
                    let next = schedule.due().map_or(ask, |due| due.min(ask));
                    if let Some(notice) = self.wait(now, next).await {
                        schedule.add(notice, ambient::now());
                    }
                }
            }
        }
    }

    async fn attempt(&self, schedule: &mut Schedule, notice: &Notice) {
        let result = match self.letterhead.write(notice) {
            Ok(message) => self.transport.deliver(notice, message).await,
            Err(_) => Err(SendFault::Unwritable),
        };
        let now = ambient::now();
        let Err(fault) = result else { return schedule.sent(notice.id, now) };
        let given_up = schedule.failed(notice.id, fault, now);
        let (kind, why) = (notice.kind.as_str(), fault_word(fault));
        if given_up {
            tracing::error!(notice = %notice.id, kind, why, "a notice was given up: the person has not been told");
        } else {
            tracing::warn!(notice = %notice.id, kind, why, "a notice could not be sent; trying again");
        }
    }

    /// Waits for the next notice or until `next`. The bound keeps a clock that is set back from stopping everything.
    async fn wait(&mut self, now: Timestamp, next: Timestamp) -> Option<Notice> {
        let millis = u64::try_from(next.millis_since(now).clamp(1, ASK_MILLIS)).unwrap_or(1);
        let pause = tokio::time::sleep(Duration::from_millis(millis));
        if self.queue.is_closed() && self.queue.is_empty() {
            pause.await;
            return None;
        }
        tokio::select! {
            notice = self.queue.recv() => notice,
            () = pause => None,
        }
    }
}

const fn fault_word(fault: SendFault) -> &'static str {
    match fault {
        SendFault::RelayDown => "the relay can't be used",
        SendFault::Deferred => "the relay puts it off",
        SendFault::Refused => "the relay refuses it",
        SendFault::Unwritable => "no message can be made of it",
    }
}
