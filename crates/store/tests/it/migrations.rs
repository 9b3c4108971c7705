//! The schema's history, and what is refused for it.

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
