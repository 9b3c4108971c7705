use model::{Capabilities, ClientId, SigninMethod, SigninOutcome, SigninRecord, Strength, Tier};
use signin::Change;
use store::Busy;

use super::Engine;
use crate::fixture::*;

/// A day, in seconds.
const DAY: i64 = 24 * 60 * 60;

fn success() -> SigninRecord {
    SigninRecord {
        at: NOW,
        path: Some(ClientId::parse("tides").unwrap()),
        tier: Tier::Critical,
        pseudonym: Some([3; 16]),
        method: SigninMethod::PasskeyAutofill,
        outcome: SigninOutcome::Success,
        strength: Some(Strength::Attested),
        elapsed_millis: Some(u32::MAX),
        capabilities: Capabilities::from_bits(0x155),
    }
}

fn refusal(outcome: SigninOutcome) -> SigninRecord {
    SigninRecord {
        at: NOW,
        path: None,
        tier: Tier::Standard,
        pseudonym: None,
        method: SigninMethod::EnrolmentPass,
        outcome,
        strength: None,
        elapsed_millis: None,
        capabilities: Capabilities::default(),
    }
}

pub(crate) fn a_record_is_durable_soon_and_comes_back_as_it_was<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let before = store.stats();
    store.record_signin(success()).unwrap();
    wait_until("the record is durable", || store.stats().records == 1);
    assert_eq!(store.signin_records_tail(10).unwrap(), [success()]);
    store.record_signin(refusal(SigninOutcome::Cancelled)).unwrap();
    store.record_signin(refusal(SigninOutcome::JourneyInvalid)).unwrap();
    wait_until("both are durable", || store.stats().records == 3);
    assert_eq!(store.commits(), before.change_sets, "a record is not a change set");
    let engine = engine.crash();
    let newest_first = [refusal(SigninOutcome::JourneyInvalid), refusal(SigninOutcome::Cancelled), success()];
    assert_eq!(engine.store().signin_records_tail(10).unwrap(), newest_first);
    assert_eq!(engine.store().signin_records_tail(1).unwrap(), newest_first[..1]);
}

pub(crate) fn old_records_and_passes_are_forgotten<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let someone = person();
    let (old, young) = (pass(someone.id), pass(someone.id));
    let young = signin::EnrolmentPass { expires: old.expires.plus_seconds(DAY), ..young };
    let (old_hash, young_hash) = (old.hash, young.hash);
    done(store, [insert_person(&someone), Change::InsertPass(old.clone()).into(), Change::InsertPass(young).into()]);
    store.record_signin(success()).unwrap();
    store.record_signin(SigninRecord { at: NOW.plus_seconds(DAY), ..success() }).unwrap();
    wait_until("both are durable", || store.stats().records == 2);

    store.sweep(old.expires.plus_seconds(30 * DAY)).unwrap().wait().unwrap();
    assert_eq!(store.pass_by_hash(&old_hash).unwrap(), None);
    assert!(store.pass_by_hash(&young_hash).unwrap().is_some());
    assert_eq!(store.signin_records_tail(10).unwrap().len(), 2);
    store.sweep(NOW.plus_seconds(396 * DAY)).unwrap().wait().unwrap();
    assert_eq!(store.signin_records_tail(10).unwrap().len(), 1, "the one of the day after stays");
}

pub(crate) fn records_ride_with_change_sets<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let resume = pause(store);
    let groups = store.stats().groups;
    store.record_signin(success()).unwrap();
    let pending = store.commit(set([insert_person(&person())])).unwrap();
    drop(resume);
    pending.wait().unwrap();
    assert_eq!((store.stats().groups - groups, store.stats().records), (1, 1));
    assert_eq!(store.signin_records_tail(9).unwrap(), [success()]);
}

pub(crate) fn a_full_buffer_refuses_at_once<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let resume = pause(store);
    let mut taken = 0;
    let refused = loop {
        match store.record_signin(success()) {
            Ok(()) => taken += 1,
            Err(refused) => break refused,
        }
        assert!(taken < 1_000_000, "the buffer has no bound");
    };
    assert_eq!(refused, Busy);
    // Change sets have a lane of their own.
    let pending = store.commit(set([insert_person(&person())])).unwrap();
    drop(resume);
    pending.wait().unwrap();
    assert_eq!(store.stats().records, taken);
    store.record_signin(success()).unwrap();
    wait_until("the buffer drains again", || store.stats().records == taken + 1);
}

pub(crate) fn records_are_found_by_pseudonym<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let of = |byte, elapsed| SigninRecord { pseudonym: Some([byte; 16]), elapsed_millis: Some(elapsed), ..success() };
    for record in [of(1, 1), of(2, 2), refusal(SigninOutcome::UnknownPasskey), of(1, 3)] {
        store.record_signin(record).unwrap();
    }
    wait_until("they are durable", || store.stats().records == 4);
    assert_eq!(store.signin_records_of(&[1; 16], 9).unwrap(), [of(1, 3), of(1, 1)]);
    assert_eq!(store.signin_records_of(&[1; 16], 1).unwrap(), [of(1, 3)]);
    assert_eq!(store.signin_records_of(&[9; 16], 9).unwrap(), []);
}
