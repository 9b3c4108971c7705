//! Journeys under way. Bounded by number and by the size of what each may carry.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{JourneyId, PersonId, Timestamp};
use oauth::{ParkedRequest, ScopeSet};
use signin::Journey;

use super::bounded::Bounded;

/// Journeys kept at the most. When more begin, the oldest ends: its owner is asked to start again.
const JOURNEYS_MAX: usize = 20_000;

/// A journey with the authorization request that waits for it.
#[derive(Clone)]
pub(crate) struct Underway {
    pub(crate) journey: Journey,
    /// The authorization request that waits, where an application started this journey.
    pub(crate) authorize: Option<Arc<ParkedRequest>>,
    /// What the consent page showed, and to whom.
    pub(crate) consent: Option<(PersonId, ScopeSet)>,
    /// Keyed hash of the enrolment link's secret that this browser showed when it began.
    pub(crate) pass: Option<[u8; 32]>,
}

impl Underway {
    /// A journey that nothing waits for.
    pub(crate) const fn plain(journey: Journey) -> Self {
        Self { journey, authorize: None, consent: None, pass: None }
    }
}

/// All journeys of this node.
pub(crate) struct Journeys {
    all: Mutex<Bounded<JourneyId, Underway>>,
}

/// The journey changed, ended or expired since it was read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Moved;

impl Journeys {
    pub(crate) fn new() -> Self {
        Self { all: Mutex::new(Bounded::new(JOURNEYS_MAX)) }
    }

    pub(crate) fn begin(&self, underway: Underway, now: Timestamp) {
        let (id, expires) = (underway.journey.id, underway.journey.expires);
        self.lock()
            .insert(id, underway, expires, now, |_| true)
            .unwrap_or_else(|_| unreachable!("any journey may leave"));
    }

    pub(crate) fn find(&self, id: JourneyId, now: Timestamp) -> Option<Underway> {
        self.lock().get(&id, now).cloned()
    }

    /// Notes what the consent page shows.
    pub(crate) fn show_consent(&self, id: JourneyId, person: PersonId, scope: ScopeSet, now: Timestamp) {
        if let Some(underway) = self.lock().get_mut(&id, now) {
            underway.consent = Some((person, scope));
        }
    }

    /// Ends a journey; whoever takes it is the only one to finish what it carried.
    pub(crate) fn end(&self, id: JourneyId, now: Timestamp) -> Option<Underway> {
        self.lock().remove(&id, now)
    }

    /// Replaces a journey by its next state, if nobody else moved it since it was read at `from_version`.
    pub(crate) fn advance(&self, next: Journey, from_version: u32, now: Timestamp) -> Result<(), Moved> {
        let mut all = self.lock();
        let entry = all.get_mut(&next.id, now).filter(|u| u.journey.version == from_version).ok_or(Moved)?;
        entry.journey = next;
        Ok(())
    }

    /// Stores a journey's end, whatever became of it meanwhile: what it led to is durable, and steps taken since are void.
    pub(crate) fn finish(&self, end: Journey, now: Timestamp) {
        if let Some(entry) = self.lock().get_mut(&end.id, now) {
            entry.journey = end;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Bounded<JourneyId, Underway>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
