//! SQLite connections and the settings on which the promises rest.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use crate::OpenError;

/// SQLite 3.51.3: the first release without a fault that could lose a WAL reset under concurrent checkpoints.
const SQLITE_VERSION_MIN: i32 = 3_051_003;

/// Marks the file as ours ("LKGT"), so that a wrong path is told apart from an empty store.
pub(crate) const APPLICATION_ID: i32 = 0x4c4b_4754;

/// Pages in the write-ahead log after which the writer checkpoints by itself. The checkpointer thread comes earlier;
/// this bounds the log when it can't keep up (32 MiB).
const WAL_PAGES_MAX: i64 = 8192;

/// Statements kept prepared on each connection: more than there are.
const STATEMENTS: usize = 128;

/// Refuses a SQLite that is too old to be trusted with the log.
pub(crate) fn check_version() -> Result<(), OpenError> {
    let found = rusqlite::version_number();
    if found < SQLITE_VERSION_MIN { Err(OpenError::OldSqlite { found }) } else { Ok(()) }
}

/// The one connection that writes. `synchronous=FULL`: COMMIT returns after the log is on the disk.
pub(crate) fn writer(path: &Path) -> rusqlite::Result<Connection> {
    let conn = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "wal_autocheckpoint", WAL_PAGES_MAX)?;
    // The log keeps its full size: overwriting allocated blocks is cheaper than growing the file again.
    conn.pragma_update(None, "journal_size_limit", -1)?;
    conn.pragma_update(None, "cache_size", -8192)?;
    Ok(conn)
}

/// The connection that moves the log into the database, away from the writer.
pub(crate) fn checkpointer(path: &Path) -> rusqlite::Result<Connection> {
    let conn = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "wal_autocheckpoint", 0)?;
    conn.pragma_update(None, "cache_size", -256)?;
    Ok(conn)
}

/// A connection that can't write, whatever it is asked.
pub(crate) fn reader(path: &Path) -> rusqlite::Result<Connection> {
    let conn = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    conn.pragma_update(None, "query_only", true)?;
    conn.pragma_update(None, "cache_size", -1024)?;
    Ok(conn)
}

fn open(path: &Path, access: OpenFlags) -> rusqlite::Result<Connection> {
    // Each connection stays on one thread or behind a mutex, so SQLite's own mutexes would only cost.
    let conn = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(Duration::from_secs(2))?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(conn)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A setting as SQLite reports it.
    fn setting(conn: &Connection, name: &str) -> String {
        conn.pragma_query_value(None, name, |row| {
            Ok(row.get::<_, i64>(0).map_or_else(|_| row.get(0), |number| Ok(number.to_string())))
        })
        .unwrap()
        .unwrap()
    }

    #[test]
    fn the_settings_on_which_the_promises_rest_are_in_force() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("some.db");
        std::fs::File::create(&path).unwrap();
        let writer = writer(&path).unwrap();
        writer.execute_batch("CREATE TABLE t (a INTEGER) STRICT").unwrap();
        assert_eq!(setting(&writer, "journal_mode"), "wal");
        for (conn, name) in [(&writer, "writer"), (&checkpointer(&path).unwrap(), "checkpointer")] {
            // 2 is FULL: the log is on the disk before COMMIT returns, the database before the log is reused.
            assert_eq!(setting(conn, "synchronous"), "2", "{name}");
            assert_eq!(setting(conn, "foreign_keys"), "1", "{name}");
            assert_eq!(setting(conn, "trusted_schema"), "0", "{name}");
        }
        assert_eq!(setting(&writer, "journal_size_limit"), "-1");
        let reader = reader(&path).unwrap();
        assert_eq!(setting(&reader, "query_only"), "1");
        assert!(reader.execute_batch("INSERT INTO t VALUES (1)").is_err());
        assert!(writer.execute_batch("PRAGMA writable_schema = ON; DELETE FROM sqlite_schema").is_err());
    }
}
