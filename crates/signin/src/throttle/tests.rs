//! What an attacker gets, what a victim keeps, and what holds for every counter.

use crypto::HashKey;
use model::{PersonId, Timestamp};
use proptest::prelude::*;

use super::{
    Account, Admission, Counter, Counters, Keys, Kind, Outcome, Scope, admit, after,
    pace::{Pace, pace},
    stale_before,
};
use crate::limits::FAILURES_IN_A_ROW_MAX;

const KINDS: [Kind; 4] = [Kind::Password, Kind::Totp, Kind::RecoveryCode, Kind::Passkey];
const WAIT_SECONDS_MAX: u32 = 15 * 60;

fn start() -> Timestamp {
    Timestamp::from_seconds(1_700_000_000)
}

/// Fails on as soon as it is allowed, `times` over. Gives the counters, the time, and the waits.
fn hammer(kind: Kind, times: usize, mut counters: Counters) -> (Counters, Timestamp, Vec<u32>) {
    let (mut now, mut waits) = (start(), Vec::new());
    for _ in 0..times {
        let mut waited = 0;
        while let Admission::Wait { seconds } = admit(&counters, now, kind) {
            now = now.plus_seconds(i64::from(seconds));
            waited += seconds;
        }
        waits.push(waited);
        counters = after(&counters, Outcome::Failed, now, kind);
    }
    (counters, now, waits)
}

#[test]
fn five_are_free_and_then_the_wait_doubles_to_a_quarter_of_an_hour() {
    let (.., waits) = hammer(Kind::Password, 17, Counters::NONE);
    let expected = [0, 0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900];
    // Some are forgotten on the long way; the first sixteen tries come before that.
    assert_eq!(waits[..14], expected[..14]);
    assert!(waits[14..].iter().all(|wait| (256..=900).contains(wait)), "{waits:?}");
}

#[test]
fn requests_that_overtake_each_other_do_not_wait_for_each_other() {
    let (first, second) = (Timestamp::from_millis(1_700_000_000_000), Timestamp::from_millis(1_700_000_000_007));
    for kind in KINDS {
        // The later one was counted first.
        let counters = after(&Counters::NONE, Outcome::Failed, second, kind);
        assert_eq!(admit(&counters, first, kind), Admission::Admit, "{kind:?}");
        let counters = after(&counters, Outcome::Proved, second, kind);
        assert_eq!(admit(&counters, first, kind), Admission::Admit, "{kind:?}");
    }
}

#[test]
fn a_patient_attacker_gets_a_hundred_tries_and_then_none() {
    let (counters, now, waits) = hammer(Kind::Password, FAILURES_IN_A_ROW_MAX as usize, Counters::NONE);
    let hours = waits.iter().sum::<u32>() / 3600;
    assert!((12..48).contains(&hours), "a hundred tries take {hours} hours");
    let years_later = now.plus_seconds(3 * 365 * 86_400);
    for later in [now.plus_seconds(900), years_later] {
        assert_eq!(admit(&counters, later, Kind::Password), Admission::Rest);
        assert_eq!(admit(&counters, later, Kind::Totp), Admission::Rest);
        // What can't be guessed goes on.
        assert_eq!(admit(&counters, later, Kind::RecoveryCode), Admission::Admit);
        assert_eq!(admit(&counters, later, Kind::Passkey), Admission::Admit);
    }
    // Tries during the rest don't pile up, and the passkey ends it.
    let more = after(&counters, Outcome::Failed, years_later, Kind::Password);
    assert_eq!(more.streak.failures, FAILURES_IN_A_ROW_MAX);
    let proved = after(&more, Outcome::Proved, years_later, Kind::Passkey);
    assert_eq!(proved.streak, Counter::NONE);
    assert_eq!(admit(&proved, years_later, Kind::Password), Admission::Admit);
    // Ninety-nine is not a hundred.
    let (counters, now, _) = hammer(Kind::Totp, FAILURES_IN_A_ROW_MAX as usize - 1, Counters::NONE);
    assert_eq!(admit(&counters, now.plus_seconds(900), Kind::Totp), Admission::Admit);
}

#[test]
fn a_name_that_nobody_holds_waits_like_one_that_somebody_does() {
    // The only difference is the streak, which a missing name has no row for.
    let (mut known, mut unknown, mut now) = (Counters::NONE, Counters::NONE, start());
    for _ in 0..60 {
        assert_eq!(admit(&known, now, Kind::Password), admit(&unknown, now, Kind::Password));
        known = after(&known, Outcome::Failed, now, Kind::Password);
        unknown = after(&unknown, Outcome::Failed, now, Kind::Password);
        unknown.streak = Counter::NONE;
        now = now.plus_seconds(400);
    }
}

#[test]
fn success_clears_the_account_and_gives_the_address_its_charge_back() {
    let mut counters = Counters::NONE;
    for _ in 0..4 {
        counters = after(&counters, Outcome::Failed, start(), Kind::Password);
    }
    let charged = after(&counters, Outcome::Failed, start(), Kind::Password);
    let proved = after(&charged, Outcome::Proved, start(), Kind::Password);
    assert_eq!((proved.account, proved.streak), (Counter::NONE, Counter::NONE));
    assert_eq!((proved.address.failures, proved.network.failures, proved.everyone.failures), (4, 4, 4));

    // A right password with a code still to come ends nothing: else it would buy five more guesses at the code.
    let passed = after(&charged, Outcome::Passed, start(), Kind::Password);
    assert_eq!((passed.account.failures, passed.streak.failures, passed.address.failures), (4, 4, 4));
    let recovered = after(&charged, Outcome::Proved, start(), Kind::RecoveryCode);
    assert_eq!((recovered.account, recovered.streak), (charged.account, charged.streak));
}

#[test]
fn an_office_behind_one_address_signs_in_all_morning() {
    let (mut counters, mut now) = (Counters::NONE, start());
    for person in 0..2000 {
        // Each is another account; one in five mistypes once.
        for outcome in if person % 5 == 0 { &[Outcome::Failed, Outcome::Proved][..] } else { &[Outcome::Proved][..] } {
            counters.account = Counter::NONE;
            counters.streak = Counter::NONE;
            assert_eq!(admit(&counters, now, Kind::Password), Admission::Admit, "person {person}");
            counters = after(&counters, Outcome::Failed, now, Kind::Password);
            if *outcome == Outcome::Proved {
                counters = after(&counters, Outcome::Proved, now, Kind::Password);
            }
        }
        now = now.plus_seconds(13);
    }
}

#[test]
fn many_tries_at_once_are_counted_as_many() {
    // Charged beforehand, each sees the ones before it: of a thousand at one moment, six are looked at.
    let mut counters = Counters::NONE;
    let mut looked_at = 0;
    for _ in 0..1000 {
        if admit(&counters, start(), Kind::Password) == Admission::Admit {
            counters = after(&counters, Outcome::Failed, start(), Kind::Password);
            looked_at += 1;
        }
    }
    assert_eq!(looked_at, 6);
}

#[test]
fn keys_part_what_must_not_meet() {
    let key = HashKey::new(&[1; 32]);
    let ip = |text: &str| text.parse().expect("an address");
    let (ada, bob) = (PersonId::from_bytes([1; 16]), PersonId::from_bytes([2; 16]));
    let of = |kind, account, address: &str| Keys::of(kind, &account, ip(address), &key);
    let base = of(Kind::Password, Account::Person(ada), "192.0.2.7");

    // One account whatever is typed; another person, or a missing name, is another.
    assert_eq!(base, of(Kind::Totp, Account::Person(ada), "192.0.2.7"));
    assert_eq!(base, of(Kind::Password, Account::Person(ada), "::ffff:192.0.2.7"));
    assert_ne!(base.account, of(Kind::Password, Account::Person(bob), "192.0.2.7").account);
    assert_ne!(base.account, of(Kind::Password, Account::UnknownName([1; 32]), "192.0.2.7").account);
    assert_eq!(of(Kind::Password, Account::UnknownName([1; 32]), "192.0.2.7").streak, None);
    assert_eq!(base.streak, Some(Keys::streak_of(ada, &key)));

    // Passkeys share nothing with what is typed but the streak that they end.
    let passkey = of(Kind::Passkey, Account::Person(ada), "192.0.2.7");
    assert_eq!((passkey.account, passkey.streak), (None, base.streak));
    assert!(passkey.address != base.address && passkey.network != base.network && passkey.everyone != base.everyone);
    let unnamed = of(Kind::Passkey, Account::Unnamed, "192.0.2.7");
    assert_eq!((unnamed.account, unnamed.streak, unnamed.address), (None, None, passkey.address));
    let recovery = of(Kind::RecoveryCode, Account::Person(ada), "192.0.2.7");
    assert_eq!((recovery.account, recovery.streak, recovery.address), (None, None, base.address));

    // Blocks: IPv4 by address and /24, IPv6 by /64 and /48.
    let blocks = |address| {
        let keys = of(Kind::Password, Account::Unnamed, address);
        (keys.address, keys.network)
    };
    for (one, other, same_address, same_network) in [
        ("192.0.2.7", "192.0.2.8", false, true),
        ("192.0.2.7", "192.0.3.7", false, false),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true, true),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", false, true),
        ("2001:db8:0:1::1", "2001:db8:1:1::1", false, false),
    ] {
        let (a, b) = (blocks(one), blocks(other));
        assert_eq!((a.0 == b.0, a.1 == b.1), (same_address, same_network), "{one} {other}");
    }
    assert_ne!(
        base.address,
        Keys::of(Kind::Password, &Account::Unnamed, ip("192.0.2.7"), &HashKey::new(&[2; 32])).address
    );
    assert_eq!(format!("{base:?}"), "Keys(…)");
}

#[test]
fn scopes_go_into_words_and_back() {
    for scope in Scope::ALL {
        assert_eq!(Scope::from_word(scope.as_str()), Some(scope));
    }
    assert_eq!(Scope::from_word("planet"), None);
}

fn counter() -> impl Strategy<Value = Counter> {
    // Around now, far off on both sides, and as a damaged row might hold.
    let moment = || {
        prop_oneof![
            -2_000_000_i64..2_000_000,
            any::<i32>().prop_map(|seconds| i64::from(seconds) * 1000),
            Just(i64::MIN),
            Just(i64::MAX)
        ]
        .prop_map(|millis| Timestamp::from_millis(start().millis().saturating_add(millis)))
    };
    let failures = prop_oneof![0_u32..50, any::<u32>()];
    (failures, moment(), moment()).prop_map(|(failures, last, until)| Counter { failures, last, until })
}

fn counters() -> impl Strategy<Value = Counters> {
    (counter(), counter(), counter(), counter(), counter()).prop_map(|(account, streak, address, network, everyone)| {
        Counters { account, streak, address, network, everyone }
    })
}

fn kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(&KINDS[..])
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop::sample::select(&[Outcome::Failed, Outcome::Passed, Outcome::Proved][..])
}

fn paces() -> impl Strategy<Value = Pace> {
    let all: Vec<Pace> =
        Scope::ALL.iter().flat_map(|scope| KINDS.iter().filter_map(|kind| pace(*scope, *kind))).collect();
    prop::sample::select(all)
}

proptest! {
    #[test]
    fn a_wait_is_never_negative_nor_longer_than_the_cap(counters in counters(), kind in kind(), outcome in outcome()) {
        for state in [counters, after(&counters, outcome, start(), kind)] {
            if let Admission::Wait { seconds } = admit(&state, start(), kind) {
                prop_assert!((1..=WAIT_SECONDS_MAX).contains(&seconds));
            }
        }
    }

    #[test]
    fn whatever_happened_waiting_as_told_is_enough(counters in counters(), kind in kind(), outcome in outcome()) {
        // From a state of our own making: a damaged row mends with the first try.
        let mut now = start();
        let counters = after(&counters, outcome, now, kind);
        let counters = after(&counters, Outcome::Failed, now, kind);
        if let Admission::Wait { seconds } = admit(&counters, now, kind) {
            now = now.plus_seconds(i64::from(seconds));
        }
        let now_admitted = !matches!(admit(&counters, now, kind), Admission::Wait { .. });
        prop_assert!(now_admitted);
    }

    #[test]
    fn time_never_makes_a_wait_longer(counters in counters(), kind in kind(), seconds in 0_i64..100_000) {
        let wait = |now| match admit(&counters, now, kind) {
            Admission::Wait { seconds } => seconds,
            Admission::Admit | Admission::Rest => 0,
        };
        prop_assert!(wait(start().plus_seconds(seconds)) <= wait(start()));
    }

    #[test]
    fn a_failure_never_shortens_a_wait_and_success_never_lengthens_it(counters in counters(), kind in kind()) {
        let wait = |counters: &Counters| match admit(counters, start(), kind) {
            Admission::Wait { seconds } => seconds,
            Admission::Admit | Admission::Rest => 0,
        };
        let failed = after(&counters, Outcome::Failed, start(), kind);
        prop_assert!(wait(&failed) >= wait(&counters));
        for outcome in [Outcome::Passed, Outcome::Proved] {
            prop_assert!(wait(&after(&failed, outcome, start(), kind)) <= wait(&failed));
        }
    }

    #[test]
    fn more_failures_wait_at_least_as_long(pace in paces(), failures in 0_u32..20_000) {
        let (fewer, more) = (pace.wait_seconds(failures), pace.wait_seconds(failures + 1));
        prop_assert!(fewer <= more && more <= pace.wait_max_seconds);
        prop_assert!(failures > pace.free || fewer == 0);
    }

    #[test]
    fn counters_stay_within_bounds(counters in counters(), kind in kind(), outcomes in prop::collection::vec((outcome(), 0_i64..5000), 1..60)) {
        let (mut state, mut now) = (counters, start());
        for (outcome, seconds) in outcomes {
            now = now.plus_seconds(seconds);
            state = after(&state, outcome, now, kind);
            for (scope, counter) in [(Scope::Account, state.account), (Scope::Address, state.address), (Scope::Network, state.network), (Scope::Everyone, state.everyone)] {
                if let Some(pace) = pace(scope, kind) {
                    prop_assert!(counter.failures <= pace.failures_max());
                    prop_assert!(counter.last <= now);
                    prop_assert!(outcome != Outcome::Failed || counter.until.millis_since(now) <= i64::from(pace.wait_max_seconds) * 1000);
                }
            }
            prop_assert!(outcome != Outcome::Failed || kind == Kind::Passkey || kind == Kind::RecoveryCode || state.streak.failures <= FAILURES_IN_A_ROW_MAX);
        }
    }

    #[test]
    fn everything_but_the_streak_is_forgotten_and_then_stale(counters in counters(), kind in kind(), failures in 1_usize..200) {
        let mut state = counters;
        for _ in 0..failures {
            state = after(&state, Outcome::Failed, start(), kind);
        }
        for scope in Scope::ALL {
            let Some(pace) = pace(scope, kind) else { continue };
            let later = Timestamp::from_millis(start().millis() + pace.memory_millis() + 1);
            let counter = match scope {
                Scope::Account => state.account,
                Scope::Streak => state.streak,
                Scope::Address => state.address,
                Scope::Network => state.network,
                Scope::Everyone => state.everyone,
            };
            prop_assert_eq!(counter.at(pace, later).failures, 0);
            prop_assert_eq!(counter.wait_seconds(pace, later), 0);
            // What a sweep takes told nothing any more; what tells something is never swept.
            let swept_at = (0..).map(|hour| start().plus_seconds(hour * 600)).find(|now| stale_before(scope, *now).is_some_and(|stale| counter.last < stale));
            let swept_at = swept_at.expect("it is swept some day");
            prop_assert_eq!((counter.at(pace, swept_at).failures, counter.wait_seconds(pace, swept_at)), (0, 0));
        }
        prop_assert_eq!(stale_before(Scope::Streak, start()), None);
    }

    #[test]
    fn nothing_that_others_do_keeps_a_passkey_out(counters in counters(), storms in prop::collection::vec((kind(), 1_usize..200), 0..4)) {
        // A victim at an address of their own; an attacker who fails as much as they like at everything else.
        let mut shared = Counters { address: Counter::NONE, ..counters };
        for (kind, times) in storms {
            for _ in 0..times {
                let stormed = after(&shared, Outcome::Failed, start(), kind);
                // Failures from elsewhere reach the network and everyone, and the victim's account.
                shared = Counters { address: Counter::NONE, ..stormed };
            }
        }
        prop_assert_eq!(admit(&shared, start(), Kind::Passkey), Admission::Admit);
    }
}
