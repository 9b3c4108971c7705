use model::{ClientId, FamilyId};
use oauth::{Change, FamilyState, RefreshFamily, RevocationReason, ScopeSet};
use store::{PreconditionFailed as Lost, Store};

use super::Engine;
use crate::fixture::*;

fn revoke(id: FamilyId, seconds: i64, reason: RevocationReason) -> [Change; 1] {
    [Change::RevokeFamily { id, at: NOW.plus_seconds(seconds), reason }]
}

fn live_family(store: &Store) -> RefreshFamily {
    let family = family(&some_client(store, "tides"), someone(store));
    done(store, [insert_family(&family)]);
    family
}

pub(crate) fn a_family_comes_back_as_it_was<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let bound = live_family(store);
    let mut offline = family(&bound.client, bound.person);
    offline.session = None;
    offline.authentication.passkey = None;
    offline.scope = ScopeSet::empty();
    done(store, [insert_family(&offline)]);
    assert_eq!(store.family(bound.id).unwrap(), Some(bound.clone()));
    assert_eq!(store.family(offline.id).unwrap(), Some(offline));
    assert_eq!(store.family(FamilyId::from_bytes([1; 16])).unwrap(), None);
    assert_eq!(lost(store, [insert_family(&bound)]), Lost::FamilyUsed);
    let stranger = family(&ClientId::parse("unknown").unwrap(), bound.person);
    assert_eq!(lost(store, [insert_family(&stranger)]), Lost::ReferenceMissing);
}

pub(crate) fn rotation_asks_for_the_present_generation<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let family = live_family(store);
    assert_eq!(lost(store, [rotate(&family, 1)]), Lost::FamilyMoved);
    let (token_hash, at) = (hash(), NOW.plus_seconds(9));
    let rotation = Change::RotateFamily { id: family.id, from_generation: 0, token_hash, at };
    done(store, [rotation.clone()]);
    let rotated = RefreshFamily { generation: 1, token_hash, rotated: at, ..family.clone() };
    assert_eq!(store.family(family.id).unwrap(), Some(rotated));
    assert_eq!(lost(store, [rotation]), Lost::FamilyMoved);
    done(store, [rotate(&family, 1)]);
    let unknown = RefreshFamily { id: FamilyId::from_bytes([1; 16]), ..family };
    assert_eq!(lost(store, [rotate(&unknown, 0)]), Lost::FamilyMoved);
}

pub(crate) fn a_revoked_family_stays_revoked<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let family = live_family(store);
    done(store, revoke(family.id, 1, RevocationReason::RefreshReplayed));
    let state = FamilyState::Revoked { at: NOW.plus_seconds(1), reason: RevocationReason::RefreshReplayed };
    assert_eq!(store.family(family.id).unwrap(), Some(RefreshFamily { state, ..family.clone() }));
    assert_eq!(lost(store, [rotate(&family, 0)]), Lost::FamilyMoved);
    done(store, revoke(family.id, 2, RevocationReason::Operator));
    assert_eq!(store.family(family.id).unwrap().unwrap().state, state, "the first revocation stands");
    assert_eq!(lost(store, [insert_family(&family)]), Lost::FamilyUsed);
}

pub(crate) fn a_family_revoked_before_it_began_never_begins<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let family = family(&some_client(store, "tides"), someone(store));
    done(store, revoke(family.id, 0, RevocationReason::CodeReplayed));
    assert_eq!(lost(store, [insert_family(&family)]), Lost::FamilyUsed);
    assert_eq!(store.family(family.id).unwrap(), None);
    done(store, revoke(family.id, 1, RevocationReason::CodeReplayed));
    let engine = engine.restart(NOW);
    assert_eq!(lost(engine.store(), [insert_family(&family)]), Lost::FamilyUsed);
}

pub(crate) fn consent_is_replaced_and_forgotten_with_its_families<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let mine = live_family(store);
    let (person, client) = (mine.person, mine.client.clone());
    let other_client = some_client(store, "boats");
    let elsewhere = family(&other_client, person);
    let anothers = family(&client, someone(store));
    done(store, [insert_family(&elsewhere), insert_family(&anothers)]);

    let remember = |scope: &str| {
        let scope = ScopeSet::parse(scope).unwrap();
        [Change::RememberConsent { person, client: client.clone(), scope, at: NOW }]
    };
    done(store, remember("openid"));
    done(store, remember("email openid"));
    let remembered = store.consent(person, &client).unwrap().unwrap();
    assert_eq!(remembered.scope.as_str(), "email openid");
    assert_eq!(store.consents_of(person).unwrap(), [remembered]);
    assert_eq!(store.consent(person, &other_client).unwrap(), None);

    let at = NOW.plus_seconds(3);
    done(store, [Change::ForgetConsent { person, client: client.clone(), at }]);
    assert_eq!(store.consent(person, &client).unwrap(), None);
    let state = |family: &RefreshFamily| store.family(family.id).unwrap().unwrap().state;
    assert_eq!(state(&mine), FamilyState::Revoked { at, reason: RevocationReason::ConsentWithdrawn });
    assert_eq!(state(&elsewhere), FamilyState::Live);
    assert_eq!(state(&anothers), FamilyState::Live);
}

pub(crate) fn ended_families_are_forgotten_a_day_later<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let family = live_family(store);
    let day = 86_400;
    store.sweep(family.expires.plus_seconds(day - 1)).unwrap().wait().unwrap();
    assert!(store.family(family.id).unwrap().is_some());
    store.sweep(family.expires.plus_seconds(day)).unwrap().wait().unwrap();
    assert_eq!(store.family(family.id).unwrap(), None);
}

pub(crate) fn the_applications_of_a_person_are_one_row_each<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let first = live_family(store);
    let (person, tides) = (first.person, first.client.clone());
    let boats = some_client(store, "boats");
    let ended = session(person);
    let in_session = RefreshFamily { session: Some(ended.id), ..family(&boats, person) };
    let newer = RefreshFamily {
        session: None,
        scope: ScopeSet::parse("email openid").unwrap(),
        created: NOW.plus_seconds(5),
        rotated: NOW.plus_seconds(9),
        ..family(&tides, person)
    };
    let anothers = family(&tides, someone(store));
    done(store, [insert_session(&ended), insert_family(&in_session), insert_family(&newer), insert_family(&anothers)]);

    let uses = |now| store.applications_of(person, now).unwrap();
    let [tides_use, boats_use] = &uses(NOW.plus_seconds(10))[..] else { panic!("two applications") };
    assert_eq!((&tides_use.client, &boats_use.client), (&tides, &boats), "the latest first");
    assert_eq!(tides_use.scope, newer.scope);
    assert_eq!((tides_use.since, tides_use.last_used), (NOW, newer.rotated));
    assert!(tides_use.connected && boats_use.connected);

    // A family of a session is connected as long as that session is.
    done(store, [signin::Change::EndSession { id: ended.id, at: NOW }]);
    let connected = |now| uses(now).iter().map(|used| used.connected).collect::<Vec<_>>();
    assert_eq!(connected(NOW.plus_seconds(10)), [true, false]);
    assert_eq!(connected(newer.rotated.plus_seconds(3599)), [true, false]);
    assert_eq!(connected(newer.rotated.plus_seconds(3600)), [false, false], "an hour without use");
    done(store, revoke(newer.id, 11, RevocationReason::Operator));
    assert_eq!(connected(NOW.plus_seconds(12)), [false, false]);
    assert_eq!(store.applications_of(model::PersonId::from_bytes([1; 16]), NOW).unwrap(), []);
}
