//! One counter, and the five that belong to one try.

use model::Timestamp;

use super::{Kind, Scope, pace::Pace};

/// How often something failed. One durable row; a missing row is [`Counter::NONE`], and a row that has become that may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counter {
    /// Failures that are not forgotten yet.
    pub failures: u32,
    /// The moment from which the next failure's forgetting counts; never before what it counts happened, nor after now.
    pub last: Timestamp,
    /// No try is admitted before this moment.
    pub until: Timestamp,
}

impl Counter {
    /// Nothing counted.
    pub const NONE: Self = Self { failures: 0, last: Timestamp::from_millis(0), until: Timestamp::from_millis(0) };

    /// How long the next try must wait, in seconds, rounded up; zero when it need not. A clock that stepped back never makes
    /// it longer than the longest wait.
    pub(super) fn wait_seconds(self, pace: Pace, now: Timestamp) -> u32 {
        let millis = self.until.millis_since(now).max(0);
        let seconds = u32::try_from(millis.saturating_add(999) / 1000).unwrap_or(u32::MAX);
        seconds.min(pace.wait_max_seconds)
    }

    /// This counter with what time has made it forget.
    pub(super) fn at(self, pace: Pace, now: Timestamp) -> Self {
        let failures = self.failures.min(pace.failures_max());
        // A clock that stepped back forgets nothing for the time that it repeats, and goes on from there.
        let last = self.last.min(now);
        let forgotten = now.millis_since(last) / pace.forget_millis;
        match u32::try_from(forgotten) {
            Ok(forgotten) if forgotten < failures => Self {
                failures: failures - forgotten,
                // What is left of an interval is kept, or a counter that is touched often would never forget.
                last: Timestamp::from_millis(last.millis().saturating_add(i64::from(forgotten) * pace.forget_millis)),
                until: self.until,
            },
            Ok(_) | Err(_) => Self { failures: 0, last: now, until: self.until },
        }
    }

    /// One failure more.
    pub(super) fn charged(self, pace: Pace, now: Timestamp) -> Self {
        let counter = self.at(pace, now);
        let failures = (counter.failures + 1).min(pace.failures_max());
        // No wait is none at all, not one until now: requests overtake each other, and one that came a moment earlier would wait for it.
        let until = match pace.wait_seconds(failures) {
            0 => Self::NONE.until,
            seconds => now.plus_seconds(i64::from(seconds)),
        };
        let farthest = now.plus_seconds(i64::from(pace.wait_max_seconds));
        Self { failures, last: counter.last, until: until.max(counter.until.min(farthest)) }
    }

    /// One failure less: the try that was charged was right.
    pub(super) fn credited(self, pace: Pace, now: Timestamp) -> Self {
        let counter = self.at(pace, now);
        let failures = counter.failures.saturating_sub(1);
        let until = now.plus_seconds(i64::from(pace.wait_seconds(failures)));
        Self { failures, last: counter.last, until: counter.until.min(until) }
    }
}

/// The counters that one try looks at, loaded by [`Keys`](super::Keys). What has no key, or no row, is [`Counter::NONE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counters {
    /// Of the person, or of a name that nobody holds.
    pub account: Counter,
    /// The person's failures in a row: only success makes them fewer.
    pub streak: Counter,
    /// Of the address.
    pub address: Counter,
    /// Of the network around it.
    pub network: Counter,
    /// Of everyone together.
    pub everyone: Counter,
}

impl Counters {
    /// Nothing counted anywhere.
    pub const NONE: Self = Self {
        account: Counter::NONE,
        streak: Counter::NONE,
        address: Counter::NONE,
        network: Counter::NONE,
        everyone: Counter::NONE,
    };

    /// The end of the longest wait among them.
    pub(crate) fn until(&self) -> Timestamp {
        let all = [self.account, self.streak, self.address, self.network, self.everyone];
        all.into_iter().map(|counter| counter.until).max().unwrap_or(Counter::NONE.until)
    }

    /// As whoever has paid for their try meets them: a wait that ends no later than the one that their own payment asked of others
    /// keeps them no longer. One that somebody failed for since does.
    pub(crate) fn past(mut self, paid: Timestamp) -> Self {
        for counter in [&mut self.account, &mut self.streak, &mut self.address, &mut self.network, &mut self.everyone] {
            if counter.until <= paid {
                counter.until = Counter::NONE.until;
            }
        }
        self
    }

    /// Each counter that has a pace for this kind of try, changed by `change`.
    pub(super) fn paced(mut self, kind: Kind, change: impl Fn(Counter, Pace) -> Counter) -> Self {
        for (scope, counter) in [
            (Scope::Account, &mut self.account),
            (Scope::Address, &mut self.address),
            (Scope::Network, &mut self.network),
            (Scope::Everyone, &mut self.everyone),
        ] {
            if let Some(pace) = super::pace::pace(scope, kind) {
                *counter = change(*counter, pace);
            }
        }
        self
    }
}
