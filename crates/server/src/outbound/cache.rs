//! What earlier fetches left behind: contents while they are fresh, and failures for a short while. Pure: the time is given.

use std::sync::Arc;

use model::Timestamp;

use super::{
    client::{Fetched, Limits, NamedBy},
    error::OutboundError,
};
use crate::memory::bounded::Bounded;

/// Shortest and longest time that a content counts as fresh, in seconds, whatever its sender says.
const FRESH_SECONDS: (u64, u64) = (60, 3600);
/// How long a failure is remembered, in seconds.
const FAILED_SECONDS: i64 = 30;
/// Most contents kept on each shelf, and the largest that is: 16 MiB in all of keys, and less of documents.
const CONTENTS_MAX: usize = 256;
const CONTENT_BYTES_MAX: usize = 64 * 1024;
/// Most failures kept on each shelf.
const FAILURES_MAX: usize = 1024;

/// One fetch: another purpose is another fetch, because what one caller refuses another may read.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) url: Arc<str>,
    pub(super) limits: Limits,
}

/// What is remembered. What strangers named has a shelf of its own: however much of it there is, it pushes out no client's keys.
pub(super) struct Memory {
    registered: Shelf,
    strangers: Shelf,
}

struct Shelf {
    contents: Bounded<Key, Arc<Fetched>>,
    failures: Bounded<Key, OutboundError>,
}

impl Shelf {
    fn new() -> Self {
        Self { contents: Bounded::new(CONTENTS_MAX), failures: Bounded::new(FAILURES_MAX) }
    }
}

impl Memory {
    pub(super) fn new() -> Self {
        Self { registered: Shelf::new(), strangers: Shelf::new() }
    }

    fn shelf(&mut self, key: &Key) -> &mut Shelf {
        match key.limits.named_by {
            NamedBy::Registration => &mut self.registered,
            NamedBy::Anybody => &mut self.strangers,
        }
    }

    /// The fresh content, when it was fetched at `least` or later; else the failure that is still remembered.
    pub(super) fn recall(
        &mut self,
        key: &Key,
        least: Timestamp,
        now: Timestamp,
    ) -> Option<Result<Arc<Fetched>, OutboundError>> {
        let shelf = self.shelf(key);
        if let Some(content) = shelf.contents.get(key, now).filter(|content| content.fetched >= least) {
            return Some(Ok(content.clone()));
        }
        shelf.failures.get(key, now).map(|error| Err(error.clone()))
    }

    /// Keeps what a fetch gave. A failure never replaces a content that is still fresh.
    pub(super) fn keep(&mut self, key: Key, result: &Result<Arc<Fetched>, OutboundError>, now: Timestamp) {
        let shelf = self.shelf(&key);
        match result {
            Ok(content) => {
                shelf.failures.remove(&key, now);
                if content.body.len() <= CONTENT_BYTES_MAX {
                    let _ = shelf.contents.insert(key, content.clone(), content.fresh_until, now, |_| true);
                }
            }
            // The fault is ours, and may be over in a moment.
            Err(OutboundError::Busy) => {}
            Err(error) => {
                let _ = shelf.failures.insert(key, error.clone(), now.plus_seconds(FAILED_SECONDS), now, |_| true);
            }
        }
    }
}

/// Until when a content counts as fresh (RFC 9111 §4.2): what its sender says, within our own bounds. A sender who says `no-store` is asked
/// again after the shortest time: keys must be at hand when many signatures arrive at once.
pub(super) fn fresh_until(cache_control: Option<&str>, age_seconds: u64, now: Timestamp) -> Timestamp {
    let said = cache_control.and_then(max_age).unwrap_or(0).saturating_sub(age_seconds);
    let seconds = said.clamp(FRESH_SECONDS.0, FRESH_SECONDS.1);
    now.plus_seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
}

/// RFC 9111 §5.2.2.1: the first `max-age`, as a token or quoted. With `no-store` or `no-cache` beside it, it counts for nothing.
fn max_age(cache_control: &str) -> Option<u64> {
    let mut found = None;
    for directive in cache_control.split(',') {
        let (name, value) = directive.split_once('=').map_or((directive, None), |(name, value)| (name, Some(value)));
        match name.trim().to_ascii_lowercase().as_str() {
            "no-store" | "no-cache" => return None,
            "max-age" if found.is_none() => {
                found = value.and_then(|digits| digits.trim().trim_matches('"').parse().ok());
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

    fn key() -> Key {
        Key { url: "https://keys.example/".into(), limits: Limits::JWKS }
    }

    fn content(seconds: i64, bytes: usize) -> Result<Arc<Fetched>, OutboundError> {
        Ok(Arc::new(Fetched {
            status: 200,
            content_type: "application/json".to_owned(),
            body: Bytes::from(vec![b' '; bytes]),
            fetched: NOW,
            fresh_until: NOW.plus_seconds(seconds),
        }))
    }

    fn failure() -> Result<Arc<Fetched>, OutboundError> {
        Err(OutboundError::TimedOut { host: "keys.example".into() })
    }

    fn check(cache_control: Option<&str>, age: u64, seconds: i64) {
        assert_eq!(fresh_until(cache_control, age, NOW), NOW.plus_seconds(seconds), "{cache_control:?} {age}");
    }

    #[test]
    fn freshness_is_what_the_sender_says_within_bounds() {
        check(None, 0, 60);
        check(Some("max-age=600"), 0, 600);
        check(Some("public, Max-Age=600, must-revalidate"), 0, 600);
        check(Some("max-age=\"600\""), 0, 600);
        check(Some("max-age=600"), 100, 500);
        check(Some("max-age=600"), u64::MAX, 60);
        check(Some("max-age=1"), 0, 60);
        check(Some("max-age=31536000"), 0, 3600);
        check(Some("max-age=99999999999999999999"), 0, 60);
        check(Some("max-age=-5"), 0, 60);
        check(Some("max-age=600, no-store"), 0, 60);
        check(Some("s-maxage=600"), 0, 60);
    }

    #[test]
    fn contents_are_recalled_while_fresh() {
        let mut memory = Memory::new();
        memory.keep(key(), &content(60, 10), NOW);
        assert!(matches!(memory.recall(&key(), NOW, NOW.plus_seconds(59)), Some(Ok(_))));
        assert!(memory.recall(&key(), NOW, NOW.plus_seconds(60)).is_none());
        assert!(
            memory.recall(&key(), NOW.plus_seconds(1), NOW.plus_seconds(1)).is_none(),
            "an older one was not asked for"
        );
        let other = Key { limits: Limits::SECTOR_IDENTIFIERS, ..key() };
        assert!(memory.recall(&other, NOW, NOW).is_none(), "another purpose reads for itself");
    }

    #[test]
    fn failures_are_remembered_shortly_and_never_hide_a_content() {
        let mut memory = Memory::new();
        memory.keep(key(), &failure(), NOW);
        assert!(matches!(memory.recall(&key(), NOW, NOW.plus_seconds(29)), Some(Err(_))));
        assert!(memory.recall(&key(), NOW, NOW.plus_seconds(30)).is_none());

        memory.keep(key(), &content(600, 10), NOW);
        assert!(matches!(memory.recall(&key(), NOW, NOW), Some(Ok(_))), "success clears the failure");
        memory.keep(key(), &failure(), NOW.plus_seconds(40));
        assert!(matches!(memory.recall(&key(), NOW, NOW.plus_seconds(41)), Some(Ok(_))));
        assert!(matches!(memory.recall(&key(), NOW.plus_seconds(30), NOW.plus_seconds(41)), Some(Err(_))));
    }

    #[test]
    fn what_strangers_name_pushes_out_no_clients_keys() {
        let mut memory = Memory::new();
        memory.keep(key(), &content(600, 10), NOW);
        for n in 0..=CONTENTS_MAX {
            let url: Arc<str> = format!("https://stranger.example/{n}").into();
            for limits in [Limits::CLIENT_METADATA, Limits::JWKS_OF_DOCUMENT] {
                memory.keep(Key { url: Arc::clone(&url), limits }, &content(3600, 10), NOW);
            }
        }
        assert!(matches!(memory.recall(&key(), NOW, NOW), Some(Ok(_))));
    }

    #[test]
    fn our_own_overload_is_nobodys_failure() {
        let mut memory = Memory::new();
        memory.keep(key(), &Err(OutboundError::Busy), NOW);
        assert!(memory.recall(&key(), NOW, NOW).is_none());
    }

    #[test]
    fn what_is_too_large_to_keep_is_not_kept() {
        let mut memory = Memory::new();
        memory.keep(key(), &content(600, CONTENT_BYTES_MAX + 1), NOW);
        assert!(memory.recall(&key(), NOW, NOW).is_none());
    }
}
