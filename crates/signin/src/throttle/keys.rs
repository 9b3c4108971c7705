//! Where the counters of one try are kept: keyed hashes, so that the store holds neither addresses nor names.

use std::net::IpAddr;

use crypto::HashKey;
use model::{PersonId, Timestamp};

use super::{Kind, pace};

/// What a counter counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// One person, or one name that nobody holds.
    Account,
    /// One person's failures in a row.
    Streak,
    /// One address.
    Address,
    /// The network around an address.
    Network,
    /// Everyone.
    Everyone,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 5] = [Self::Account, Self::Streak, Self::Address, Self::Network, Self::Everyone];

    /// The word used in storage.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Streak => "streak",
            Self::Address => "address",
            Self::Network => "network",
            Self::Everyone => "everyone",
        }
    }

    /// Reads the word written by [`Self::as_str`].
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }
}

/// Whose account a try is made on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Account {
    /// A person's, by whichever of their names.
    Person(PersonId),
    /// Nobody's: the keyed hash of the name that was typed (see [`SigninName::hash`](crate::SigninName::hash)).
    UnknownName([u8; 32]),
    /// It isn't known yet: a passkey says so itself.
    Unnamed,
}

/// The keys of the counters of one try. `None` where nothing is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Keys {
    /// [`Scope::Account`].
    pub account: Option<[u8; 32]>,
    /// [`Scope::Streak`].
    pub streak: Option<[u8; 32]>,
    /// [`Scope::Address`].
    pub address: [u8; 32],
    /// [`Scope::Network`].
    pub network: [u8; 32],
    /// [`Scope::Everyone`].
    pub everyone: [u8; 32],
}

impl Keys {
    /// The keys for a try of this `kind` on `account` from `address`, the visitor's own (not a proxy's).
    ///
    /// For a passkey, `account` matters after it was proved: a person's failures in a row end then.
    #[must_use]
    pub fn of(kind: Kind, account: &Account, address: IpAddr, key: &HashKey) -> Self {
        let lane: &[u8] = match kind {
            Kind::Password | Kind::Totp | Kind::RecoveryCode => b"typed",
            Kind::Passkey => b"passkey",
        };
        let of = |scope: Scope, what: &[u8]| key.hash("throttle", &[lane, scope.as_str().as_bytes(), what]);
        let (counted, streak) = match (kind, account) {
            (Kind::Password | Kind::Totp, Account::Person(person)) => {
                (Some(of(Scope::Account, person.as_bytes())), Some(streak_of(*person, key)))
            }
            (Kind::Password | Kind::Totp, Account::UnknownName(hash)) => (Some(of(Scope::Account, hash)), None),
            (Kind::Passkey, Account::Person(person)) => (None, Some(streak_of(*person, key))),
            (Kind::Passkey, Account::UnknownName(_)) | (Kind::RecoveryCode, _) | (_, Account::Unnamed) => (None, None),
        };
        let (address, network) = blocks(address);
        Self {
            account: counted,
            streak,
            address: of(Scope::Address, &address),
            network: of(Scope::Network, &network),
            everyone: of(Scope::Everyone, &[]),
        }
    }

    /// The key of a person's failures in a row, for a help desk that ends their rest, and for erasing a person.
    #[must_use]
    pub fn streak_of(person: PersonId, key: &HashKey) -> [u8; 32] {
        streak_of(person, key)
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

fn streak_of(person: PersonId, key: &HashKey) -> [u8; 32] {
    key.hash("throttle", &[b"typed", Scope::Streak.as_str().as_bytes(), person.as_bytes()])
}

/// What counts as one address and as one network: an IPv4 address and its /24; an IPv6 /64, which is what one household
/// gets to choose addresses from, and its /48. With a version byte and a length, so that none is another.
fn blocks(address: IpAddr) -> (Vec<u8>, Vec<u8>) {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let octets = v4.octets();
            ([&[4], &octets[..]].concat(), [&[4], &octets[..3]].concat())
        }
        IpAddr::V6(v6) => {
            let octets = v6.octets();
            ([&[6], &octets[..8]].concat(), [&[6], &octets[..6]].concat())
        }
    }
}

/// Counters of this scope whose `last` is earlier tell nothing any more and may be swept; `None` for failures in a row,
/// which time does not mend. The store keeps the scope's word beside each counter for this.
///
/// Rows are bounded by what is swept: each needs an admitted try, and the scope of everyone limits those.
#[must_use]
pub fn stale_before(scope: Scope, now: Timestamp) -> Option<Timestamp> {
    [Kind::Password, Kind::Passkey]
        .into_iter()
        .filter_map(|kind| pace::pace(scope, kind))
        .map(|pace| pace.memory_millis())
        .max()
        .map(|millis| Timestamp::from_millis(now.millis().saturating_sub(millis)))
}
