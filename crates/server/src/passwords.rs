//! The pool in which passwords are checked and hashed: at most a few at once, few waiting, and never on the threads that answer requests.
//!
//! Argon2id costs some twenty milliseconds and nineteen megabytes on purpose. A flood of passwords must cost the flood and nobody else:
//! the pool is bounded, whoever finds it full is told to come back (503 with `Retry-After`), and tokens are issued meanwhile.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use crypto::password::{Params, Password, StoredHash, hash, verify};
use model::Secret;
use signin::{
    CheckPassword, PasswordChecked, PasswordToCheck,
    password::{BreachLookup, BreachVerdict},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::breach_list;

/// Longest wait for a turn. Who waits longer is better served by being told.
const WAIT_MAX: Duration = Duration::from_secs(3);
/// Requests that may wait for each thread of the pool: under a second's work.
const WAITING_PER_THREAD: usize = 32;

/// The pool.
#[derive(Debug)]
pub struct PasswordPool {
    threads: Arc<Semaphore>,
    waiting: AtomicUsize,
    waiting_max: usize,
    cost: Params,
    breaches: Option<PathBuf>,
    computations: Arc<AtomicU64>,
}

/// All threads are busy and enough others wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

/// The work could not be done: a thread broke off, or a configured list can't be read. Fail closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken;

/// A turn in the pool. Hold it from before a guess is paid for until it is judged.
pub(crate) struct Turn<'a> {
    pool: &'a PasswordPool,
    permit: Arc<OwnedSemaphorePermit>,
}

impl PasswordPool {
    /// A pool of one thread less than there are cores, at least one, so that a core is always left for everything else.
    pub(crate) fn new(cost: Params, breaches: Option<PathBuf>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::with_threads(cores.saturating_sub(1).max(1), cost, breaches)
    }

    fn with_threads(threads: usize, cost: Params, breaches: Option<PathBuf>) -> Self {
        Self {
            threads: Arc::new(Semaphore::new(threads)),
            waiting: AtomicUsize::new(0),
            waiting_max: threads * WAITING_PER_THREAD,
            cost,
            breaches,
            computations: Arc::default(),
        }
    }

    /// How many passwords were hashed or checked since the start, whatever came of them.
    #[must_use]
    pub fn computations(&self) -> u64 {
        self.computations.load(Ordering::Relaxed)
    }

    /// A turn, when one comes soon.
    pub(crate) async fn turn(&self) -> Result<Turn<'_>, Full> {
        let permit = match self.threads.clone().try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => self.wait().await?,
        };
        Ok(Turn { pool: self, permit: Arc::new(permit) })
    }

    async fn wait(&self) -> Result<OwnedSemaphorePermit, Full> {
        let _place = Place::take(&self.waiting, self.waiting_max)?;
        match tokio::time::timeout(WAIT_MAX, self.threads.clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(Full),
        }
    }
}

/// A place in the queue, given back however the waiting ends.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, most: usize) -> Result<Self, Full> {
        let place = Self(waiting);
        if waiting.fetch_add(1, Ordering::Relaxed) < most { Ok(place) } else { Err(Full) }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Turn<'_> {
    /// Checks a typed password, and hashes it anew where the stored hash is right but cheaper than ours.
    pub(crate) async fn check(
        &self,
        typed: &Arc<Password>,
        question: CheckPassword,
    ) -> Result<PasswordChecked, Broken> {
        let (typed, cost, computations) = (typed.clone(), self.pool.cost, self.pool.computations.clone());
        self.run(move || {
            computations.fetch_add(1, Ordering::Relaxed);
            let stored = match &question.against {
                PasswordToCheck::Stored(text) => StoredHash::parse(text.expose()).ok(),
                PasswordToCheck::Dummy => None,
            };
            let Some(stored) = stored else {
                let dummy = verify(&StoredHash::dummy(cost), &typed, cost);
                debug_assert!(!dummy.ok, "the dummy never matches");
                return PasswordChecked { right: false, rehashed: None };
            };
            let verified = verify(&stored, &typed, cost);
            let rehashed = (verified.ok && verified.needs_upgrade).then(|| {
                computations.fetch_add(1, Ordering::Relaxed);
                hash(&typed, question.salt, cost).to_text()
            });
            PasswordChecked { right: verified.ok, rehashed }
        })
        .await
    }

    /// Hashes a new password.
    pub(crate) async fn hash(&self, new: &Arc<Password>, salt: [u8; 16]) -> Result<Secret<String>, Broken> {
        let (new, cost, computations) = (new.clone(), self.pool.cost, self.pool.computations.clone());
        self.run(move || {
            computations.fetch_add(1, Ordering::Relaxed);
            hash(&new, salt, cost).to_text()
        })
        .await
    }

    /// Looks a new password up in the list of breached ones, where one is configured. One that can't be read is no "absent".
    pub(crate) async fn breached(&self, question: BreachLookup) -> Result<BreachVerdict, Broken> {
        let Some(path) = self.pool.breaches.clone() else { return Ok(BreachVerdict::NoList) };
        let looked_up = self
            .run(move || {
                let mut list = std::fs::File::open(&path)?;
                breach_list::times_seen(&mut list, &question.sha1)
            })
            .await?;
        match looked_up {
            Ok(Some(times)) => Ok(BreachVerdict::Found { times }),
            Ok(None) => Ok(BreachVerdict::Absent),
            Err(error) => {
                tracing::error!(%error, "failed to read the list of breached passwords");
                Err(Broken)
            }
        }
    }

    /// Runs work that must not run on a thread that answers requests. It keeps its turn even if whoever asked goes away.
    pub(crate) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Broken> {
        let permit = self.permit.clone();
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        });
        done.await.map_err(|error| {
            tracing::error!(%error, "a password computation broke off");
            Broken
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool() -> PasswordPool {
        PasswordPool::with_threads(1, Params::new(8, 1, 1).expect("a cheap cost"), None)
    }

    #[tokio::test]
    async fn a_full_pool_says_so_at_once() {
        let pool = Arc::new(PasswordPool { waiting_max: 1, ..pool() });
        let held = pool.turn().await.expect("the first turn");
        let second = tokio::spawn({
            let pool = pool.clone();
            async move { pool.turn().await.is_ok() }
        });
        while pool.waiting.load(Ordering::Relaxed) == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(pool.turn().await.err(), Some(Full));
        drop(held);
        assert!(second.await.expect("no panic"), "the one who waited got the turn");
        assert_eq!(pool.waiting.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn nobody_and_somebody_cost_the_same() {
        let pool = pool();
        let typed = Arc::new(Password::parse(Secret::new("correct horse".into())).expect("a password"));
        let turn = pool.turn().await.expect("a turn");
        let stored = turn.hash(&typed, [1; 16]).await.expect("hashed");
        let before = pool.computations();
        let against = |against| CheckPassword { against, salt: [2; 16] };
        let right = turn.check(&typed, against(PasswordToCheck::Stored(stored))).await.expect("checked");
        let nobody = turn.check(&typed, against(PasswordToCheck::Dummy)).await.expect("checked");
        assert!(right.right && right.rehashed.is_none() && !nobody.right);
        assert_eq!(pool.computations() - before, 2);
    }

    #[tokio::test]
    async fn damage_is_a_wrong_password_and_costs_the_same() {
        let pool = pool();
        let typed = Arc::new(Password::parse(Secret::new("correct horse".into())).expect("a password"));
        let turn = pool.turn().await.expect("a turn");
        let damaged = PasswordToCheck::Stored(Secret::new("$argon2id$broken".into()));
        let checked = turn.check(&typed, CheckPassword { against: damaged, salt: [2; 16] }).await.expect("checked");
        assert!(!checked.right);
        assert_eq!(pool.computations(), 1);
    }

    #[tokio::test]
    async fn a_list_that_can_not_be_read_is_no_absence() {
        let pool = PasswordPool { breaches: Some("/nowhere/breaches".into()), ..pool() };
        let turn = pool.turn().await.expect("a turn");
        assert!(turn.breached(BreachLookup { sha1: [0; 20] }).await.is_err());
    }
}
