//! How fast each scope may fail: a table of numbers, and what follows from them.

use super::{Kind, Scope};

/// How one counter slows down and forgets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// Failures without consequence.
    pub(super) free: u32,
    /// The wait after the first failure beyond, in seconds. It doubles with each further one.
    pub(super) wait_first_seconds: u32,
    /// The longest wait, in seconds.
    pub(super) wait_max_seconds: u32,
    /// After how long one failure is forgotten, in milliseconds.
    pub(super) forget_millis: i64,
}

impl Pace {
    /// The wait that this many failures ask for, in seconds.
    pub(super) const fn wait_seconds(self, failures: u32) -> u32 {
        if failures <= self.free {
            return 0;
        }
        let doublings = failures - self.free - 1;
        if doublings >= u32::BITS || self.wait_first_seconds > self.wait_max_seconds >> doublings {
            self.wait_max_seconds
        } else {
            self.wait_first_seconds << doublings
        }
    }

    /// Failures beyond which more would change nothing: the first count with the longest wait. What isn't counted needn't
    /// be forgotten, so every attack is forgotten within a known time.
    pub(super) const fn failures_max(self) -> u32 {
        let mut failures = self.free + 1;
        while self.wait_seconds(failures) < self.wait_max_seconds {
            failures += 1;
        }
        failures
    }

    /// How long a counter tells anything after its last failure, in milliseconds.
    pub(super) const fn memory_millis(self) -> i64 {
        self.failures_max() as i64 * self.forget_millis + self.wait_max_seconds as i64 * 1000
    }
}

/// The account, for what is typed: five failures are free, then 2 s, 4 s, … up to 15 minutes; one is forgotten every 15
/// minutes. A patient attacker gets about a hundred tries a day, and then the password rests.
const ACCOUNT: Pace = Pace { free: 5, wait_first_seconds: 2, wait_max_seconds: 15 * 60, forget_millis: 15 * 60 * 1000 };

/// An address, for what is typed. An office behind one address mistypes a password a minute for free.
const TYPED_ADDRESS: Pace =
    Pace { free: 30, wait_first_seconds: 2, wait_max_seconds: 15 * 60, forget_millis: 60 * 1000 };
/// The network around it.
const TYPED_NETWORK: Pace =
    Pace { free: 300, wait_first_seconds: 2, wait_max_seconds: 5 * 60, forget_millis: 10 * 1000 };
/// Everyone, for what is typed: a brake on one guess each at a thousand accounts from a thousand addresses. It slows every
/// password in the house while such a flood lasts, and no passkey.
const TYPED_EVERYONE: Pace = Pace { free: 1000, wait_first_seconds: 1, wait_max_seconds: 10, forget_millis: 500 };

/// An address, for passkeys: nothing can be guessed, so this only keeps us from verifying nonsense all day.
const PASSKEY_ADDRESS: Pace = Pace { free: 60, wait_first_seconds: 1, wait_max_seconds: 60, forget_millis: 2000 };
/// The network around it; looked at only for an address that has failures itself.
const PASSKEY_NETWORK: Pace = Pace { free: 600, wait_first_seconds: 1, wait_max_seconds: 30, forget_millis: 200 };
/// Everyone, for passkeys; likewise.
const PASSKEY_EVERYONE: Pace = Pace { free: 10_000, wait_first_seconds: 1, wait_max_seconds: 5, forget_millis: 10 };

/// The pace of one scope for one kind of try; `None` where the two have nothing to do with each other, and for failures in
/// a row, which have no pace.
pub(super) const fn pace(scope: Scope, kind: Kind) -> Option<Pace> {
    match (scope, kind) {
        (Scope::Account, Kind::Password | Kind::Totp) => Some(ACCOUNT),
        (Scope::Account, Kind::RecoveryCode | Kind::Passkey) | (Scope::Streak, _) => None,
        (Scope::Address, Kind::Password | Kind::Totp | Kind::RecoveryCode) => Some(TYPED_ADDRESS),
        (Scope::Network, Kind::Password | Kind::Totp | Kind::RecoveryCode) => Some(TYPED_NETWORK),
        (Scope::Everyone, Kind::Password | Kind::Totp | Kind::RecoveryCode) => Some(TYPED_EVERYONE),
        (Scope::Address, Kind::Passkey) => Some(PASSKEY_ADDRESS),
        (Scope::Network, Kind::Passkey) => Some(PASSKEY_NETWORK),
        (Scope::Everyone, Kind::Passkey) => Some(PASSKEY_EVERYONE),
    }
}
