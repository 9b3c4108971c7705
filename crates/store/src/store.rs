//! The store as its callers see it: writing, and what memory knows. Reading rows is in `read/`.

use std::{
    sync::{Arc, atomic::Ordering::Relaxed},
    thread::JoinHandle,
};

use crypto::{KeyState, SealingKey, SigningKey};
use model::{Entropy, PersonId, Session, SessionId, SigninRecord, Timestamp};
use oauth::Client;
use tokio::sync::watch;

use crate::{
    Busy, Change, ChangeSet, Checkpoint, ClientMap, CommitError, Health, Pending, PersonalError, PersonalKind,
    PublishedKey, Stats,
    lock::ProcessLock,
    memory::Use,
    personal::PersonKeys,
    queue::{Buffered, Job},
    readers::Readers,
    seals::Seals,
    writer::Shared,
};

/// An open store. One per process; share it in an [`Arc`].
///
/// Dropping it writes what is queued and lets go of the lock; [`Store::close`] does the same and says whether it worked.
#[derive(Debug)]
pub struct Store {
    pub(crate) shared: Arc<Shared>,
    pub(crate) readers: Readers,
    pub(crate) person_keys: PersonKeys,
    pub(crate) key_seal: SealingKey,
    pub(crate) seals: Seals,
    pub(crate) writer: Option<JoinHandle<()>>,
    // Declared last: the lock goes when nothing of the store is left.
    pub(crate) _lock: ProcessLock,
}

/// Writing. Nothing here waits for the disk unless it says so.
impl Store {
    /// Queues a change set and returns at once. It is durable, and memory shows it, when the [`Pending`] resolves.
    ///
    /// # Errors
    /// [`Busy`] when the queue is full or the store is closing.
    pub fn commit(&self, set: ChangeSet) -> Result<Pending, Busy> {
        let (answer, pending) = Pending::pair();
        self.shared.queue.push(Job::Set(set, answer))?;
        Ok(pending)
    }

    /// Writes a change set and waits, for room in the queue too. For the command line, never for an asynchronous thread.
    ///
    /// # Errors
    /// As [`Pending`] resolves.
    pub fn commit_blocking(&self, set: ChangeSet) -> Result<(), CommitError> {
        let (answer, pending) = Pending::pair();
        self.ask(Job::Set(set, answer), pending)
    }

    /// Buffers one sign-in record; it is durable at most 50 ms later.
    ///
    /// # Errors
    /// [`Busy`] when the buffer can't drain: refuse the attempt rather than lose its record.
    pub fn record_signin(&self, record: SigninRecord) -> Result<(), Busy> {
        self.shared.queue.push_buffered(Buffered::Signin(record))
    }

    /// The change that adds `key`, sealed under the root key. Takes 12 bytes of entropy.
    #[must_use]
    pub fn key_change(&self, key: SigningKey, entropy: &mut Entropy) -> Change {
        let sealed = key.to_sealed(&self.key_seal, entropy);
        Change::InsertKey { key: Arc::new(key), sealed }
    }

    /// Forgets sessions past their end, and families whose end lies a day back. Call it every minute or so.
    ///
    /// # Errors
    /// [`Busy`] as for [`Store::commit`].
    pub fn sweep(&self, now: Timestamp) -> Result<Pending, Busy> {
        let (answer, pending) = Pending::pair();
        self.shared.queue.push(Job::Sweep(now, answer))?;
        Ok(pending)
    }

    /// Signs the end of the audit chain, to be kept where whoever holds the database can't reach it.
    ///
    /// # Errors
    /// [`Busy`] as for [`Store::commit`]. The [`Pending`] fails when no key signs.
    pub fn checkpoint(&self, now: Timestamp) -> Result<Pending<Checkpoint>, Busy> {
        let (answer, pending) = Pending::pair();
        self.shared.queue.push(Job::Checkpoint(now, answer))?;
        Ok(pending)
    }

    /// Writes what is queued, signs a checkpoint if the audit chain grew, and lets go of the lock. Waits.
    ///
    /// # Errors
    /// [`CommitError::Failed`] when the checkpoint could not be written.
    pub fn close(self, now: Timestamp) -> Result<(), CommitError> {
        let (answer, pending) = Pending::pair();
        self.ask(Job::Close(now, answer), pending)
    }

    /// Makes something fail, for tests.
    #[cfg(feature = "faults")]
    pub fn inject(&self, fault: crate::faults::Fault) {
        let (answer, pending) = Pending::pair();
        let _ = self.ask(Job::Fault(fault, answer), pending);
    }

    fn ask<T>(&self, job: Job, pending: Pending<T>) -> Result<T, CommitError> {
        if self.shared.queue.push_waiting(job) { pending.wait() } else { Err(CommitError::Failed) }
    }
}

/// What memory knows: never waits, never fails.
impl Store {
    /// Every client, as of now.
    #[must_use]
    pub fn clients(&self) -> Arc<ClientMap> {
        self.shared.memory.clients()
    }

    /// One client.
    #[must_use]
    pub fn client(&self, id: &str) -> Option<Arc<Client>> {
        self.shared.memory.client(id)
    }

    /// The session of a cookie, unless it was ended. Expiry is **not** checked: see [`Store::use_session`].
    #[must_use]
    pub fn session(&self, cookie_hash: &[u8; 32]) -> Option<Arc<Session>> {
        self.shared.memory.session(cookie_hash)
    }

    /// The session of a cookie if it may be used now: not ended, not past its end, not idle for too long. Notes the use.
    #[must_use]
    pub fn use_session(&self, cookie_hash: &[u8; 32], now: Timestamp) -> Option<Arc<Session>> {
        match self.shared.memory.use_session(cookie_hash, now) {
            Use::No => None,
            Use::Yes { session, save } => {
                if save {
                    // When the buffer is full the stored use stays old, and a restart ends the session earlier: the safe side.
                    let _ = self.shared.queue.push_buffered(Buffered::SessionUsed { id: session.id, at: now });
                }
                Some(session)
            }
        }
    }

    /// When a session was last used; when it began, for one that is not in memory any more.
    #[must_use]
    pub fn session_used(&self, session: &Session) -> Timestamp {
        self.shared.memory.session_used(&session.cookie_hash).unwrap_or(session.created)
    }

    /// A session by its id, unless it was ended. Expiry is **not** checked.
    #[must_use]
    pub fn session_by_id(&self, id: SessionId) -> Option<Arc<Session>> {
        self.shared.memory.session_by_id(id)
    }

    /// Sessions in memory.
    #[must_use]
    pub fn live_sessions(&self) -> usize {
        self.shared.memory.sessions()
    }

    /// The keys to publish, the one that signs first.
    #[must_use]
    pub fn signing_keys(&self) -> Vec<Arc<SigningKey>> {
        self.shared.memory.keys().iter().map(|entry| Arc::clone(&entry.key)).collect()
    }

    /// The published keys with how far each is, the one that signs first. Of several keys of one algorithm that would sign, only the latest
    /// is active; the others count as retiring.
    #[must_use]
    pub fn published_keys(&self) -> Vec<(PublishedKey, KeyState)> {
        let mut signing = Vec::new();
        let mut published = Vec::new();
        for entry in self.shared.memory.keys().iter() {
            let state = match entry.state() {
                KeyState::Active if signing.contains(&entry.key.alg()) => KeyState::Retiring,
                KeyState::Active => {
                    signing.push(entry.key.alg());
                    KeyState::Active
                }
                other => other,
            };
            published.push((entry.clone(), state));
        }
        published
    }

    /// Hears of every change to the keys, after it is durable and memory shows it.
    #[must_use]
    pub fn keys_changed(&self) -> watch::Receiver<u64> {
        self.shared.memory.keys_changed()
    }

    /// Rises with every durable change that may take away what a grant rests on: a person, a group, a session, a passkey, a consent, a
    /// client, a family, a token, a key. What was concluded from rows read **after** this number was taken holds, as far as changes go, for as
    /// long as the number stays the same. Time may still end it.
    #[must_use]
    pub fn ground(&self) -> u64 {
        self.shared.memory.ground()
    }

    /// Whether an access token was ended before its time, by its `jti`.
    #[must_use]
    pub fn token_revoked(&self, jti: &[u8; 16]) -> bool {
        self.shared.memory.token_revoked(jti)
    }

    /// Change sets that are durable, since the store was opened.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.stats().change_sets
    }

    /// Counts since the store was opened.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.shared.counters.snapshot()
    }

    /// Whether the store can do its work now.
    #[must_use]
    pub fn health(&self) -> Health {
        Health { writable: !self.shared.counters.failing.load(Relaxed), queued: self.shared.queue.waiting() }
    }
}

/// Personal values, sealed under a key per person that lives outside data backups.
impl Store {
    /// Seals a value for a person. The person's key is made, and is durable, before this returns: seal the display name before
    /// committing the person. Waits for the disk the first time; takes at most 56 bytes of entropy.
    ///
    /// # Errors
    /// [`PersonalError`] when the key can't be had; [`PersonalError::KeyGone`] when the person is stored and has none.
    pub fn seal_for(
        &self,
        person: PersonId,
        kind: PersonalKind,
        plain: &[u8],
        now: Timestamp,
        entropy: &mut Entropy,
    ) -> Result<Vec<u8>, PersonalError> {
        let known = self.person(person).map_err(PersonalError::from)?.is_some();
        self.person_keys.seal(person, known, kind, plain, now, entropy)
    }

    /// Opens what [`Store::seal_for`] gave. `None` when the person's key was erased: the value is gone for good.
    ///
    /// # Errors
    /// [`PersonalError`] when the key or the value was changed.
    pub fn open_for(
        &self,
        person: PersonId,
        kind: PersonalKind,
        sealed: &[u8],
    ) -> Result<Option<String>, PersonalError> {
        self.person_keys.open_value(person, kind, sealed)
    }

    /// Erases a person's key, and with it everything sealed for them, in every backup of the data. Can't be undone.
    ///
    /// # Errors
    /// [`PersonalError`] when the key database refuses.
    pub fn erase_person_key(&self, person: PersonId) -> Result<(), PersonalError> {
        self.person_keys.erase(person)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.shared.queue.stop();
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}
