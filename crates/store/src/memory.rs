//! What requests read without asking the database: live sessions, clients, signing keys.
//!
//! The database is the log and the start-up source; memory follows it. Only the writer changes memory, after COMMIT and before
//! it answers, so that whoever was answered finds what they wrote, and nobody finds what was not committed.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{
            AtomicI64, AtomicU64,
            Ordering::{Acquire, Relaxed, Release},
        },
    },
};

use arc_swap::ArcSwap;
use crypto::{KeyState, SigningAlg, SigningKey};
use model::{ClientId, KeyId, Session, SessionId, Timestamp};
use oauth::Client;
use tokio::sync::watch;

/// Every client, by id.
pub type ClientMap = HashMap<ClientId, Arc<Client>>;

/// Locks among which sessions are spread.
const SHARDS: usize = 16;
/// A session's last use is written when the stored one is this much older, in milliseconds.
const USE_SAVED_MILLIS: i64 = 60_000;

/// What a committed change means for memory.
#[derive(Debug)]
pub(crate) enum Effect {
    SessionStarted(Session),
    SessionEnded {
        id: SessionId,
        cookie_hash: [u8; 32],
    },
    /// Added, or in place of what was there.
    ClientKept(Arc<Client>),
    ClientRemoved(ClientId),
    TokenRevoked {
        jti: [u8; 16],
        until: Timestamp,
    },
    /// Something that a grant may rest on was taken away or changed.
    GroundMoved,
    /// Revoked tokens that have expired by then may be forgotten.
    Swept(Timestamp),
    PlaceMapped(String),
    KeyAdded(Arc<SigningKey>),
    KeyActivated(KeyId, Timestamp),
    KeyRetired(KeyId, Timestamp),
    KeyRemoved(KeyId),
}

/// A published signing key, and how far it is in its life.
#[derive(Debug, Clone)]
pub struct PublishedKey {
    /// The key.
    pub key: Arc<SigningKey>,
    /// Since when it signs, or when it began to.
    pub active_from: Option<Timestamp>,
    /// Since when it no longer signs.
    pub retiring_from: Option<Timestamp>,
}

impl PublishedKey {
    /// Where it stands by its own dates. Of several that would sign for one algorithm only the latest does: see
    /// [`crate::Store::published_keys`].
    #[must_use]
    pub const fn state(&self) -> KeyState {
        match (self.active_from, self.retiring_from) {
            (_, Some(_)) => KeyState::Retiring,
            (Some(_), None) => KeyState::Active,
            (None, None) => KeyState::Pending,
        }
    }

    /// Since when it is in that state.
    #[must_use]
    pub fn since(&self) -> Timestamp {
        self.retiring_from.or(self.active_from).unwrap_or_else(|| self.key.created())
    }
}

#[derive(Debug)]
struct Live {
    session: Arc<Session>,
    used_millis: AtomicI64,
    saved_millis: AtomicI64,
}

type ById = HashMap<SessionId, [u8; 32]>;
type ByCookie = HashMap<[u8; 32], Live>;

#[derive(Debug, Default)]
pub(crate) struct Memory {
    by_cookie: [RwLock<ByCookie>; SHARDS],
    by_id: [RwLock<ById>; SHARDS],
    clients: ArcSwap<ClientMap>,
    keys: ArcSwap<Vec<PublishedKey>>,
    keys_changed: watch::Sender<u64>,
    revoked_tokens: RwLock<HashMap<[u8; 16], Timestamp>>,
    mapped_places: RwLock<HashSet<String>>,
    ground: AtomicU64,
}

/// The answer to "may this session be used now?".
pub(crate) enum Use {
    /// No.
    No,
    /// Yes; when `save` is set, its last use should be written.
    Yes { session: Arc<Session>, save: bool },
}

/// What the database holds at the start.
pub(crate) struct Loaded {
    pub(crate) sessions: Vec<(Session, Timestamp)>,
    pub(crate) clients: ClientMap,
    pub(crate) keys: Vec<PublishedKey>,
    pub(crate) revoked_tokens: HashMap<[u8; 16], Timestamp>,
    pub(crate) mapped_places: HashSet<String>,
}

impl Memory {
    /// Memory as the database has it.
    pub(crate) fn load(loaded: Loaded) -> Self {
        let Loaded { sessions, clients, keys, revoked_tokens, mapped_places } = loaded;
        let memory = Self {
            revoked_tokens: RwLock::new(revoked_tokens),
            mapped_places: RwLock::new(mapped_places),
            ..Self::default()
        };
        for (session, used) in sessions {
            memory.start_session(session, used);
        }
        memory.clients.store(Arc::new(clients));
        memory.keys.store(Arc::new(keys));
        memory.sort_keys();
        memory
    }

    /// Follows a committed group.
    pub(crate) fn follow(&self, effects: impl Iterator<Item = Effect>) {
        let mut clients: Option<ClientMap> = None;
        for effect in effects {
            match effect {
                Effect::SessionStarted(session) => {
                    let used = session.created;
                    self.start_session(session, used);
                }
                Effect::SessionEnded { id, cookie_hash } => {
                    write(&self.by_cookie[shard(&cookie_hash)]).remove(&cookie_hash);
                    write(&self.by_id[shard(id.as_bytes())]).remove(&id);
                }
                Effect::ClientKept(client) => {
                    let map = clients.get_or_insert_with(|| ClientMap::clone(&self.clients.load()));
                    map.insert(client.id.clone(), client);
                }
                Effect::ClientRemoved(id) => {
                    let map = clients.get_or_insert_with(|| ClientMap::clone(&self.clients.load()));
                    map.remove(&id);
                }
                Effect::TokenRevoked { jti, until } => {
                    write(&self.revoked_tokens).insert(jti, until);
                }
                Effect::GroundMoved => {
                    self.ground.fetch_add(1, Release);
                }
                Effect::Swept(now) => self.forget_tokens(now),
                Effect::PlaceMapped(place) => {
                    write(&self.mapped_places).insert(place);
                }
                Effect::KeyAdded(key) => self.change_keys(|keys| {
                    keys.push(PublishedKey { key, active_from: None, retiring_from: None });
                }),
                Effect::KeyActivated(id, at) => self.change_keys(|keys| {
                    for entry in keys.iter_mut().filter(|entry| entry.key.id() == id) {
                        (entry.active_from, entry.retiring_from) = (Some(at), None);
                    }
                }),
                Effect::KeyRetired(id, at) => self.change_keys(|keys| {
                    for entry in keys.iter_mut().filter(|entry| entry.key.id() == id) {
                        entry.retiring_from = Some(at);
                    }
                }),
                Effect::KeyRemoved(id) => self.change_keys(|keys| keys.retain(|entry| entry.key.id() != id)),
            }
        }
        if let Some(clients) = clients {
            self.clients.store(Arc::new(clients));
        }
    }

    pub(crate) fn clients(&self) -> Arc<ClientMap> {
        self.clients.load_full()
    }

    pub(crate) fn client(&self, id: &str) -> Option<Arc<Client>> {
        self.clients.load().get(id).cloned()
    }

    pub(crate) fn session(&self, cookie_hash: &[u8; 32]) -> Option<Arc<Session>> {
        read(&self.by_cookie[shard(cookie_hash)]).get(cookie_hash).map(|live| Arc::clone(&live.session))
    }

    pub(crate) fn session_by_id(&self, id: SessionId) -> Option<Arc<Session>> {
        let cookie_hash = *read(&self.by_id[shard(id.as_bytes())]).get(&id)?;
        self.session(&cookie_hash)
    }

    pub(crate) fn sessions(&self) -> usize {
        self.by_cookie.iter().map(|shard| read(shard).len()).sum()
    }

    pub(crate) fn use_session(&self, cookie_hash: &[u8; 32], now: Timestamp) -> Use {
        let shard = read(&self.by_cookie[shard(cookie_hash)]);
        let Some(live) = shard.get(cookie_hash) else { return Use::No };
        let used = Timestamp::from_millis(live.used_millis.load(Relaxed));
        if now >= live.session.expires || now >= used.plus_seconds(live.session.idle_seconds) {
            return Use::No;
        }
        live.used_millis.fetch_max(now.millis(), Relaxed);
        let saved = live.saved_millis.load(Relaxed);
        // Of several requests in the same moment one saves.
        let save = now.millis().saturating_sub(saved) >= USE_SAVED_MILLIS
            && live.saved_millis.compare_exchange(saved, now.millis(), Relaxed, Relaxed).is_ok();
        Use::Yes { session: Arc::clone(&live.session), save }
    }

    /// When a session was last used; `None` for one that is not in memory any more.
    pub(crate) fn session_used(&self, cookie_hash: &[u8; 32]) -> Option<Timestamp> {
        let shard = read(&self.by_cookie[shard(cookie_hash)]);
        shard.get(cookie_hash).map(|live| Timestamp::from_millis(live.used_millis.load(Relaxed)))
    }

    /// Keys that are published, the one that signs first.
    pub(crate) fn keys(&self) -> Arc<Vec<PublishedKey>> {
        self.keys.load_full()
    }

    /// The key that signs the audit's checkpoints, if one does: of the default algorithm.
    pub(crate) fn active_key(&self) -> Option<Arc<SigningKey>> {
        let keys = self.keys.load();
        let signs = |entry: &&PublishedKey| entry.state() == KeyState::Active && entry.key.alg() == SigningAlg::Es256;
        keys.iter().find(signs).map(|entry| Arc::clone(&entry.key))
    }

    /// Hears of every change to the keys, after it is durable.
    pub(crate) fn keys_changed(&self) -> watch::Receiver<u64> {
        self.keys_changed.subscribe()
    }

    /// Whether an access token was ended before its time.
    pub(crate) fn token_revoked(&self, jti: &[u8; 16]) -> bool {
        read(&self.revoked_tokens).contains_key(jti)
    }

    fn forget_tokens(&self, now: Timestamp) {
        write(&self.revoked_tokens).retain(|_, until| *until > now);
    }

    /// Counts what was taken away.
    pub(crate) fn ground(&self) -> u64 {
        self.ground.load(Acquire)
    }

    /// Whether subjects were imported for this place.
    pub(crate) fn is_mapped(&self, place: &str) -> bool {
        read(&self.mapped_places).contains(place)
    }

    /// Whether any subject was imported at all.
    pub(crate) fn has_mapped_places(&self) -> bool {
        !read(&self.mapped_places).is_empty()
    }

    fn start_session(&self, session: Session, used: Timestamp) {
        let (id, cookie_hash) = (session.id, session.cookie_hash);
        let live = Live {
            session: Arc::new(session),
            used_millis: AtomicI64::new(used.millis()),
            saved_millis: AtomicI64::new(used.millis()),
        };
        write(&self.by_cookie[shard(&cookie_hash)]).insert(cookie_hash, live);
        write(&self.by_id[shard(id.as_bytes())]).insert(id, cookie_hash);
    }

    fn change_keys(&self, change: impl FnOnce(&mut Vec<PublishedKey>)) {
        let mut keys = Vec::clone(&self.keys.load());
        change(&mut keys);
        self.keys.store(Arc::new(keys));
        self.sort_keys();
        self.keys_changed.send_modify(|version| *version += 1);
    }

    /// Of the keys that sign the latest comes first; then those that did, then those that never did.
    fn sort_keys(&self) {
        let mut keys = Vec::clone(&self.keys.load());
        keys.sort_by_key(|entry| {
            let signs = entry.state() == KeyState::Active;
            std::cmp::Reverse((signs, entry.active_from, entry.key.id()))
        });
        self.keys.store(Arc::new(keys));
    }
}

/// Hashes are keyed and ids end in random bytes: the last byte spreads both.
fn shard(bytes: &[u8]) -> usize {
    usize::from(bytes.last().copied().unwrap_or(0)) % SHARDS
}

// Nothing under these locks can panic half-way: a map is whole even if a holder died.
fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}
fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
