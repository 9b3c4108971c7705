use model::{Session, SessionId};
use signin::Change;
use store::PreconditionFailed as Lost;

use super::Engine;
use crate::fixture::*;

pub(crate) fn a_session_lives_until_it_is_ended<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let session = session(someone(store));
    assert_eq!(store.session(&session.cookie_hash), None);
    done(store, [insert_session(&session)]);
    assert_eq!(lost(store, [insert_session(&session)]), Lost::IdTaken);
    let engine = engine.restart(NOW);
    let store = engine.store();
    assert_eq!(store.session(&session.cookie_hash).as_deref(), Some(&session));
    assert_eq!(store.session_by_id(session.id).as_deref(), Some(&session));
    assert_eq!(store.use_session(&session.cookie_hash, NOW).as_deref(), Some(&session));
    assert_eq!(store.live_sessions(), 1);

    let end = || [Change::EndSession { id: session.id, at: NOW }];
    done(store, end());
    done(store, end());
    let gone = |store: &store::Store| {
        assert_eq!(store.session(&session.cookie_hash), None);
        assert_eq!(store.session_by_id(session.id), None);
        assert_eq!(store.use_session(&session.cookie_hash, NOW), None);
        assert_eq!(store.sessions_of(session.authentication.person).unwrap(), []);
    };
    gone(store);
    gone(engine.restart(NOW).store());
}

pub(crate) fn all_sessions_of_a_person_or_passkey_end_together<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let (one, other) = (someone(store), someone(store));
    let (mut a, b, c) = (session(one), session(one), session(other));
    a.authentication.passkey = c.authentication.passkey;
    done(store, [insert_session(&a), insert_session(&b), insert_session(&c)]);
    let live = |session: &Session| store.session(&session.cookie_hash).is_some();
    done(store, [Change::EndSessionsOfPasskey { passkey: b.authentication.passkey.unwrap(), at: NOW }]);
    assert_eq!([live(&a), live(&b), live(&c)], [true, false, true]);
    done(store, [Change::EndSessionsOfPerson { person: one, at: NOW }]);
    assert_eq!([live(&a), live(&b), live(&c)], [false, false, true]);
    done(store, [Change::EndSessionsOfPasskey { passkey: c.authentication.passkey.unwrap(), at: NOW }]);
    assert!(!live(&c));
}

pub(crate) fn a_session_ends_by_time_and_by_disuse<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let session = session(someone(store));
    done(store, [insert_session(&session)]);
    let mut now = NOW;
    let usable = |now| store.use_session(&session.cookie_hash, now).is_some();
    assert!(!usable(NOW.plus_seconds(3600)), "an hour without use");
    while now < session.expires {
        assert!(usable(now), "each use begins the hour anew");
        now = now.plus_seconds(3599);
    }
    assert!(!usable(session.expires), "the absolute end");
    let before_the_end = session.expires.plus_seconds(-1);
    assert!(usable(before_the_end));
}

pub(crate) fn the_last_use_survives_a_restart<E: Engine>() {
    let engine = E::create();
    let session = session(someone(engine.store()));
    done(engine.store(), [insert_session(&session)]);
    let used = NOW.plus_seconds(3000);
    assert!(engine.store().use_session(&session.cookie_hash, used).is_some());
    let later = used.plus_seconds(3000);
    let engine = engine.restart(later);
    assert!(engine.store().use_session(&session.cookie_hash, later).is_some());
}

pub(crate) fn an_act_requires_a_live_session<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let session = session(someone(store));
    done(store, [insert_session(&session)]);
    let require = |id, at| [Change::RequireSession { id, at }];
    done(store, require(session.id, NOW));
    assert_eq!(lost(store, require(session.id, session.expires)), Lost::SessionEnded);
    assert_eq!(lost(store, require(SessionId::from_bytes([1; 16]), NOW)), Lost::SessionEnded);
    done(store, [Change::EndSession { id: session.id, at: NOW }]);
    assert_eq!(lost(store, require(session.id, NOW)), Lost::SessionEnded);
}

pub(crate) fn expired_sessions_are_forgotten<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let person = someone(store);
    let (short, mut long) = (session(person), session(person));
    long.expires = short.expires.plus_seconds(1);
    done(store, [insert_session(&short), insert_session(&long)]);
    // Who is told of a session's end asks before it is forgotten, and of each session once.
    let expired = |since, now| store.sessions_expired(since, now).unwrap();
    assert_eq!(expired(NOW, NOW), []);
    assert_eq!(expired(NOW, short.expires), std::slice::from_ref(&short));
    assert_eq!(expired(short.expires, long.expires), [long.clone()]);
    store.sweep(short.expires).unwrap().wait().unwrap();
    assert_eq!(store.session(&short.cookie_hash), None);
    assert_eq!(store.live_sessions(), 1);
    assert_eq!(store.sessions_of(person).unwrap(), [long.clone()]);
    // What has expired while the store was closed is not loaded.
    let engine = engine.restart(long.expires);
    assert_eq!(engine.store().live_sessions(), 0);
}
