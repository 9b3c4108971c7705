//! A map with a hard bound, for things that strangers can make grow.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
};

use model::Timestamp;

/// Entries in order of arrival; expired ones leave first, then the oldest that may be pushed out.
pub(crate) struct Bounded<K, V> {
    entries: HashMap<K, Entry<V>>,
    arrivals: VecDeque<(K, u64)>,
    arrival: u64,
    entries_max: usize,
}

struct Entry<V> {
    value: V,
    expires: Timestamp,
    arrival: u64,
}

/// The map is full of entries that must not be pushed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

impl<K: Hash + Eq + Clone, V> Bounded<K, V> {
    pub(crate) fn new(entries_max: usize) -> Self {
        Self { entries: HashMap::new(), arrivals: VecDeque::new(), arrival: 0, entries_max }
    }

    /// Adds an entry. When the map is full the oldest leaves, if `may_leave` agrees.
    pub(crate) fn insert(
        &mut self,
        key: K,
        value: V,
        expires: Timestamp,
        now: Timestamp,
        may_leave: impl Fn(&V) -> bool,
    ) -> Result<(), Full> {
        self.drop_expired(now);
        while self.entries.len() >= self.entries_max {
            let Some((oldest, arrival)) = self.arrivals.front() else { return Err(Full) };
            match self.entries.get(oldest) {
                Some(entry) if entry.arrival == *arrival && !may_leave(&entry.value) => return Err(Full),
                Some(entry) if entry.arrival == *arrival => {
                    self.entries.remove(oldest);
                }
                Some(_) | None => {}
            }
            self.arrivals.pop_front();
        }
        self.arrival += 1;
        self.arrivals.push_back((key.clone(), self.arrival));
        self.entries.insert(key, Entry { value, expires, arrival: self.arrival });
        Ok(())
    }

    /// The live entry under `key`.
    pub(crate) fn get(&self, key: &K, now: Timestamp) -> Option<&V> {
        self.entries.get(key).filter(|e| now < e.expires).map(|e| &e.value)
    }

    /// The live entry under `key`, to change in place.
    pub(crate) fn get_mut(&mut self, key: &K, now: Timestamp) -> Option<&mut V> {
        self.entries.get_mut(key).filter(|e| now < e.expires).map(|e| &mut e.value)
    }

    /// Takes the live entry under `key` out.
    pub(crate) fn remove(&mut self, key: &K, now: Timestamp) -> Option<V> {
        self.entries.remove(key).filter(|e| now < e.expires).map(|e| e.value)
    }

    /// Forgets expired entries at the front. Entries arrive in order of expiry, give or take, so this stays cheap.
    fn drop_expired(&mut self, now: Timestamp) {
        self.take_expired(now, |_| {});
    }

    /// The same; says of each what it was.
    pub(crate) fn take_expired(&mut self, now: Timestamp, mut gone_is: impl FnMut(&V)) {
        while let Some((key, arrival)) = self.arrivals.front() {
            let gone = match self.entries.get(key) {
                Some(entry) if entry.arrival == *arrival => {
                    if now < entry.expires {
                        return;
                    }
                    true
                }
                Some(_) | None => false,
            };
            if gone && let Some(entry) = self.entries.remove(key) {
                gone_is(&entry.value);
            }
            self.arrivals.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000);

    #[test]
    fn the_oldest_leaves_when_it_may() {
        let mut map = Bounded::new(2);
        for key in 1..=3 {
            map.insert(key, key, NOW.plus_seconds(60), NOW, |_| true).unwrap();
        }
        assert_eq!(map.get(&1, NOW), None);
        assert_eq!(map.get(&3, NOW), Some(&3));
    }

    #[test]
    fn full_of_what_must_stay_refuses() {
        let mut map = Bounded::new(1);
        map.insert(1, (), NOW.plus_seconds(60), NOW, |_| false).unwrap();
        assert_eq!(map.insert(2, (), NOW.plus_seconds(60), NOW, |_| false), Err(Full));
        let later = NOW.plus_seconds(61);
        assert_eq!(map.insert(2, (), later.plus_seconds(60), later, |_| false), Ok(()), "expired entries make room");
    }

    #[test]
    fn expired_entries_are_not_found() {
        let mut map = Bounded::new(4);
        map.insert("a", 1, NOW.plus_seconds(1), NOW, |_| true).unwrap();
        assert_eq!(map.get(&"a", NOW.plus_seconds(1)), None);
        assert!(map.get_mut(&"a", NOW.plus_seconds(1)).is_none());
    }

    #[test]
    fn a_key_written_again_outlives_its_first_arrival() {
        let mut map = Bounded::new(2);
        map.insert("a", 1, NOW.plus_seconds(1), NOW, |_| true).unwrap();
        map.insert("a", 2, NOW.plus_seconds(60), NOW, |_| true).unwrap();
        map.insert("b", 3, NOW.plus_seconds(60), NOW.plus_seconds(2), |_| true).unwrap();
        assert_eq!(map.get(&"a", NOW.plus_seconds(2)), Some(&2));
    }
}
