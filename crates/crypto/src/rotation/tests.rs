//! The plan is carried out against a small world: a clock that jumps, a store, and strangers who cache the key set.

use std::collections::BTreeSet;

use super::*;
use crate::RsaBits;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

fn policy(kinds: &[KeyKind]) -> RotationPolicy {
    RotationPolicy {
        kinds: kinds.to_vec(),
        publish_before_seconds: DAY,
        active_seconds: 30 * DAY,
        keep_after_seconds: 2 * DAY,
    }
}

fn usual() -> RotationPolicy {
    policy(&[KeyKind::Es256])
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_800_000_000 + seconds)
}

fn id(byte: u8) -> KeyId {
    KeyId::from_bytes([byte; 16])
}

fn key(byte: u8, state: KeyState, since: i64) -> KeyFacts {
    KeyFacts { id: id(byte), kind: KeyKind::Es256, state, since: at(since) }
}

use KeyState::{Active, Pending, Retiring, Withdrawn};
use KeyStep::{Activate, Create, CreateActive, Remove, Retire, Withdraw};

#[test]
fn a_new_house_signs_at_once() {
    let kinds = [KeyKind::Es256, KeyKind::Rs256(RsaBits::Bits3072)];
    assert_eq!(plan(&[], at(0), &policy(&kinds)), [CreateActive(kinds[0]), CreateActive(kinds[1])]);
}

#[test]
fn the_life_of_a_key_second_by_second() {
    let check = |keys: &[KeyFacts], now: i64, expected: &[KeyStep]| {
        assert_eq!(plan(keys, at(now), &usual()), expected, "{keys:?} at {now}");
    };
    let active = key(1, Active, 0);
    check(&[active], 29 * DAY - 1, &[]);
    check(&[active], 29 * DAY, &[Create(KeyKind::Es256)]);
    let next = key(2, Pending, 29 * DAY);
    check(&[active, next], 29 * DAY, &[]);
    check(&[active, next], 30 * DAY - 1, &[]);
    check(&[active, next], 30 * DAY, &[Activate(id(2)), Retire(id(1))]);
    let (former, active) = (key(1, Retiring, 30 * DAY), key(2, Active, 30 * DAY));
    check(&[former, active], 32 * DAY - 1, &[]);
    check(&[former, active], 32 * DAY, &[Remove(id(1))]);
    check(&[active], 32 * DAY, &[]);
}

#[test]
fn nothing_signs_before_everybody_can_have_seen_it() {
    // The plan was not asked for a long time: the key in use is overdue, and goes on until its successor may.
    let overdue = key(1, Active, 0);
    assert_eq!(plan(&[overdue], at(100 * DAY), &usual()), [Create(KeyKind::Es256)]);
    let late = key(2, Pending, 100 * DAY);
    assert_eq!(plan(&[overdue, late], at(101 * DAY - 1), &usual()), []);
    assert_eq!(plan(&[overdue, late], at(101 * DAY), &usual()), [Activate(id(2)), Retire(id(1))]);
}

#[test]
fn the_pending_key_that_waits_longest_is_next() {
    let keys = [key(1, Active, 0), key(3, Pending, 5 * DAY), key(2, Pending, 6 * DAY)];
    assert_eq!(plan(&keys, at(30 * DAY), &usual()), [Activate(id(3)), Retire(id(1))]);
}

#[test]
fn a_new_algorithm_waits_until_its_key_was_seen() {
    let both = policy(&[KeyKind::Es256, KeyKind::EdDsa]);
    let es = key(1, Active, 0);
    assert_eq!(plan(&[es], at(HOUR), &both), [Create(KeyKind::EdDsa)]);
    let ed = KeyFacts { kind: KeyKind::EdDsa, ..key(2, Pending, HOUR) };
    assert_eq!(plan(&[es, ed], at(HOUR), &both), []);
    assert_eq!(plan(&[es, ed], at(HOUR + DAY), &both), [Activate(id(2))]);
}

#[test]
fn an_algorithm_that_is_given_up_is_kept_until_nothing_of_it_lives() {
    let es = key(1, Active, 0);
    let ed = |byte, state, since| KeyFacts { kind: KeyKind::EdDsa, ..key(byte, state, since) };
    let keys = [es, ed(2, Active, 0), ed(3, Pending, 0), ed(4, Retiring, 0)];
    assert_eq!(plan(&keys, at(HOUR), &usual()), [Retire(id(2)), Remove(id(3))]);
    let keys = [es, ed(2, Retiring, HOUR), ed(4, Retiring, 0)];
    assert_eq!(plan(&keys, at(2 * DAY), &usual()), [Remove(id(4))]);
}

#[test]
fn a_longer_rsa_key_comes_with_the_next_rotation() {
    let old = KeyFacts { kind: KeyKind::Rs256(RsaBits::Bits2048), ..key(1, Active, 0) };
    let wanted = policy(&[KeyKind::Rs256(RsaBits::Bits3072)]);
    assert_eq!(plan(&[old], at(HOUR), &wanted), []);
    assert_eq!(plan(&[old], at(29 * DAY), &wanted), [Create(KeyKind::Rs256(RsaBits::Bits3072))]);
}

#[test]
fn of_two_active_keys_the_younger_stays() {
    let keys = [key(1, Active, 10), key(2, Active, 0), key(3, Active, 5)];
    assert_eq!(plan(&keys, at(HOUR), &usual()), [Retire(id(2)), Retire(id(3))]);
}

#[test]
fn a_gap_is_closed_at_once() {
    // Somebody retired the active key by hand.
    let former = key(1, Retiring, 0);
    assert_eq!(plan(&[former], at(HOUR), &usual()), [CreateActive(KeyKind::Es256)]);
    assert_eq!(plan(&[former, key(2, Pending, HOUR)], at(HOUR), &usual()), [Activate(id(2))]);
    assert_eq!(plan(&[key(1, Withdrawn, 0)], at(HOUR), &usual()), [CreateActive(KeyKind::Es256)]);
    // Long after, nobody relies on the algorithm any more: it begins like a new one.
    assert_eq!(plan(&[key(1, Withdrawn, 0)], at(9 * DAY), &usual()), [Create(KeyKind::Es256)]);
}

#[test]
fn a_clock_that_went_back_changes_nothing() {
    let keys = [key(1, Active, 100 * DAY), key(2, Pending, 100 * DAY), key(3, Retiring, 100 * DAY)];
    assert_eq!(plan(&keys, at(0), &usual()), []);
}

#[test]
fn an_emergency_takes_the_next_key_or_a_fresh_one() {
    let (active, next) = (key(1, Active, 0), key(2, Pending, 0));
    assert_eq!(withdraw(&[active, next], id(1), &usual()), Ok(vec![Withdraw(id(1)), Activate(id(2))]));
    assert_eq!(withdraw(&[active], id(1), &usual()), Ok(vec![Withdraw(id(1)), CreateActive(KeyKind::Es256)]));
    let former = key(3, Retiring, 0);
    assert_eq!(withdraw(&[active, next, former], id(3), &usual()), Ok(vec![Withdraw(id(3))]));
    assert_eq!(withdraw(&[active, next], id(2), &usual()), Ok(vec![Withdraw(id(2))]));
    // Another key of the algorithm signs already.
    assert_eq!(withdraw(&[active, key(4, Active, 0)], id(1), &usual()), Ok(vec![Withdraw(id(1))]));
    // The algorithm is given up.
    assert_eq!(withdraw(&[active], id(1), &policy(&[KeyKind::EdDsa])), Ok(vec![Withdraw(id(1))]));
}

#[test]
fn a_key_is_withdrawn_once() {
    assert_eq!(withdraw(&[], id(1), &usual()), Err(UnknownKey));
    assert_eq!(withdraw(&[key(1, Withdrawn, 0)], id(1), &usual()), Err(UnknownKey));
}

#[test]
fn another_algorithms_pending_key_is_no_successor() {
    let ed = KeyFacts { kind: KeyKind::EdDsa, ..key(2, Pending, 0) };
    let both = policy(&[KeyKind::Es256, KeyKind::EdDsa]);
    let steps = withdraw(&[key(1, Active, 0), ed], id(1), &both);
    assert_eq!(steps, Ok(vec![Withdraw(id(1)), CreateActive(KeyKind::Es256)]));
}

#[test]
fn policies_that_break_a_promise_are_refused() {
    let refusal = |policy: &RotationPolicy| policy.check(DAY, 2 * DAY).err();
    assert_eq!(refusal(&usual()), None);
    let check = |change: fn(&mut RotationPolicy), expected| {
        let mut changed = usual();
        change(&mut changed);
        assert_eq!(refusal(&changed), Some(expected), "{changed:?}");
    };
    check(|policy| policy.kinds.clear(), BadRotationPolicy::NoKind);
    let twice: fn(&mut RotationPolicy) = |policy| {
        policy.kinds = vec![KeyKind::Rs256(RsaBits::Bits2048), KeyKind::EdDsa, KeyKind::Rs256(RsaBits::Bits3072)];
    };
    check(twice, BadRotationPolicy::Twice(SigningAlg::Rs256));
    let least = DAY;
    check(|policy| policy.publish_before_seconds = DAY - 1, BadRotationPolicy::PublishedTooShort { least });
    check(|policy| policy.active_seconds = DAY - 1, BadRotationPolicy::ActiveTooShort { least });
    check(|policy| policy.keep_after_seconds = 2 * DAY - 1, BadRotationPolicy::KeptTooShort { least: 2 * DAY });
    let mut always_a_spare = usual();
    always_a_spare.publish_before_seconds = always_a_spare.active_seconds;
    assert_eq!(refusal(&always_a_spare), None);
}

/// A house that does as it is told, and what the world has seen of it.
struct World {
    policy: RotationPolicy,
    jwks_max_age: i64,
    token_seconds: i64,
    keys: Vec<KeyFacts>,
    made: u32,
    /// When each key set began to be published, and what was in it.
    published: Vec<(Timestamp, BTreeSet<KeyId>)>,
    /// When each key last signed.
    signed: Vec<(Timestamp, KeyId)>,
}

impl World {
    fn new(policy: RotationPolicy, jwks_max_age: i64, token_seconds: i64) -> Self {
        policy.check(jwks_max_age, token_seconds).unwrap();
        let (keys, published, signed) = (vec![], vec![], vec![]);
        Self { policy, jwks_max_age, token_seconds, keys, made: 0, published, signed }
    }

    fn apply(&mut self, steps: &[KeyStep], now: Timestamp) {
        for step in steps {
            match *step {
                Create(kind) => self.make(kind, Pending, now),
                CreateActive(kind) => self.make(kind, Active, now),
                Activate(id) => self.shift(id, &[Pending], Active, now),
                Retire(id) => self.shift(id, &[Active], Retiring, now),
                Withdraw(id) => self.shift(id, &[Pending, Active, Retiring], Withdrawn, now),
                Remove(id) => self.keys.retain(|key| key.id != id),
            }
        }
        let seen = self.keys.iter().filter(|key| key.state != Withdrawn).map(|key| key.id).collect();
        if self.published.last().is_none_or(|(_, last)| *last != seen) {
            self.published.push((now, seen));
        }
    }

    fn make(&mut self, kind: KeyKind, state: KeyState, now: Timestamp) {
        self.made += 1;
        let mut bytes = [0; 16];
        bytes[12..].copy_from_slice(&self.made.to_be_bytes());
        self.keys.push(KeyFacts { id: KeyId::from_bytes(bytes), kind, state, since: now });
    }

    fn shift(&mut self, id: KeyId, from: &[KeyState], to: KeyState, now: Timestamp) {
        let key = self.keys.iter_mut().find(|key| key.id == id).expect("the plan names keys that exist");
        assert!(from.contains(&key.state), "{key:?} to {to:?}");
        (key.state, key.since) = (to, now);
    }

    fn active(&self, alg: SigningAlg) -> Vec<KeyId> {
        self.keys.iter().filter(|key| key.kind.alg() == alg && key.state == Active).map(|key| key.id).collect()
    }

    /// Signs with every algorithm, and looks whether the promises hold.
    fn sign_and_check(&mut self, algs: &[SigningAlg], now: Timestamp) {
        for &alg in algs {
            let active = self.active(alg);
            assert_eq!(active.len(), 1, "{alg:?} at {now:?}: {:?}", self.keys);
            self.signed.push((now, active[0]));
            for seen in self.cached(now) {
                assert!(seen.contains(&active[0]), "{active:?} signs at {now:?}, a cached set has {seen:?}");
            }
        }
        let alive = now.plus_seconds(-self.token_seconds);
        self.signed.retain(|(when, _)| *when > alive);
        let present = &self.published.last().unwrap().1;
        for (when, id) in &self.signed {
            assert!(present.contains(id), "{id:?} signed at {when:?} and is gone at {now:?}");
        }
    }

    /// The key sets that somebody may hold at `now`: fetched at most `max-age` ago.
    fn cached(&self, now: Timestamp) -> impl Iterator<Item = &BTreeSet<KeyId>> {
        let oldest = now.plus_seconds(-self.jwks_max_age);
        let from = self.published.iter().rposition(|(since, _)| *since <= oldest).unwrap_or(0);
        self.published[from..].iter().map(|(_, set)| set)
    }
}

/// Steps of time that look random and are the same each time.
fn steps_of_time(seed: u64, most: i64) -> impl Iterator<Item = i64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        1 + (state >> 33) as i64 % most
    })
}

#[test]
fn the_promises_hold_at_every_instant() {
    let kinds = [KeyKind::Es256, KeyKind::EdDsa, KeyKind::Rs256(RsaBits::Bits2048)];
    let algs = kinds.map(KeyKind::alg);
    for seed in 0..24u64 {
        // Asked often, asked rarely, asked far too rarely; with and without a spare key at all times.
        let most = [60, HOUR, DAY, 40 * DAY][(seed % 4) as usize];
        let (max_age, token) = ([HOUR, DAY][(seed / 4 % 2) as usize], [300, DAY][(seed / 8 % 2) as usize]);
        let active_seconds = 3 * DAY;
        let publish_before_seconds = if seed % 3 == 0 { active_seconds } else { max_age };
        let policy =
            RotationPolicy { kinds: kinds.to_vec(), publish_before_seconds, active_seconds, keep_after_seconds: token };
        let mut world = World::new(policy, max_age, token);
        let mut now = at(0);
        for step in steps_of_time(seed + 1, most).take(400) {
            // A key that has just begun to sign may want a spare at once; then there is nothing more to do.
            for _ in 0..2 {
                let steps = plan(&world.keys, now, &world.policy);
                world.apply(&steps, now);
            }
            assert_eq!(plan(&world.keys, now, &world.policy), [], "a plan that was carried out asks for no more");
            world.sign_and_check(&algs, now);
            assert!(world.keys.len() <= 4 * kinds.len(), "seed {seed}: {:?}", world.keys);
            now = now.plus_seconds(step);
            world.sign_and_check(&algs, now);
        }
        assert!(most < HOUR || world.made > 6, "seed {seed} saw no rotation");
    }
}

#[test]
fn after_an_emergency_the_stolen_key_is_gone_and_another_signs() {
    for spare in [false, true] {
        let mut policy = usual();
        if spare {
            policy.publish_before_seconds = policy.active_seconds;
        }
        let mut world = World::new(policy, DAY, 300);
        let (mut now, alg) = (at(0), SigningAlg::Es256);
        for _ in 0..3 {
            // A spare key is published with the first one, and seen by everybody a day later.
            world.apply(&plan(&world.keys, now, &world.policy), now);
            world.apply(&plan(&world.keys, now, &world.policy), now);
            now = now.plus_seconds(2 * DAY);
            let stolen = world.active(alg)[0];
            let steps = withdraw(&world.keys, stolen, &world.policy).unwrap();
            world.apply(&steps, now);
            world.signed.clear();
            let active = world.active(alg);
            assert!(active.len() == 1 && active[0] != stolen);
            assert!(!world.published.last().unwrap().1.contains(&stolen));
            let everybody_has_it = world.cached(now).all(|seen| seen.contains(&active[0]));
            assert_eq!(everybody_has_it, spare);
        }
    }
}
