//! Who is visiting: kept in memory, at most a thousand, each found by the hash of its cookie.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex as StdMutex, PoisonError},
};

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use tokio::sync::Mutex;

use crate::{
    ambient,
    attacks::{ReplayOutcome, WrongRedirectOutcome},
    id_token::CheckedClaims,
    pages::Notice,
    tokens::Tokens,
};

/// Most visits kept; the one unused for longest makes room.
pub(crate) const VISITS_MAX: usize = 1_000;
/// A visit unused for this long is forgotten.
const IDLE_SECONDS_MAX: i64 = 2 * 60 * 60;

/// A value that must not be shown: it has no `Debug` and no `Display`.
#[derive(Clone)]
pub(crate) struct Private(pub(crate) String);

/// One visitor's state. The lock around it also keeps two clicks from spending one refresh token twice.
#[derive(Default)]
pub(crate) struct Visit {
    /// A sign-in under way.
    pub(crate) pending: Option<Pending>,
    /// What a finished sign-in left.
    pub(crate) signed_in: Option<SignedIn>,
    /// Something to tell at the next page.
    pub(crate) notice: Option<Notice>,
    /// How the code replay ended.
    pub(crate) replay: Option<ReplayOutcome>,
    /// How the unregistered redirect address ended.
    pub(crate) wrong_redirect: Option<WrongRedirectOutcome>,
}

/// What must be remembered between leaving for the sign-in service and coming back.
pub(crate) struct Pending {
    pub(crate) state: String,
    pub(crate) nonce: String,
    pub(crate) verifier: Private,
    /// When the vault asked for it, and so for a fresh proof by a passkey.
    pub(crate) for_vault: Option<i64>,
}

/// What a finished sign-in left.
pub(crate) struct SignedIn {
    pub(crate) at: i64,
    pub(crate) claims: CheckedClaims,
    pub(crate) scope: String,
    pub(crate) tokens: Tokens,
    pub(crate) refreshes: u32,
    /// What userinfo answered, name by name, once it was asked.
    pub(crate) userinfo: Option<Vec<(String, String)>>,
    /// The fresh proof that opened the vault, if it is open.
    pub(crate) vault: Option<VaultProof>,
    /// The spent code and its verifier, kept so that the visitor can watch a replay being refused.
    pub(crate) spent_code: Private,
    pub(crate) spent_verifier: Private,
}

/// What the ID token said about the proof that opened the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VaultProof {
    pub(crate) acr: String,
    pub(crate) proved_at: i64,
}

/// A visit that can be worked on while others go on.
pub(crate) type Shared = Arc<Mutex<Visit>>;

struct Entry {
    last_used: i64,
    visit: Shared,
}

/// Every visit.
#[derive(Default)]
pub(crate) struct Visits(StdMutex<HashMap<[u8; 32], Entry>>);

impl Visits {
    /// The visit that `cookie` names, if it is still known.
    pub(crate) fn find(&self, cookie: &str, now: i64) -> Option<Shared> {
        let mut all = self.lock();
        let entry = all.get_mut(&hash(cookie)).filter(|entry| now - entry.last_used < IDLE_SECONDS_MAX)?;
        entry.last_used = now;
        Some(Arc::clone(&entry.visit))
    }

    /// A new visit and its cookie's value.
    pub(crate) fn open(&self, visit: Visit, now: i64) -> (String, Shared) {
        let cookie = URL_SAFE_NO_PAD.encode(ambient::random::<32>());
        let visit = Arc::new(Mutex::new(visit));
        let mut all = self.lock();
        if all.len() >= VISITS_MAX {
            all.retain(|_, entry| now - entry.last_used < IDLE_SECONDS_MAX);
        }
        if all.len() >= VISITS_MAX {
            let oldest = all.iter().min_by_key(|(_, entry)| entry.last_used).map(|(key, _)| *key);
            oldest.map(|key| all.remove(&key));
        }
        all.insert(hash(&cookie), Entry { last_used: now, visit: Arc::clone(&visit) });
        (cookie, visit)
    }

    /// Forgets a visit.
    pub(crate) fn close(&self, cookie: &str) {
        self.lock().remove(&hash(cookie));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], Entry>> {
        // The map is whole after every step, so a panic elsewhere leaves nothing to mistrust.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hash(cookie: &str) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, cookie.as_bytes()).as_ref());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_makes_room() {
        let visits = Visits::default();
        let (first, _) = visits.open(Visit::default(), 0);
        let (second, _) = visits.open(Visit::default(), 1);
        for _ in 2..VISITS_MAX {
            visits.open(Visit::default(), 2);
        }
        assert!(visits.find(&first, 2).is_some());
        // `first` was just used at 2, so `second`, unused since 1, is the one to go.
        visits.open(Visit::default(), 3);
        assert!(visits.find(&second, 3).is_none());
        assert!(visits.find(&first, 3).is_some());
        assert_eq!(visits.lock().len(), VISITS_MAX);
    }

    #[test]
    fn an_idle_or_closed_visit_is_gone() {
        let visits = Visits::default();
        let (cookie, _) = visits.open(Visit::default(), 0);
        assert!(visits.find(&cookie, IDLE_SECONDS_MAX - 1).is_some());
        assert!(visits.find(&cookie, 2 * IDLE_SECONDS_MAX).is_none());
        let (cookie, _) = visits.open(Visit::default(), 0);
        visits.close(&cookie);
        assert!(visits.find(&cookie, 0).is_none());
    }
}
