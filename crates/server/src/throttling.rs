//! Paying for guesses: the durable counters of passwords and codes, and the counters of passkeys, which live in memory.
//!
//! A guess is paid for as if it had failed, and the payment is on disk, before the secret is looked at (see `signin::throttle`).

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use model::{Decision, PersonId, Timestamp, decision::NoQuestion};
use signin::{
    Charged, CounterRows, Named, Refusal, TakenCode,
    throttle::{self, Account, Admission, Counter, Counters, Keys, Kind},
};
use store::{ChangeSet, CommitError, ReadError};

use crate::{ambient, commit::commit, memory::bounded::Bounded, state::App};

/// Times that a lost race is decided again. Many guesses at once race for the same rows; who loses so often may come back.
const ROUNDS_MAX: u8 = 8;
/// Address counters of passkeys kept in memory at the most.
const KNOCKS_MAX: usize = 50_000;
/// How long such a counter is kept without another failure, in seconds.
const KNOCK_SECONDS: i64 = 3600;

/// Pays for one guess of this kind at this account from this address.
pub(crate) async fn charge(
    app: &App,
    kind: Kind,
    named: Named,
    address: IpAddr,
    now: Timestamp,
) -> Result<Charged, Refusal> {
    paid(app, kind, named, address, now, |rows| signin::charge(kind, named, rows, now)).await
}

/// Pays for the code of a journey whose password was paid for.
pub(crate) async fn charge_code(
    app: &App,
    kind: Kind,
    taken: &TakenCode,
    address: IpAddr,
    now: Timestamp,
) -> Result<Charged, Refusal> {
    paid(app, kind, taken.named(), address, now, |rows| signin::charge_code(kind, taken, rows, now)).await
}

async fn paid(
    app: &App,
    kind: Kind,
    named: Named,
    address: IpAddr,
    now: Timestamp,
    decide: impl Fn(&CounterRows) -> Decision<Charged, Refusal, NoQuestion, signin::Change>,
) -> Result<Charged, Refusal> {
    for _ in 0..ROUNDS_MAX {
        let rows = rows(app, kind, &named.account(), address).map_err(unreadable)?;
        let outcome = match decide(&rows) {
            Decision::Done(outcome) => outcome,
            Decision::Refused(outcome) => return Err(outcome.reply),
            Decision::Need(question) => match question {},
        };
        match commit(app, ChangeSet::new(now, outcome.changes, outcome.audit)).await {
            Ok(()) => return Ok(outcome.reply),
            Err(CommitError::Lost(_)) => {}
            Err(CommitError::Failed) => return Err(Refusal::Unavailable),
        }
    }
    Err(Refusal::Unavailable)
}

/// Takes a charge back after a right guess, without anybody waiting for it. A charge that stays by mischance slows the person down a
/// little and fades by itself.
pub(crate) fn settle(app: &Arc<App>, kind: Kind, named: Named, address: IpAddr, outcome: throttle::Outcome) {
    let app = app.clone();
    tokio::spawn(async move {
        for _ in 0..ROUNDS_MAX {
            let now = ambient::now();
            let Ok(rows) = rows(&app, kind, &named.account(), address) else { return };
            let changes = signin::settle(kind, outcome, &rows, now);
            match commit(&app, ChangeSet::new(now, changes, Vec::new())).await {
                Err(CommitError::Lost(_)) => {}
                Ok(()) | Err(CommitError::Failed) => return,
            }
        }
    });
}

fn rows(app: &App, kind: Kind, account: &Account, address: IpAddr) -> Result<CounterRows, ReadError> {
    let keys = Keys::of(kind, account, address, &app.hashes.signin);
    let of = |key: Option<[u8; 32]>| key.map_or(Ok(Counter::NONE), |key| app.store.counter(&key));
    let counters = Counters {
        account: of(keys.account)?,
        streak: of(keys.streak)?,
        address: of(Some(keys.address))?,
        network: of(Some(keys.network))?,
        everyone: of(Some(keys.everyone))?,
    };
    Ok(CounterRows { keys, counters })
}

/// The key of a person's row of failures in a row, if there is such a row: their passkey ends a password's rest.
pub(crate) fn streak(app: &App, person: PersonId) -> Result<Option<[u8; 32]>, ReadError> {
    let key = Keys::streak_of(person, &app.hashes.signin);
    Ok((app.store.counter(&key)? != Counter::NONE).then_some(key))
}

/// Forgets counters that say nothing any more.
pub(crate) async fn sweep(app: &App) {
    let now = ambient::now();
    if commit(app, ChangeSet::new(now, signin::sweep(now), Vec::new())).await.is_err() {
        tracing::warn!("stale counters could not be forgotten; trying again later");
    }
}

fn unreadable(error: ReadError) -> Refusal {
    tracing::error!(%error, "failed to read the counters of failed tries");
    Refusal::Unavailable
}

/// Failed passkey answers by address. They only slow addresses down that fail a lot: no person and no name is ever shut out by them.
pub(crate) struct Knocks {
    counters: Mutex<Bounded<[u8; 32], Counter>>,
}

impl Knocks {
    pub(crate) fn new() -> Self {
        Self { counters: Mutex::new(Bounded::new(KNOCKS_MAX)) }
    }

    /// Whether an answer from here is looked at, and counts it as failed until [`Self::proved`] says otherwise.
    pub(crate) fn admit(&self, app: &App, address: IpAddr, now: Timestamp) -> Result<(), Refusal> {
        let keys = Keys::of(Kind::Passkey, &Account::Unnamed, address, &app.hashes.signin);
        let mut counters = self.lock();
        let found = load(&counters, &keys, now);
        match throttle::admit(&found, now, Kind::Passkey) {
            Admission::Admit | Admission::Rest => {}
            Admission::Wait { seconds } => return Err(Refusal::Throttled { seconds }),
        }
        keep(&mut counters, &keys, throttle::after(&found, throttle::Outcome::Failed, now, Kind::Passkey), now);
        Ok(())
    }

    /// The answer was right: what was counted for it is taken back.
    pub(crate) fn proved(&self, app: &App, address: IpAddr, now: Timestamp) {
        let keys = Keys::of(Kind::Passkey, &Account::Unnamed, address, &app.hashes.signin);
        let mut counters = self.lock();
        let found = load(&counters, &keys, now);
        keep(&mut counters, &keys, throttle::after(&found, throttle::Outcome::Proved, now, Kind::Passkey), now);
    }

    fn lock(&self) -> MutexGuard<'_, Bounded<[u8; 32], Counter>> {
        self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn load(counters: &Bounded<[u8; 32], Counter>, keys: &Keys, now: Timestamp) -> Counters {
    let of = |key: &[u8; 32]| counters.get(key, now).copied().unwrap_or(Counter::NONE);
    Counters {
        account: Counter::NONE,
        streak: Counter::NONE,
        address: of(&keys.address),
        network: of(&keys.network),
        everyone: of(&keys.everyone),
    }
}

fn keep(counters: &mut Bounded<[u8; 32], Counter>, keys: &Keys, after: Counters, now: Timestamp) {
    for (key, counter) in
        [(keys.address, after.address), (keys.network, after.network), (keys.everyone, after.everyone)]
    {
        if counter == Counter::NONE {
            counters.remove(&key, now);
        } else if let Some(kept) = counters.get_mut(&key, now) {
            *kept = counter;
        } else {
            let kept = counters.insert(key, counter, now.plus_seconds(KNOCK_SECONDS), now, |_| true);
            debug_assert!(kept.is_ok(), "any counter may leave");
        }
    }
}
