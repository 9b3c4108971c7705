//! Records of what changed nothing: tokens that clients got for themselves, and answers to introspection. They follow their answer by
//! some milliseconds, so that nobody waits for the disk; a crash in between loses them, and the design says so.
//!
//! When they can't be written, the answer is no: what can't be recorded doesn't happen.

use std::{
    sync::{Arc, Mutex, MutexGuard, Once, PoisonError, Weak},
    time::Duration,
};

use model::{AuditEvent, AuditKind, Detail};
use store::{ChangeSet, Store};
use tokio::sync::Notify;

use crate::ambient;

/// How long an event waits for company. With the writer's own group it stays below the 50 ms that are promised.
const GATHER: Duration = Duration::from_millis(20);
/// How long to wait after a failure.
const RETRY: Duration = Duration::from_millis(250);
/// Events that may wait. Beyond half of them, whoever brings more waits for the disk as well.
const EVENTS_MAX: usize = 8192;
/// Longest wait for room.
const ROOM_WAIT: Duration = Duration::from_secs(2);
/// Different answers to introspection that may wait.
const TALLIES_MAX: usize = 1024;

/// What waits to be written. Cloning shares it.
#[derive(Clone)]
pub(crate) struct Late {
    shared: Arc<Shared>,
    arrived: Arc<Notify>,
}

struct Shared {
    written: Notify,
    store: Arc<Store>,
    waiting: Mutex<Waiting>,
    writer: Once,
}

#[derive(Default)]
struct Waiting {
    events: Vec<AuditEvent>,
    /// The same answer given to the same client many times is one event that says how often.
    tallies: Vec<(AuditEvent, i64)>,
    /// The last attempt to write failed.
    in_doubt: bool,
}

/// No room, or storage does not take what waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unrecorded;

impl Late {
    pub(crate) fn new(store: Arc<Store>) -> Self {
        let shared = Shared { store, waiting: Mutex::default(), writer: Once::new(), written: Notify::new() };
        Self { shared: Arc::new(shared), arrived: Arc::default() }
    }

    /// Takes events to be written.
    ///
    /// # Errors
    /// When they can't be: then the answer must be no.
    pub(crate) async fn note(&self, events: Vec<AuditEvent>) -> Result<(), Unrecorded> {
        if events.is_empty() {
            return Ok(());
        }
        self.room().await;
        let mut waiting = self.lock();
        if waiting.in_doubt || waiting.events.len() + events.len() > EVENTS_MAX {
            return Err(Unrecorded);
        }
        for event in events {
            waiting.add(event)?;
        }
        drop(waiting);
        // The writer begins with the first event, and ends with the last holder of what it writes.
        self.shared.writer.call_once(|| drop(tokio::spawn(write(Arc::downgrade(&self.shared), self.arrived.clone()))));
        self.arrived.notify_one();
        Ok(())
    }

    /// Waits while more than half of the room is taken: a busy disk slows its callers down and refuses none of them.
    async fn room(&self) {
        let crowded = || self.lock().events.len() >= EVENTS_MAX / 2;
        let wait = async {
            loop {
                // Registered before looking, so that no wake-up is missed.
                let written = self.shared.written.notified();
                if !crowded() {
                    return;
                }
                written.await;
            }
        };
        if crowded() {
            let _ = tokio::time::timeout(ROOM_WAIT, wait).await;
        }
    }

    /// Writes what waits, for the end.
    pub(crate) async fn flush(&self) {
        if self.shared.flush().await.is_err() {
            tracing::error!("records of tokens issued in the last moments could not be written");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.shared.lock()
    }
}

impl Shared {
    fn take(&self) -> Vec<AuditEvent> {
        let mut waiting = self.lock();
        let mut events = std::mem::take(&mut waiting.events);
        events.extend(waiting.tallies.drain(..).map(|(event, times)| event.detail("times", Detail::Number(times))));
        events
    }

    /// Writes what waits now. On a failure it goes on waiting, and nothing more is taken until it is written.
    async fn flush(&self) -> Result<(), Unrecorded> {
        let events = self.take();
        if events.is_empty() {
            return Ok(());
        }
        let set = ChangeSet::new(ambient::now(), Vec::<store::Change>::new(), events.clone());
        let written = match self.store.commit(set) {
            Ok(pending) => pending.await.is_ok(),
            Err(store::Busy) => false,
        };
        let mut waiting = self.lock();
        waiting.in_doubt = !written;
        if written {
            drop(waiting);
            self.written.notify_waiters();
            return Ok(());
        }
        // In front of what came since. A tally that is tried again stays the event that it has become.
        waiting.events.splice(0..0, events);
        Err(Unrecorded)
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing under this lock can panic half-way.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn add(&mut self, event: AuditEvent) -> Result<(), Unrecorded> {
        if event.kind != AuditKind::TokenIntrospected {
            self.events.push(event);
            return Ok(());
        }
        if let Some((_, times)) = self.tallies.iter_mut().find(|(known, _)| *known == event) {
            *times += 1;
            return Ok(());
        }
        if self.tallies.len() >= TALLIES_MAX {
            return Err(Unrecorded);
        }
        self.tallies.push((event, 1));
        Ok(())
    }
}

/// Writes what arrives, for as long as somebody can add to it.
async fn write(shared: Weak<Shared>, arrived: Arc<Notify>) {
    loop {
        arrived.notified().await;
        tokio::time::sleep(GATHER).await;
        loop {
            let Some(shared) = shared.upgrade() else { return };
            if shared.flush().await.is_ok() {
                break;
            }
            drop(shared);
            tokio::time::sleep(RETRY).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use model::{Actor, ClientId};

    use super::*;

    fn event(kind: AuditKind, client: &str) -> AuditEvent {
        AuditEvent::new(kind, Actor::Client(ClientId::parse(client).unwrap()))
    }

    #[test]
    fn the_same_answer_is_one_tally_and_tokens_are_one_event_each() {
        let mut waiting = Waiting::default();
        for _ in 0..3 {
            waiting.add(event(AuditKind::TokenIntrospected, "a")).unwrap();
            waiting.add(event(AuditKind::CodeRedeemed, "a")).unwrap();
        }
        waiting.add(event(AuditKind::TokenIntrospected, "b")).unwrap();
        assert_eq!(waiting.events.len(), 3);
        let told = |client| event(AuditKind::TokenIntrospected, client);
        assert_eq!(waiting.tallies, [(told("a"), 3), (told("b"), 1)]);
    }

    #[test]
    fn tallies_are_bounded() {
        let mut waiting = Waiting::default();
        for number in 0..TALLIES_MAX {
            waiting.add(event(AuditKind::TokenIntrospected, &format!("client-{number}"))).unwrap();
        }
        assert_eq!(waiting.add(event(AuditKind::TokenIntrospected, "one-more")), Err(Unrecorded));
        assert_eq!(waiting.add(event(AuditKind::TokenIntrospected, "client-0")), Ok(()));
    }
}
