//! The audit chain, and everything that can be done to it behind the store's back.

use model::{AuditKind, Detail, KeyId};
use store::{AuditFault, Change, ChangeSet, Checkpoint, OpenError, Store, verify_audit, verify_audit_against};

use crate::fixture::*;

/// A store with three events after the two of its creation, closed; its last checkpoint covers all of them.
fn closed() -> Home {
    let (home, store) = Home::create();
    for _ in 0..3 {
        someone(&store);
    }
    store.close(NOW.plus_seconds(60)).unwrap();
    home
}

/// What verification says after `sql` was run on the file, with the triggers out of the way.
fn tampered(home: &Home, sql: &str) -> String {
    let conn = home.sql();
    conn.execute_batch("DROP TRIGGER audit_never_changes; DROP TRIGGER audit_never_shrinks;").unwrap();
    conn.execute_batch(sql).unwrap();
    drop(conn);
    match verify_audit(&home.config.database_path(), &root()) {
        Ok(report) => format!("believed: {report:?}"),
        Err(fault) => format!("{fault:?}"),
    }
}

fn events(store: &Store, count: usize) {
    let events = (0..count).map(|i| event(AuditKind::SignedIn).detail("n", Detail::Number(i as i64))).collect();
    store.commit_blocking(ChangeSet::new(NOW, Vec::<Change>::new(), events)).unwrap();
}

#[test]
fn an_honest_log_is_believed() {
    let home = closed();
    let report = verify_audit(&home.config.database_path(), &root()).unwrap();
    assert_eq!((report.events, report.checkpoints, report.events_after_last_checkpoint), (5, 2, 0));
    assert_eq!(report.span, Some((NOW, NOW)));
    let last = report.last_checkpoint.unwrap();
    assert_eq!((last.seq, last.hash, last.at), (5, report.head, NOW.plus_seconds(60)));
}

#[test]
fn an_open_store_can_be_verified() {
    let (home, store) = Home::create();
    someone(&store);
    let report = verify_audit(&home.config.database_path(), &root()).unwrap();
    assert_eq!((report.events, report.events_after_last_checkpoint), (3, 1));
}

#[test]
fn every_changed_column_is_found() {
    let changes = [
        ("UPDATE audit SET seq = 99 WHERE seq = 4", "Gap { expected: 4, found: 5 }"),
        ("UPDATE audit SET at = at + 1 WHERE seq = 4", "Changed { seq: 4 }"),
        ("UPDATE audit SET kind = 'person.added' WHERE seq = 4", "Changed { seq: 4 }"),
        ("UPDATE audit SET actor = 'operator' WHERE seq = 4", "Changed { seq: 4 }"),
        ("UPDATE audit SET person = x'00112233445566778899aabbccddeeff' WHERE seq = 4", "Changed { seq: 4 }"),
        ("UPDATE audit SET client = 'tides' WHERE seq = 4", "Changed { seq: 4 }"),
        ("UPDATE audit SET client = '' WHERE seq = 4", "Changed { seq: 4 }"),
        ("UPDATE audit SET details = '{}' WHERE seq = 4", "Changed { seq: 4 }"),
        ("UPDATE audit SET previous = zeroblob(32) WHERE seq = 4", "Broken { seq: 4 }"),
        ("UPDATE audit SET hash = zeroblob(32) WHERE seq = 4", "Changed { seq: 4 }"),
    ];
    for (sql, expected) in changes {
        assert_eq!(tampered(&closed(), sql), expected, "{sql}");
    }
}

#[test]
fn missing_and_swapped_events_are_found() {
    let changes = [
        ("DELETE FROM audit WHERE seq = 1", "Gap { expected: 1, found: 2 }"),
        ("DELETE FROM audit WHERE seq = 3", "Gap { expected: 3, found: 4 }"),
        ("DELETE FROM audit WHERE seq >= 4", "Truncated { covered: 5, end: 3 }"),
        ("DELETE FROM audit", "Truncated { covered: 2, end: 0 }"),
        ("DELETE FROM audit WHERE seq = 1; UPDATE audit SET seq = seq - 1", "Broken { seq: 1 }"),
        (
            "UPDATE audit SET seq = -1 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 4;
             UPDATE audit SET seq = 4 WHERE seq = -1",
            "Broken { seq: 3 }",
        ),
        (
            "INSERT INTO audit SELECT 6, at, kind, actor, person, client, details, previous, hash FROM audit WHERE seq = 5",
            "Broken { seq: 6 }",
        ),
    ];
    for (sql, expected) in changes {
        assert_eq!(tampered(&closed(), sql), expected, "{sql}");
    }
}

/// An attacker who knows how the chain is made writes it anew from event 4 on.
fn rewrite(home: &Home) {
    let conn = home.sql();
    conn.execute_batch("DROP TRIGGER audit_never_changes").unwrap();
    let column = |seq: i64, name: &str| -> String {
        conn.query_row(&format!("SELECT {name} FROM audit WHERE seq = ?1"), [seq], |row| row.get(0)).unwrap()
    };
    let mut previous: [u8; 32] = conn.query_row("SELECT hash FROM audit WHERE seq = 3", [], |row| row.get(0)).unwrap();
    for seq in 4..=5_i64 {
        let mut entry = Vec::from(*b"lockgate-audit-1");
        entry.extend(seq.to_be_bytes());
        entry.extend(NOW.millis().to_be_bytes());
        for text in [column(seq, "kind"), "operator".to_owned()] {
            entry.extend((text.len() as u32).to_be_bytes());
            entry.extend(text.as_bytes());
        }
        entry.extend([0, 0]);
        let details = column(seq, "details");
        entry.extend((details.len() as u32).to_be_bytes());
        entry.extend(details.as_bytes());
        let hash = crypto::chain_hash(&previous, &entry);
        conn.execute(
            "UPDATE audit SET actor = 'operator', previous = ?2, hash = ?3 WHERE seq = ?1",
            rusqlite::params![seq, previous, hash],
        )
        .unwrap();
        previous = hash;
    }
}

#[test]
fn a_chain_written_anew_does_not_match_its_checkpoints() {
    let home = closed();
    let outside = verify_audit(&home.config.database_path(), &root()).unwrap().last_checkpoint.unwrap();
    rewrite(&home);
    let fault = verify_audit(&home.config.database_path(), &root()).unwrap_err();
    assert!(matches!(fault, AuditFault::CheckpointMismatch { seq: 5 }), "{fault:?}");

    // Without its own checkpoints the log is believed, which is what the checkpoint outside is for.
    home.sql().execute_batch("DELETE FROM audit_checkpoint WHERE seq = 5").unwrap();
    let report = verify_audit(&home.config.database_path(), &root()).unwrap();
    assert_eq!(report.events_after_last_checkpoint, 3);
    let fault = verify_audit_against(&home.config.database_path(), &root(), &outside).unwrap_err();
    assert!(matches!(fault, AuditFault::CheckpointMismatch { seq: 5 }), "{fault:?}");
}

#[test]
fn a_cut_end_is_found_by_a_checkpoint_kept_outside() {
    let (home, store) = Home::create();
    events(&store, 3);
    let outside = store.checkpoint(NOW).unwrap().wait().unwrap();
    assert_eq!(outside.seq, 5);
    // It left as text and comes back as text.
    let outside = Checkpoint::from_text(&outside.to_text()).unwrap();
    events(&store, 2);
    drop(store);
    let database = home.config.database_path();
    assert_eq!(verify_audit_against(&database, &root(), &outside).unwrap().events, 7);

    let cut = "DELETE FROM audit WHERE seq >= 5; DELETE FROM audit_checkpoint WHERE seq >= 5";
    assert!(tampered(&home, cut).starts_with("believed"));
    let fault = verify_audit_against(&database, &root(), &outside).unwrap_err();
    assert!(matches!(fault, AuditFault::Truncated { covered: 5, end: 4 }), "{fault:?}");
}

#[test]
fn a_checkpoint_of_another_installation_is_refused() {
    let (home, other) = (closed(), Home::create().1);
    let foreign = other.checkpoint(NOW).unwrap().wait().unwrap();
    let fault = verify_audit_against(&home.config.database_path(), &root(), &foreign).unwrap_err();
    assert!(matches!(fault, AuditFault::CheckpointForged { seq: 2 }), "{fault:?}");
}

#[test]
fn every_changed_column_of_a_checkpoint_is_found() {
    let changes = [
        "UPDATE audit_checkpoint SET seq = 4 WHERE seq = 5",
        "UPDATE audit_checkpoint SET hash = (SELECT hash FROM audit WHERE seq = 4) WHERE seq = 5",
        "UPDATE audit_checkpoint SET at = at + 1 WHERE seq = 5",
        "UPDATE audit_checkpoint SET signing_key = zeroblob(16) WHERE seq = 5",
        "UPDATE audit_checkpoint SET signature = zeroblob(64) WHERE seq = 5",
        "UPDATE audit_checkpoint SET signature = (SELECT signature FROM audit_checkpoint WHERE seq = 2) WHERE seq = 5",
    ];
    for sql in changes {
        let said = tampered(&closed(), sql);
        assert!(said.starts_with("CheckpointForged"), "{sql}: {said}");
    }
}

#[test]
fn a_key_slipped_into_the_database_does_not_open() {
    let home = closed();
    let sql = home.sql();
    let sealed = crypto::SealingKey::new(&model::Secret::new([9; 32])).seal(b"", &[5; 32], &mut entropy());
    let id = KeyId::fresh(NOW, &mut entropy());
    sql.execute(
        "INSERT INTO signing_key (id, sealed, created) VALUES (?1, ?2, 0)",
        rusqlite::params![id.as_bytes(), sealed],
    )
    .unwrap();
    let fault = verify_audit(&home.config.database_path(), &root()).unwrap_err();
    assert!(matches!(fault, AuditFault::Unreadable(OpenError::SigningKeyDamaged)), "{fault:?}");
    assert!(matches!(Store::open(&home.config, &root(), NOW), Err(OpenError::SigningKeyDamaged)));
}

#[test]
fn a_checkpoint_comes_by_itself_after_a_thousand_events() {
    let (home, store) = Home::create();
    events(&store, 999);
    let checkpoints = || verify_audit(&home.config.database_path(), &root()).unwrap().checkpoints;
    assert_eq!(checkpoints(), 1, "the one of the creation");
    events(&store, 1);
    assert_eq!(checkpoints(), 2);
    events(&store, 998);
    assert_eq!(checkpoints(), 2);
}

#[test]
fn a_checkpoint_by_a_retired_key_still_counts() {
    let (home, store) = Home::create();
    let first = store.signing_keys()[0].id();
    let next = crypto::SigningKey::generate(NOW, &mut entropy());
    let id = next.id();
    let add = store.key_change(next, &mut entropy());
    let at = NOW.plus_seconds(1);
    done(&store, [add, Change::ActivateKey { id, at }, Change::RetireKey { id: first, at }]);
    let by_next = store.checkpoint(NOW).unwrap().wait().unwrap();
    assert_eq!(by_next.key, id);
    drop(store);
    assert_eq!(verify_audit(&home.config.database_path(), &root()).unwrap().checkpoints, 2);
}

#[test]
fn the_log_can_not_be_changed_by_mistake() {
    let home = closed();
    for sql in ["UPDATE audit SET kind = 'x'", "DELETE FROM audit WHERE seq = 5"] {
        let refused = home.sql().execute_batch(sql).unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{refused}");
    }
}

#[test]
fn verification_needs_the_root_key_and_a_store() {
    let home = closed();
    let other = crypto::RootKey::new(model::Secret::new([8; 32]));
    let fault = verify_audit(&home.config.database_path(), &other).unwrap_err();
    assert!(matches!(fault, AuditFault::Unreadable(OpenError::WrongRootKey)), "{fault:?}");
    let fault = verify_audit(&Home::empty().config.database_path(), &root()).unwrap_err();
    assert!(matches!(fault, AuditFault::Unreadable(OpenError::NotCreated)), "{fault:?}");
}
