//! Storage that fails: the answer is no, memory stays as it was, and the store comes back by itself.

use model::{AuditKind, Capabilities, SigninMethod, SigninOutcome, SigninRecord, Tier};
use passkey::Passkey;
use store::{Busy, ChangeSet, CommitError, PreconditionFailed, Store, faults::Fault, verify_audit};

use crate::fixture::*;

/// A passkey too large for the pages that the database has.
fn bulky(store: &Store) -> Passkey {
    Passkey { attestation_object: vec![7; 60_000], ..passkey(someone(store)) }
}

#[test]
fn a_full_disk_fails_the_whole_group_and_changes_nothing() {
    let (home, store) = Home::create();
    let (big, session) = (bulky(&store), session(someone(&store)));
    let tail = store.audit_tail(1).unwrap();
    store.inject(Fault::DiskFull);
    let resume = pause(&store);
    let small = store.commit(set([insert_session(&session)])).unwrap();
    let large = store.commit(set([insert_passkey(&big)])).unwrap();
    drop(resume);
    assert_eq!(large.wait(), Err(CommitError::Failed));
    assert_eq!(small.wait(), Err(CommitError::Failed), "it shared the transaction");
    assert_eq!(store.stats().failures, 1);
    assert_eq!(store.session(&session.cookie_hash), None);
    assert_eq!(store.sessions_of(session.authentication.person).unwrap(), []);
    assert_eq!(store.audit_tail(1).unwrap(), tail);

    store.inject(Fault::DiskRoom);
    done(&store, [insert_session(&session), insert_passkey(&big)]);
    assert!(store.session(&session.cookie_hash).is_some());
    assert!(store.health().writable);
    store.close(NOW).unwrap();
    verify_audit(&home.config.database_path(), &root()).unwrap();
}

#[test]
fn a_failing_fsync_confirms_nothing() {
    let (home, store) = Home::create();
    let person = person();
    store.inject(Fault::FsyncFails);
    assert!(!store.health().writable);
    let refused = store.commit_blocking(set([insert_person(&person)]));
    assert_eq!(refused, Err(CommitError::Failed));
    assert_eq!(store.person(person.id).unwrap(), None);
    assert!(!store.health().writable);
    assert_eq!(store.checkpoint(NOW).unwrap().wait(), Err(CommitError::Failed));

    store.inject(Fault::FsyncWorks);
    done(&store, [insert_person(&person)]);
    assert!(store.health().writable);
    store.close(NOW).unwrap();
    assert_eq!(verify_audit(&home.config.database_path(), &root()).unwrap().events, 3);
}

#[test]
fn the_writer_finds_out_by_itself_that_it_can_write_again() {
    let (_home, store) = Home::create();
    store.inject(Fault::FsyncFails);
    let before = store.stats().failures;
    wait_until("it has tried again", || store.stats().failures >= before + 2);
    assert!(!store.health().writable);
    store.inject(Fault::FsyncWorks);
    wait_until("it writes again", || store.health().writable);
}

#[test]
fn records_wait_out_a_failure() {
    let (_home, store) = Home::create();
    store.inject(Fault::FsyncFails);
    let record = SigninRecord {
        at: NOW,
        path: None,
        tier: Tier::Standard,
        pseudonym: None,
        method: SigninMethod::PasskeyButton,
        outcome: SigninOutcome::Unavailable,
        strength: None,
        elapsed_millis: Some(1),
        capabilities: Capabilities::default(),
    };
    let mut taken = 0;
    while store.record_signin(record.clone()) != Err(Busy) {
        taken += 1;
        assert!(taken < 1_000_000, "the buffer has no bound");
    }
    // What the writer holds and could not write counts as well: trying again makes no room.
    let before = store.stats().failures;
    wait_until("it has tried again", || store.stats().failures >= before + 2);
    assert_eq!(store.record_signin(record.clone()), Err(Busy));
    assert_eq!(store.stats().records, 0);
    store.inject(Fault::FsyncWorks);
    wait_until("they are durable", || store.stats().records == taken);
    assert_eq!(store.signin_records_tail(1).unwrap(), [record]);
}

#[test]
fn a_dead_writer_leaves_nobody_waiting() {
    let (home, store) = Home::create();
    let confirmed = someone(&store);
    let resume = pause(&store);
    // Queued behind the pause: the death, and a change set behind it.
    std::thread::scope(|scope| {
        scope.spawn(|| store.inject(Fault::Panic));
        wait_until("the death is queued", || store.health().queued == 1);
        let pending = store.commit(set([insert_person(&person())])).unwrap();
        drop(resume);
        assert_eq!(pending.wait(), Err(CommitError::Failed));
    });
    wait_until("everyone is refused", || store.commit(set([insert_person(&person())])).is_err());
    assert_eq!(store.commit_blocking(set([insert_person(&person())])), Err(CommitError::Failed));
    assert!(!store.health().writable);
    assert!(store.person(confirmed).unwrap().is_some(), "reading goes on");
    drop(store);
    assert!(home.open().person(confirmed).unwrap().is_some());
}

#[test]
fn a_writer_locked_out_by_someone_else_says_no() {
    let (home, store) = Home::create();
    let intruder = home.sql();
    intruder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let person = person();
    assert_eq!(store.commit_blocking(set([insert_person(&person)])), Err(CommitError::Failed));
    intruder.execute_batch("ROLLBACK").unwrap();
    done(&store, [insert_person(&person)]);
}

#[test]
fn a_change_whose_event_can_not_be_recorded_does_not_happen() {
    let (home, store) = Home::create();
    let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON audit WHEN new.kind = 'key.created'
        BEGIN SELECT RAISE(ABORT, 'refused'); END";
    home.sql().execute_batch(refuse).unwrap();
    let person = person();
    let events = vec![event(AuditKind::PersonAdded), event(AuditKind::KeyCreated)];
    let refused = store.commit_blocking(ChangeSet::new(NOW, [insert_person(&person)], events));
    assert_eq!(refused, Err(CommitError::Lost(PreconditionFailed::ValueRefused)));
    assert_eq!(store.person(person.id).unwrap(), None);
    // The first of the two events is undone as well, and the chain goes on without it.
    done(&store, [insert_person(&person)]);
    drop(store);
    assert_eq!(verify_audit(&home.config.database_path(), &root()).unwrap().events, 3);
}
