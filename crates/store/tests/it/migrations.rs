//! The schema's history, and what is refused for it.

use model::{FamilyId, PersonId};
use store::{OpenError, Store};

use crate::fixture::*;

/// Why the store does not open after `sql` was run on the file.
fn refused(sql: &str) -> OpenError {
    let (home, store) = Home::create();
    drop(store);
    home.sql().execute_batch(sql).unwrap();
    Store::open(&home.config, &root(), NOW).map(drop).unwrap_err()
}

#[test]
fn an_edited_migration_is_refused() {
    let why = refused("UPDATE schema_migration SET sha256 = zeroblob(32)");
    assert!(matches!(why, OpenError::MigrationChanged { number: 1 }), "{why:?}");
}

#[test]
fn a_renumbered_migration_is_refused() {
    let why = refused("UPDATE schema_migration SET number = 0 WHERE number = 1");
    assert!(matches!(why, OpenError::MigrationChanged { number: 0 }), "{why:?}");
}

#[test]
fn a_store_of_a_newer_program_is_refused() {
    let why = refused("INSERT INTO schema_migration VALUES (99, 'later', zeroblob(32), 0)");
    assert!(matches!(why, OpenError::NewerSchema { number: 99 }), "{why:?}");
}

#[test]
fn migrations_are_applied_once_and_remembered() {
    let (home, store) = Home::create();
    drop(store);
    let history = || -> Vec<(i64, i64)> {
        let conn = home.sql();
        let mut statement = conn.prepare("SELECT number, applied_at FROM schema_migration").unwrap();
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
    };
    let first = history();
    assert_eq!(first[0], (1, NOW.millis()));
    drop(Store::open(&home.config, &root(), NOW.plus_seconds(9)).unwrap());
    assert_eq!(history(), first);
}

#[test]
fn a_database_of_something_else_is_left_alone() {
    let home = Home::empty();
    std::fs::create_dir_all(&home.config.data_dir).unwrap();
    home.sql().execute_batch("CREATE TABLE recipes (name TEXT)").unwrap();
    let why = Store::open(&home.config, &root(), NOW).map(drop).unwrap_err();
    assert!(matches!(why, OpenError::NotAStore), "{why:?}");
    let why = Store::create(&home.config, &root(), NOW, &mut entropy()).map(drop).unwrap_err();
    assert!(matches!(why, OpenError::NotAStore), "{why:?}");
    let tables: i64 = home.sql().query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
    assert_eq!(tables, 1);
}

/// A store as the first schema left it, row by row.
fn first_schema(home: &Home) -> (PersonId, FamilyId) {
    drop(Store::create(&home.config, &root(), NOW, &mut entropy()).unwrap());
    let installation: [u8; 16] = home.sql().query_row("SELECT id FROM installation", [], |row| row.get(0)).unwrap();
    let root_check: [u8; 32] =
        home.sql().query_row("SELECT root_check FROM installation", [], |row| row.get(0)).unwrap();
    let keys: Vec<(Vec<u8>, Vec<u8>, i64)> = {
        let conn = home.sql();
        let mut statement = conn.prepare("SELECT id, sealed, created FROM signing_key").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        rows.map(Result::unwrap).collect()
    };
    for file in ["", "-wal", "-shm"] {
        let mut path = home.config.database_path().into_os_string();
        path.push(file);
        let _ = std::fs::remove_file(path);
    }
    let first = include_str!("../../src/migrations/0001_first.sql");
    let conn = home.sql();
    conn.pragma_update(None, "application_id", 0x4c4b_4754).unwrap();
    conn.execute_batch(
        "CREATE TABLE schema_migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 BLOB NOT NULL,
            applied_at INTEGER NOT NULL) STRICT;",
    )
    .unwrap();
    conn.execute_batch(first).unwrap();
    conn.execute("INSERT INTO schema_migration VALUES (1, 'first', ?1, 0)", [crypto::sha256(first.as_bytes())])
        .unwrap();
    conn.execute(
        "INSERT INTO installation (one, id, root_check, created) VALUES (1, ?1, ?2, 0)",
        rusqlite::params![installation, root_check],
    )
    .unwrap();
    for (id, sealed, created) in keys {
        conn.execute(
            "INSERT INTO signing_key (id, sealed, created, active_from) VALUES (?1, ?2, ?3, ?3)",
            rusqlite::params![id, sealed, created],
        )
        .unwrap();
    }
    let (person, family) = (person().id, FamilyId::from_bytes([4; 16]));
    conn.execute(
        "INSERT INTO person VALUES (?1, 'active', 'workforce', 0, '[]', ?2, x'01', NULL, 0)",
        rusqlite::params![person.as_bytes(), hash()],
    )
    .unwrap();
    conn.execute_batch(
        "INSERT INTO client VALUES ('tides', 'Tides', 'native', x'', 'none', '[\"http://127.0.0.1/\"]', 'openid', 3, NULL,
            'ask', 'standard', 'active', 300, 3600, 86400, 'https://id.example', 0);",
    )
    .unwrap();
    conn.execute(
        "INSERT INTO refresh_family VALUES (?1, 'tides', ?2, NULL, 0, 'passkey', 5, NULL, 'openid', 7, ?3, 0, 0, 3600, 99, 99,
            NULL, NULL)",
        rusqlite::params![family.as_bytes(), person.as_bytes(), hash()],
    )
    .unwrap();
    (person, family)
}

#[test]
fn a_store_of_the_first_schema_keeps_everything_and_gains_the_rest() {
    let home = Home::empty();
    let (person, family) = first_schema(&home);
    let store = Store::open(&home.config, &root(), NOW).unwrap();
    assert!(store.person(person).unwrap().is_some());
    let kept = store.family(family).unwrap().unwrap();
    assert_eq!((kept.generation, kept.details), (7, oauth::GrantDetails::default()));
    assert_eq!(store.client("tides").unwrap().settings, oauth::ClientSettings::default());
    assert_eq!(store.published_keys()[0].1, crypto::KeyState::Active);
    let codes = signin::Change::ReplaceRecoveryCodes { person, hashes: vec![hash()], at: NOW };
    done(&store, [codes]);
    drop(store);
    let numbers: Vec<i64> = {
        let conn = home.sql();
        let mut statement = conn.prepare("SELECT number FROM schema_migration ORDER BY number").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    assert_eq!(numbers, [1, 2]);
}
