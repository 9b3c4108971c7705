use super::Engine;
use crate::fixture::*;

pub(crate) fn what_was_confirmed_survives_a_restart<E: Engine>() {
    let engine = E::create();
    let person = someone(engine.store());
    let client = some_client(engine.store(), "tides");
    let family = family(&client, person);
    done(engine.store(), [insert_family(&family), rotate(&family, 0)]);
    let tail = engine.store().audit_tail(100).unwrap();
    let engine = engine.restart(NOW);
    assert!(engine.store().person(person).unwrap().is_some());
    assert_eq!(engine.store().family(family.id).unwrap().unwrap().generation, 1);
    assert_eq!(engine.store().audit_tail(100).unwrap(), tail);
}

pub(crate) fn what_was_confirmed_survives_a_crash<E: Engine>() {
    let engine = E::create();
    let people: Vec<_> = (0..50).map(|_| someone(engine.store())).collect();
    let session = session(people[0]);
    done(engine.store(), [insert_session(&session)]);
    let tail = engine.store().audit_tail(100).unwrap();
    let engine = engine.crash();
    for person in people {
        assert!(engine.store().person(person).unwrap().is_some());
    }
    assert_eq!(engine.store().session(&session.cookie_hash).as_deref(), Some(&session));
    assert_eq!(engine.store().audit_tail(100).unwrap(), tail);
}

pub(crate) fn a_crash_between_groups_keeps_the_chain<E: Engine>() {
    let mut engine = E::create();
    for round in 0..3 {
        someone(engine.store());
        engine = engine.crash();
        let last = engine.store().audit_tail(1).unwrap()[0].seq;
        assert_eq!(last, 3 + round, "two events of the creation, then one each round");
    }
}
