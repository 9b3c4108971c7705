//! Clients that were read from documents and that nobody has agreed to yet. They leave no trace on disk; here they are bounded.

use std::sync::{Arc, Mutex, PoisonError};

use model::Timestamp;
use oauth::Client;

use super::bounded::Bounded;

/// Clients remembered at the most; each came from at most 5 KiB.
const CLIENTS_MAX: usize = 2_000;

/// Clients by id.
pub(crate) struct DocumentClients {
    read: Mutex<Bounded<String, Arc<Client>>>,
}

impl DocumentClients {
    pub(crate) fn new() -> Self {
        Self { read: Mutex::new(Bounded::new(CLIENTS_MAX)) }
    }

    /// A client that was read lately.
    pub(crate) fn find(&self, id: &str, now: Timestamp) -> Option<Arc<Client>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).get(&id.to_owned(), now).cloned()
    }

    /// Remembers one for as long as its document may be believed.
    pub(crate) fn keep(&self, client: Arc<Client>, fresh_until: Timestamp, now: Timestamp) {
        let id = client.id.as_str().to_owned();
        let kept =
            self.read.lock().unwrap_or_else(PoisonError::into_inner).insert(id, client, fresh_until, now, |_| true);
        debug_assert!(kept.is_ok(), "any client may leave");
    }
}
