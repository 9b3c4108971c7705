//! Which notice is tried when. Pure: the time is given.
//!
//! A relay that can't be reached holds everything up, so one slow failure is not repeated for each message that waits. A relay that refuses
//! one message holds up that message only.

use std::collections::{HashMap, VecDeque};

use model::{NoticeId, Timestamp};

use super::worker::{Delivery, Notice};

/// Most notices held here; the others stay rows in the store until there is room.
pub(super) const HELD_MAX: usize = 1024;
/// Most ids of finished notices remembered: more than the queue holds, so what waits in it can't come back as new.
const FINISHED_MAX: usize = 4096;

/// How long to wait, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// After the relay could not be reached, doubled each time up to `relay_max`.
    pub(super) relay_first: i64,
    pub(super) relay_max: i64,
    /// After a message was put off, doubled each time up to `message_max`.
    pub(super) message_first: i64,
    pub(super) message_max: i64,
    /// Between attempts at a message that was refused.
    pub(super) refused: i64,
    /// Between attempts at writing down that a message left.
    pub(super) mark: i64,
    /// How long a refused message, and any message, is tried.
    pub(super) refused_for: i64,
    pub(super) tried_for: i64,
}

impl Pace {
    pub(super) const PRODUCTION: Self = Self {
        relay_first: 5_000,
        relay_max: 15 * 60_000,
        message_first: 60_000,
        message_max: 60 * 60_000,
        refused: 60 * 60_000,
        mark: 5_000,
        refused_for: 24 * 60 * 60_000,
        tried_for: 3 * 24 * 60 * 60_000,
    };
}

/// Why a message did not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SendFault {
    /// The relay (or the folder) can't be used at all just now: no connection, no TLS, our credentials are refused.
    RelayDown,
    /// The relay puts this message off (a 4xx reply).
    Deferred,
    /// The relay refuses this message (a 5xx reply). It may be the recipient's fault or a mistake in the relay's settings, so it is tried
    /// again for a while.
    Refused,
    /// No message can be made of this notice.
    Unwritable,
}

/// The notices that wait, and when each is next.
pub(super) struct Schedule {
    pace: Pace,
    held: HashMap<NoticeId, Held>,
    finished: VecDeque<NoticeId>,
    relay_failures: u32,
    relay_closed_until: Timestamp,
}

struct Held {
    notice: Notice,
    since: Timestamp,
    failures: u32,
    next: Timestamp,
    /// Set once it has left or was given up: all that remains is writing that down.
    outcome: Option<Delivery>,
}

/// What is to be done next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Try to send it.
    Send(Notice),
    /// Write down what became of it.
    Mark(NoticeId, Delivery),
}

impl Schedule {
    pub(super) fn new(pace: Pace) -> Self {
        Self {
            pace,
            held: HashMap::new(),
            finished: VecDeque::new(),
            relay_failures: 0,
            relay_closed_until: Timestamp::default(),
        }
    }

    /// How many more notices there is room for.
    pub(super) fn room(&self) -> usize {
        HELD_MAX - self.held.len()
    }

    /// Takes a notice in, unless it is held or finished already, or there is no room.
    pub(super) fn add(&mut self, notice: Notice, now: Timestamp) {
        if self.room() == 0 || self.held.contains_key(&notice.id) || self.finished.contains(&notice.id) {
            return;
        }
        self.held.insert(notice.id, Held { notice, since: now, failures: 0, next: now, outcome: None });
    }

    /// What is to be done now, the longest waiting first.
    pub(super) fn step(&self, now: Timestamp) -> Option<Step> {
        let (next, held) = self
            .held
            .values()
            .map(|held| (self.next(held), held))
            .min_by_key(|(next, held)| (*next, held.notice.id))?;
        if next > now {
            return None;
        }
        Some(match held.outcome {
            Some(outcome) => Step::Mark(held.notice.id, outcome),
            None => Step::Send(held.notice.clone()),
        })
    }

    /// When there is something to be done, if ever.
    pub(super) fn due(&self) -> Option<Timestamp> {
        self.held.values().map(|held| self.next(held)).min()
    }

    fn next(&self, held: &Held) -> Timestamp {
        match held.outcome {
            Some(_) => held.next,
            None => held.next.max(self.relay_closed_until),
        }
    }

    /// It has left.
    pub(super) fn sent(&mut self, id: NoticeId, now: Timestamp) {
        self.relay_failures = 0;
        self.conclude(id, Delivery::Sent, now);
    }

    /// It has not left. Whether it was given up with this.
    pub(super) fn failed(&mut self, id: NoticeId, fault: SendFault, now: Timestamp) -> bool {
        let pace = self.pace;
        let Some(held) = self.held.get_mut(&id) else { return false };
        let tried_for = now.millis_since(held.since);
        let (wait, tried_for_max) = match fault {
            SendFault::Unwritable => (0, 0),
            SendFault::Refused => (pace.refused, pace.refused_for),
            SendFault::Deferred => (doubled(pace.message_first, held.failures, pace.message_max), pace.tried_for),
            SendFault::RelayDown => {
                let wait = doubled(pace.relay_first, self.relay_failures, pace.relay_max);
                self.relay_failures = self.relay_failures.saturating_add(1);
                self.relay_closed_until = plus(now, wait);
                (wait, pace.tried_for)
            }
        };
        if !matches!(fault, SendFault::RelayDown) {
            held.failures = held.failures.saturating_add(1);
            self.relay_failures = 0;
        }
        held.next = plus(now, wait);
        let given_up = tried_for >= tried_for_max;
        if given_up {
            self.conclude(id, Delivery::Undeliverable, now);
        }
        given_up
    }

    fn conclude(&mut self, id: NoticeId, outcome: Delivery, now: Timestamp) {
        if let Some(held) = self.held.get_mut(&id) {
            held.outcome = Some(outcome);
            held.next = now;
        }
    }

    /// Its outcome is written down.
    pub(super) fn marked(&mut self, id: NoticeId) {
        if self.held.remove(&id).is_some() {
            self.finished.push_back(id);
            if self.finished.len() > FINISHED_MAX {
                self.finished.pop_front();
            }
        }
    }

    /// Its outcome could not be written down.
    pub(super) fn unmarked(&mut self, id: NoticeId, now: Timestamp) {
        if let Some(held) = self.held.get_mut(&id) {
            held.next = plus(now, self.pace.mark);
        }
    }
}

fn doubled(first: i64, times: u32, max: i64) -> i64 {
    first.saturating_mul(1 << times.min(30)).min(max)
}

pub(super) fn plus(at: Timestamp, millis: i64) -> Timestamp {
    Timestamp::from_millis(at.millis().saturating_add(millis))
}

#[cfg(test)]
mod tests {
    use model::NoticeKind;

    use super::{super::recipient::Recipient, *};

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

    fn notice(id: u16) -> Notice {
        let mut bytes = [0; 16];
        bytes[..2].copy_from_slice(&id.to_be_bytes());
        let to = Recipient::parse("grace@example.org").unwrap();
        Notice { id: NoticeId::from_bytes(bytes), kind: NoticeKind::PasskeyAdded, at: NOW, to }
    }

    fn with(ids: &[u16]) -> Schedule {
        let mut schedule = Schedule::new(Pace::PRODUCTION);
        ids.iter().for_each(|id| schedule.add(notice(*id), NOW));
        schedule
    }

    #[test]
    fn sent_then_marked_then_forgotten() {
        let mut schedule = with(&[1]);
        let id = notice(1).id;
        assert_eq!(schedule.step(NOW), Some(Step::Send(notice(1))));
        schedule.sent(id, NOW);
        assert_eq!(schedule.step(NOW), Some(Step::Mark(id, Delivery::Sent)));
        schedule.unmarked(id, NOW);
        assert_eq!(schedule.step(NOW), None, "never sent again because it could not be marked");
        let later = schedule.due().unwrap();
        assert_eq!(schedule.step(later), Some(Step::Mark(id, Delivery::Sent)));
        schedule.marked(id);
        schedule.add(notice(1), later);
        assert_eq!(schedule.due(), None, "what waited in the queue meanwhile is not sent twice");
    }

    #[test]
    fn a_relay_that_is_down_is_tried_with_one_message_at_growing_distances() {
        let mut schedule = with(&[1, 2, 3]);
        let mut now = NOW;
        let mut waits = Vec::new();
        for _ in 0..10 {
            let Some(Step::Send(tried)) = schedule.step(now) else { panic!("something is due") };
            assert!(!schedule.failed(tried.id, SendFault::RelayDown, now));
            assert_eq!(schedule.step(now), None, "the others wait as well");
            let next = schedule.due().unwrap();
            waits.push(next.millis_since(now) / 1000);
            now = next;
        }
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
        let Some(Step::Send(tried)) = schedule.step(now) else { panic!("something is due") };
        schedule.sent(tried.id, now);
        assert!(matches!(schedule.step(now), Some(Step::Send(_) | Step::Mark(..))), "it is back");
    }

    #[test]
    fn a_message_that_is_put_off_holds_up_nobody() {
        let mut schedule = with(&[1, 2]);
        schedule.failed(notice(1).id, SendFault::Deferred, NOW);
        assert_eq!(schedule.step(NOW), Some(Step::Send(notice(2))));
        schedule.sent(notice(2).id, NOW);
        schedule.marked(notice(2).id);
        assert_eq!(schedule.due(), Some(NOW.plus_seconds(60)));
    }

    #[test]
    fn a_message_is_given_up_in_the_end() {
        for (fault, days) in [(SendFault::Refused, 1), (SendFault::Deferred, 3), (SendFault::RelayDown, 3)] {
            let mut schedule = with(&[1]);
            let mut now = NOW;
            while !schedule.failed(notice(1).id, fault, now) {
                now = schedule.due().unwrap();
            }
            let tried_for = now.millis_since(NOW) / 1000;
            let day = 24 * 60 * 60;
            assert!((days * day..days * day + 3601).contains(&tried_for), "{fault:?} {tried_for}");
            assert_eq!(schedule.step(now), Some(Step::Mark(notice(1).id, Delivery::Undeliverable)));
        }
        let mut schedule = with(&[1]);
        assert!(schedule.failed(notice(1).id, SendFault::Unwritable, NOW), "no second try can help");
    }

    #[test]
    fn what_is_held_has_a_bound() {
        let mut schedule = Schedule::new(Pace::PRODUCTION);
        (0..2000).for_each(|id| schedule.add(notice(id), NOW));
        assert_eq!((schedule.room(), schedule.held.len()), (0, HELD_MAX));
    }
}
