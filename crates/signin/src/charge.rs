//! Paying for a guess before it is looked at.
//!
//! The order can't be raced: load the rows, [`charge`], commit; only the [`Charged`] that comes of it lets a password or
//! a code be judged. A right guess takes its charge back with [`settle`], in a set of its own: when that one loses a
//! race again and again, somebody counts one failure too many for a while, and nobody signs in for free.
//!
//! Passkeys are never charged here. A stranger who fails at somebody's password must not come between that person and
//! their passkey.

use model::{Decision, Outcome, Timestamp, decision::NoQuestion};

use crate::{
    Change, Refusal,
    fallback::{Named, TakenCode},
    throttle::{self, Admission, Counter, Counters, Keys, Kind, Scope},
};

/// The rows that one guess counts in, as loaded. A row that is not there is [`Counter::NONE`].
#[derive(Debug, Clone)]
pub struct CounterRows {
    /// Their keys.
    pub keys: Keys,
    /// What they hold.
    pub counters: Counters,
}

/// One guess was paid for. Only [`charge`] makes one.
#[derive(Debug)]
#[must_use = "the guess is paid for; judge it"]
pub struct Charged {
    kind: Kind,
    named: Named,
    resting: bool,
    /// Until when this payment makes others wait.
    until: Timestamp,
}

impl Charged {
    /// Whether this pays for a guess of this kind at this account.
    #[must_use]
    pub(crate) fn pays(&self, kind: Kind, named: Named) -> bool {
        self.kind == kind && self.named == named
    }

    /// The method rests: the guess is judged like any other, and is never right.
    #[must_use]
    pub(crate) const fn resting(&self) -> bool {
        self.resting
    }

    /// Until when it makes others wait: the code of the same journey need not.
    #[must_use]
    pub(crate) const fn until(&self) -> Timestamp {
        self.until
    }
}

/// Pays for one guess, as if it had failed already. Commit, and only then judge it; when the commit loses a race, load
/// the rows again and ask again.
///
/// Refused with [`Refusal::Throttled`] while the account, the address or its network must wait.
pub fn charge(
    kind: Kind,
    named: Named,
    rows: &CounterRows,
    now: Timestamp,
) -> Decision<Charged, Refusal, NoQuestion, Change> {
    charged(kind, named, rows, &rows.counters, now)
}

/// Pays for a code in the journey whose password was paid for already: as [`charge`], but what that payment asked of others to wait does
/// not keep this journey waiting. Otherwise nobody could type both while the account is slowed down, and a stranger who fails a few times
/// an hour would keep a person out for good.
///
/// One password lets one code be tried, and each code that fails makes every other journey wait again: nobody tries more codes than
/// they were let type passwords.
pub fn charge_code(
    kind: Kind,
    taken: &TakenCode,
    rows: &CounterRows,
    now: Timestamp,
) -> Decision<Charged, Refusal, NoQuestion, Change> {
    charged(kind, taken.named(), rows, &rows.counters.past(taken.paid_until), now)
}

fn charged(
    kind: Kind,
    named: Named,
    rows: &CounterRows,
    met: &Counters,
    now: Timestamp,
) -> Decision<Charged, Refusal, NoQuestion, Change> {
    let resting = match throttle::admit(met, now, kind) {
        Admission::Admit => false,
        Admission::Rest => true,
        Admission::Wait { seconds } => return Decision::Refused(Outcome::plain(Refusal::Throttled { seconds })),
    };
    let changes = differences(kind, rows, throttle::Outcome::Failed, now);
    let until = throttle::after(&rows.counters, throttle::Outcome::Failed, now, kind).until();
    Decision::Done(Outcome { reply: Charged { kind, named, resting, until }, changes, audit: Vec::new() })
}

/// Forgets rows that no longer say anything. Commit now and then; the table has no other bound.
#[must_use]
pub fn sweep(now: Timestamp) -> Vec<Change> {
    let stale = |scope| throttle::stale_before(scope, now).map(|before| Change::SweepCounters { scope, before });
    Scope::ALL.into_iter().filter_map(stale).collect()
}

/// Takes a charge back after a right guess. `rows` are loaded anew; commit in a set of its own, and at most try again.
#[must_use]
pub fn settle(kind: Kind, outcome: throttle::Outcome, rows: &CounterRows, now: Timestamp) -> Vec<Change> {
    differences(kind, rows, outcome, now)
}

fn differences(kind: Kind, rows: &CounterRows, outcome: throttle::Outcome, now: Timestamp) -> Vec<Change> {
    let (keys, before) = (&rows.keys, &rows.counters);
    let after = throttle::after(before, outcome, now, kind);
    let each: [(Option<[u8; 32]>, Scope, Counter, Counter); 5] = [
        (keys.account, Scope::Account, before.account, after.account),
        (keys.streak, Scope::Streak, before.streak, after.streak),
        (Some(keys.address), Scope::Address, before.address, after.address),
        (Some(keys.network), Scope::Network, before.network, after.network),
        (Some(keys.everyone), Scope::Everyone, before.everyone, after.everyone),
    ];
    let mut changes = Vec::new();
    for (key, scope, before, after) in each {
        if let Some(key) = key
            && before != after
        {
            changes.push(Change::SetCounter { key, scope, before, after });
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use crypto::HashKey;
    use model::PersonId;

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
    const NAMED: Named = Named::Person(PersonId::from_bytes([3; 16]));

    fn rows(counters: Counters) -> CounterRows {
        let address = std::net::IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));
        CounterRows { keys: Keys::of(Kind::Password, &NAMED.account(), address, &HashKey::new(&[1; 32])), counters }
    }

    #[test]
    fn a_guess_is_paid_for_before_and_paid_back_after() {
        let Decision::Done(paid) = charge(Kind::Password, NAMED, &rows(Counters::NONE), NOW) else {
            panic!("the first guess waits")
        };
        assert!(!paid.reply.resting() && paid.reply.pays(Kind::Password, NAMED));
        let mut counters = Counters::NONE;
        let mut scopes = Vec::new();
        for change in &paid.changes {
            let Change::SetCounter { scope, before, after, .. } = change else { panic!("{change:?}") };
            assert_eq!((before, after.failures), (&Counter::NONE, 1));
            scopes.push(*scope);
            match scope {
                Scope::Account => counters.account = *after,
                Scope::Streak => counters.streak = *after,
                Scope::Address => counters.address = *after,
                Scope::Network => counters.network = *after,
                Scope::Everyone => counters.everyone = *after,
            }
        }
        assert_eq!(scopes, Scope::ALL);
        for change in settle(Kind::Password, throttle::Outcome::Proved, &rows(counters), NOW) {
            assert!(matches!(change, Change::SetCounter { after: Counter { failures: 0, .. }, .. }), "{change:?}");
        }
    }

    #[test]
    fn old_rows_are_swept_but_failures_in_a_row_stay() {
        let swept: Vec<Scope> = sweep(NOW)
            .iter()
            .map(|change| match change {
                Change::SweepCounters { scope, before } if *before < NOW => *scope,
                other => panic!("{other:?}"),
            })
            .collect();
        assert!(swept.contains(&Scope::Account) && swept.contains(&Scope::Address));
        assert!(!swept.contains(&Scope::Streak));
    }
}
