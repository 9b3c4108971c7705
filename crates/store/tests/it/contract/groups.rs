use model::{Actor, AuditEvent, AuditKind, Detail};
use signin::Change;
use store::{Busy, ChangeSet, CommitError, PreconditionFailed as Lost};

use super::Engine;
use crate::fixture::*;

pub(crate) fn nothing_is_answered_or_seen_before_it_is_durable<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let session = session(someone(store));
    let resume = pause(store);
    let mut pending = store.commit(set([insert_session(&session)])).unwrap();
    assert!(unanswered(&mut pending));
    assert_eq!(store.session(&session.cookie_hash), None);
    assert_eq!(store.sessions_of(session.authentication.person).unwrap(), []);
    drop(resume);
    assert_eq!(pending.wait(), Ok(()));
    assert!(store.session(&session.cookie_hash).is_some());
    assert_eq!(store.sessions_of(session.authentication.person).unwrap(), [session]);
}

pub(crate) fn a_lost_change_set_leaves_its_group_alone<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let (one, two) = (person(), person());
    let resume = pause(store);
    let before = store.stats();
    let first = store.commit(set([insert_person(&one)])).unwrap();
    let again = store.commit(set([insert_person(&one)])).unwrap();
    let half = store
        .commit(set([insert_person(&two), Change::RequireSession { id: session(one.id).id, at: NOW }.into()]))
        .unwrap();
    let last = store.commit(set([insert_person(&two)])).unwrap();
    drop(resume);
    assert_eq!(first.wait(), Ok(()));
    assert_eq!(again.wait(), Err(CommitError::Lost(Lost::IdTaken)));
    assert_eq!(half.wait(), Err(CommitError::Lost(Lost::SessionEnded)));
    assert_eq!(last.wait(), Ok(()));
    assert_eq!(store.stats().groups, before.groups + 1, "one fsync for all of them");
    assert_eq!(store.stats().change_sets, before.change_sets + 2);
    assert_eq!(store.stats().lost, before.lost + 2);
    let numbers: Vec<u64> = store.audit_tail(3).unwrap().iter().map(|row| row.seq).collect();
    assert_eq!(numbers, [4, 3, 2], "two events after the two of the creation");
}

pub(crate) fn a_full_queue_refuses_at_once<E: Engine>() {
    let engine = E::with_queue(3);
    let store = engine.store();
    let resume = pause(store);
    let people = [person(), person(), person()];
    let pending = people.each_ref().map(|person| store.commit(set([insert_person(person)])).unwrap());
    assert_eq!(store.health().queued, 3);
    assert_eq!(store.commit(set([insert_person(&person())])).err(), Some(Busy));
    assert_eq!(store.sweep(NOW).err(), Some(Busy));
    assert_eq!(store.checkpoint(NOW).err(), Some(Busy));
    drop(resume);
    for (pending, person) in pending.into_iter().zip(people) {
        assert_eq!(pending.wait(), Ok(()));
        assert!(store.person(person.id).unwrap().is_some());
    }
    done(store, [insert_person(&person())]);
}

pub(crate) fn an_event_is_one_row_in_the_order_given<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let (person, client) = (someone(store), model::ClientId::parse("tides").unwrap());
    let id = family(&client, person).id;
    let events = vec![
        AuditEvent::new(AuditKind::TokenRefreshed, Actor::Client(client.clone()))
            .person(person)
            .client(client.clone())
            .detail("family", Detail::Family(id))
            .detail("generation", Detail::Number(7)),
        AuditEvent::new(AuditKind::FamilyRevoked, Actor::Person(person)).detail("reason", Detail::Word("operator")),
        AuditEvent::new(AuditKind::PersonAdded, Actor::Operator),
    ];
    let before = store.audit_tail(1).unwrap()[0].seq;
    let at = NOW.plus_seconds(77);
    store.commit_blocking(ChangeSet::new(at, Vec::<store::Change>::new(), events)).unwrap();
    let mut rows = store.audit_tail(3).unwrap();
    rows.reverse();
    assert_eq!(rows.iter().map(|row| row.seq - before).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(rows.iter().all(|row| row.at == at));
    let first = &rows[0];
    assert_eq!((first.kind.as_str(), first.actor.as_str()), ("refresh.rotated", "client:tides"));
    assert_eq!((first.person, first.client.clone()), (Some(person), Some(client)));
    assert_eq!(first.details, format!(r#"{{"family":"{id}","generation":7}}"#));
    assert_eq!(rows[1].actor, format!("person:{person}"));
    assert_eq!((rows[2].actor.as_str(), rows[2].details.as_str()), ("operator", "{}"));
    assert_eq!((rows[2].person, rows[2].client.clone()), (None, None));
}

pub(crate) fn dropping_the_answer_takes_nothing_back<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let person = person();
    drop(store.commit(set([insert_person(&person)])).unwrap());
    done(store, [insert_person(&crate::fixture::person())]);
    assert!(store.person(person.id).unwrap().is_some());
}
