//! May this be tried now, and what follows from the try.

use model::Timestamp;

use super::{Counter, Counters, Scope, pace::pace};
use crate::limits;

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A password.
    Password,
    /// A one-time code.
    Totp,
    /// A recovery code. It can't be guessed, so the account doesn't count; addresses do.
    RecoveryCode,
    /// A passkey.
    Passkey,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Password, Self::Totp, Self::RecoveryCode, Self::Passkey];

    /// The word used in storage.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
            Self::Passkey => "passkey",
        }
    }
}

/// Whether a try may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Yes.
    Admit,
    /// Not yet. Say so with the seconds: it is the same for a name that nobody holds.
    Wait {
        /// For how long, in whole seconds; at least one, and never more than 15 minutes.
        seconds: u32,
    },
    /// After [`limits::FAILURES_IN_A_ROW_MAX`] failures in a row this person's password and one-time codes rest, until they
    /// sign in with a passkey or the help desk clears the streak. Charge and answer exactly as for a wrong password, after
    /// the same work: a name that nobody holds never rests.
    Rest,
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It failed; or it is about to be made, and is charged beforehand.
    Failed,
    /// It was right, and a further factor is still to come. Takes its charge back and forgives nothing else. Only where the person
    /// hears that it was right anyway: whoever can watch a charge go can tell a right password from a wrong one.
    Passed,
    /// It was right, and with it the sign-in is complete. Takes its charge back, with a second factor also the charge of the password
    /// before it, and ends the failures in a row.
    Proved,
}

/// Judges whether a try of this kind may be made now.
#[must_use]
pub fn admit(counters: &Counters, now: Timestamp, kind: Kind) -> Admission {
    let seconds = match kind {
        Kind::Password | Kind::Totp | Kind::RecoveryCode => {
            [Scope::Account, Scope::Address, Scope::Network, Scope::Everyone]
                .into_iter()
                .map(|scope| wait_seconds(counters, scope, kind, now))
                .max()
                .unwrap_or(0)
        }
        // The person's own address is the one thing that may slow their passkey: whoever fails elsewhere, however often,
        // can't keep them out.
        Kind::Passkey if failures(counters, Scope::Address, kind, now) == 0 => 0,
        Kind::Passkey => [Scope::Address, Scope::Network, Scope::Everyone]
            .into_iter()
            .map(|scope| wait_seconds(counters, scope, kind, now))
            .max()
            .unwrap_or(0),
    };
    if seconds > 0 {
        return Admission::Wait { seconds };
    }
    match kind {
        // NIST SP 800-63B-4 §3.2.2: at most 100 failures in a row for one account, however slowly.
        Kind::Password | Kind::Totp if counters.streak.failures >= limits::FAILURES_IN_A_ROW_MAX => Admission::Rest,
        Kind::Password | Kind::Totp | Kind::RecoveryCode | Kind::Passkey => Admission::Admit,
    }
}

/// The counters after a try. What this kind of try doesn't count comes back unchanged.
#[must_use]
pub fn after(counters: &Counters, outcome: Outcome, now: Timestamp, kind: Kind) -> Counters {
    match outcome {
        Outcome::Failed => {
            let mut after = counters.paced(kind, |counter, pace| counter.charged(pace, now));
            if counts_in_a_row(kind) {
                let failures = counters.streak.failures.saturating_add(1).min(limits::FAILURES_IN_A_ROW_MAX);
                after.streak = Counter { failures, last: now, until: Counter::NONE.until };
            }
            after
        }
        Outcome::Passed => {
            let mut after = counters.paced(kind, |counter, pace| counter.credited(pace, now));
            if counts_in_a_row(kind) {
                after.streak.failures = counters.streak.failures.saturating_sub(1);
            }
            after
        }
        Outcome::Proved => {
            let mut after = counters.paced(kind, |counter, pace| match kind {
                Kind::Password | Kind::Passkey => counter.credited(pace, now),
                Kind::Totp | Kind::RecoveryCode => counter.credited(pace, now).credited(pace, now),
            });
            match kind {
                Kind::Password | Kind::Totp => {
                    after.account = Counter::NONE;
                    after.streak = Counter::NONE;
                }
                // Whoever has the passkey is the person: their password may be tried again.
                Kind::Passkey => after.streak = Counter::NONE,
                Kind::RecoveryCode => {}
            }
            after
        }
    }
}

const fn counts_in_a_row(kind: Kind) -> bool {
    match kind {
        Kind::Password | Kind::Totp => true,
        Kind::RecoveryCode | Kind::Passkey => false,
    }
}

fn wait_seconds(counters: &Counters, scope: Scope, kind: Kind, now: Timestamp) -> u32 {
    pace(scope, kind).map_or(0, |pace| counter(counters, scope).wait_seconds(pace, now))
}

fn failures(counters: &Counters, scope: Scope, kind: Kind, now: Timestamp) -> u32 {
    pace(scope, kind).map_or(0, |pace| counter(counters, scope).at(pace, now).failures)
}

const fn counter(counters: &Counters, scope: Scope) -> Counter {
    match scope {
        Scope::Account => counters.account,
        Scope::Streak => counters.streak,
        Scope::Address => counters.address,
        Scope::Network => counters.network,
        Scope::Everyone => counters.everyone,
    }
}
