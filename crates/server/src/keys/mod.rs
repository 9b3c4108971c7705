//! The keys that sign now, and everything that is made of them: the published set and both metadata documents.
//!
//! What is here follows the store: a key that was added, activated, retired or withdrawn counts from the next request on. Nobody has to be
//! told, and nothing runs in the background for it.

mod published;
pub(crate) mod rotation;
pub(crate) mod signing;

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use crypto::{KeySet, KeyState, SigningAlg};
use store::Store;
use tokio::sync::watch;

pub(crate) use published::KEYS_SECONDS;

use crate::{documents::Document, settings_oauth::OauthSettings};

/// The algorithm of checkpoints, and of every client that is registered for no other.
const DEFAULT_ALG: SigningAlg = SigningAlg::Es256;

/// The keys of one moment.
pub(crate) struct Live {
    /// Signs and verifies.
    pub(crate) set: KeySet,
    /// Which change of the store's keys this follows. What was verified under another one must be verified again.
    pub(crate) generation: u64,
    /// With what we can sign now.
    pub(crate) algs: Vec<SigningAlg>,
    pub(crate) jwks: Document,
    pub(crate) discovery: Document,
    pub(crate) authorization_server: Document,
}

/// The keys, as of now.
pub(crate) struct LiveKeys {
    current: ArcSwap<Live>,
    changed: watch::Receiver<u64>,
    store: Arc<Store>,
    issuer: oauth::Issuer,
    settings: OauthSettings,
    rebuilding: Mutex<()>,
}

/// The store's keys can't sign.
#[derive(Debug, thiserror::Error)]
#[error("failed to build the set of signing keys: {0}")]
pub(crate) struct UnusableKeys(#[from] crypto::BadKeySet);

impl LiveKeys {
    pub(crate) fn new(store: Arc<Store>, issuer: oauth::Issuer, settings: OauthSettings) -> Result<Self, UnusableKeys> {
        let changed = store.keys_changed();
        let first = build(&store, &issuer, &settings, *changed.borrow())?;
        Ok(Self { current: ArcSwap::from_pointee(first), changed, store, issuer, settings, rebuilding: Mutex::new(()) })
    }

    /// The keys as the store has them now. Costs two loads where nothing changed.
    pub(crate) fn live(&self) -> Arc<Live> {
        let current = self.current.load_full();
        if current.generation == *self.changed.borrow() {
            return current;
        }
        self.rebuild();
        self.current.load_full()
    }

    fn rebuild(&self) {
        let _one_at_a_time = self.rebuilding.lock().unwrap_or_else(PoisonError::into_inner);
        // Read before the keys are: a change in between shows itself as one more rebuilding.
        let generation = *self.changed.borrow();
        if self.current.load().generation == generation {
            return;
        }
        match build(&self.store, &self.issuer, &self.settings, generation) {
            Ok(live) => self.current.store(Arc::new(live)),
            // The store never takes the last key that signs away, so this needs a fault of its own. The old set stays, and is tried again
            // with every request.
            Err(error) => tracing::error!(%error, "the signing keys changed and can not be taken up"),
        }
    }
}

fn build(
    store: &Store,
    issuer: &oauth::Issuer,
    settings: &OauthSettings,
    generation: u64,
) -> Result<Live, UnusableKeys> {
    let keys = store
        .published_keys()
        .into_iter()
        .filter(|(_, state)| *state != KeyState::Withdrawn)
        .map(|(published, state)| (published.key, state))
        .collect();
    let set = KeySet::with_states(DEFAULT_ALG, keys)?;
    let algs: Vec<SigningAlg> = set.algs().collect();
    let documents = published::documents(&set, &algs, issuer, settings);
    Ok(Live {
        set,
        generation,
        algs,
        jwks: documents.jwks,
        discovery: documents.discovery,
        authorization_server: documents.authorization_server,
    })
}
