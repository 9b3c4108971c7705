//! Journeys under way. Bounded by number and by the size of what each may carry.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{JourneyId, PersonId, Timestamp};
use oauth::{ParkedRequest, Shown};
use signin::Journey;

use super::bounded::Bounded;
use crate::requirement::Asked;

/// Journeys kept at the most. When more begin, the oldest ends: its owner is asked to start again.
const JOURNEYS_MAX: usize = 20_000;

/// A journey with the authorization request that waits for it.
#[derive(Clone)]
pub(crate) struct Underway {
    pub(crate) journey: Journey,
    /// The authorization request that waits, where an application started this journey.
    pub(crate) authorize: Option<Arc<ParkedRequest>>,
    /// What the consent page showed, and to whom.
    pub(crate) consent: Option<(PersonId, Shown)>,
    /// Keyed hash of the enrolment link's secret that this browser showed when it began.
    pub(crate) pass: Option<[u8; 32]>,
    /// The sign-in name as it was typed, for the pages that follow.
    pub(crate) typed: Option<Arc<str>>,
    /// What the application asks for beyond the policy.
    pub(crate) asked: Asked,
    /// Whether the person has yet to say who they want to be.
    pub(crate) choosing: bool,
    /// The page of ours to return to, where it isn't the one that the journey's own destination says.
    pub(crate) back: Option<&'static str>,
}

impl Underway {
    /// A journey that nothing waits for.
    pub(crate) fn plain(journey: Journey) -> Self {
        Self {
            journey,
            authorize: None,
            consent: None,
            pass: None,
            typed: None,
            asked: Asked::default(),
            choosing: false,
            back: None,
        }
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
    pub(crate) fn show_consent(&self, id: JourneyId, person: PersonId, shown: Shown, now: Timestamp) {
        if let Some(underway) = self.lock().get_mut(&id, now) {
            underway.consent = Some((person, shown));
        }
    }

    /// Notes the sign-in name as it was typed.
    pub(crate) fn note_typed(&self, id: JourneyId, typed: &str, now: Timestamp) {
        if let Some(underway) = self.lock().get_mut(&id, now) {
            underway.typed = Some(typed.into());
        }
    }

    /// Notes that the person has said who they want to be.
    pub(crate) fn chosen(&self, id: JourneyId, typed: Option<&str>, now: Timestamp) {
        if let Some(underway) = self.lock().get_mut(&id, now) {
            underway.choosing = false;
            underway.typed = typed.map(Into::into);
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
