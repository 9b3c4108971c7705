//! Brings the schema up to date. Migrations are ordered, applied once, and remembered with their SHA-256:
//! a store that was migrated by a different text, or by a newer program, is refused rather than guessed at.

use model::Timestamp;
use rusqlite::{Connection, TransactionBehavior, params};

use crate::{OpenError, connection::APPLICATION_ID};

struct Migration {
    number: i64,
    name: &'static str,
    sql: &'static str,
}

/// Every migration, in order. A released one never changes; a new one gets the next number.
const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "first", sql: include_str!("migrations/0001_first.sql") },
    Migration { number: 2, name: "whole_sign_in", sql: include_str!("migrations/0002_whole_sign_in.sql") },
];

/// Applies what is missing, each migration in its own transaction.
pub(crate) fn migrate(conn: &mut Connection, now: Timestamp) -> Result<(), OpenError> {
    let found: i32 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if found != APPLICATION_ID {
        if tables != 0 {
            return Err(OpenError::NotAStore);
        }
        conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    conn.execute_batch(
        "CREATE TABLE IF NOT EXISTS schema_migration (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            sha256 BLOB NOT NULL,
            applied_at INTEGER NOT NULL
        ) STRICT;",
    )?;
    let done = check_history(conn)?;
    for migration in MIGRATIONS.iter().skip(done) {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(migration.sql)?;
        tx.execute(
            "INSERT INTO schema_migration (number, name, sha256, applied_at) VALUES (?1, ?2, ?3, ?4)",
            params![migration.number, migration.name, crypto::sha256(migration.sql.as_bytes()), now.millis()],
        )?;
        tx.commit()?;
    }
    Ok(())
}

/// How many of our migrations the store has, after making sure that they are the same ones.
fn check_history(conn: &Connection) -> Result<usize, OpenError> {
    let mut statement = conn.prepare("SELECT number, sha256 FROM schema_migration ORDER BY number")?;
    let mut rows = statement.query([])?;
    let mut done = 0;
    while let Some(row) = rows.next()? {
        let number: i64 = row.get(0)?;
        let checksum: Vec<u8> = row.get(1)?;
        let Some(ours) = MIGRATIONS.get(done) else { return Err(OpenError::NewerSchema { number }) };
        if ours.number != number || crypto::sha256(ours.sql.as_bytes())[..] != checksum[..] {
            return Err(OpenError::MigrationChanged { number });
        }
        done += 1;
    }
    Ok(done)
}
