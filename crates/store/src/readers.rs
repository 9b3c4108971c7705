//! A few connections that can only read, shared by all threads. A point read takes microseconds, so callers read where they stand.

use std::{
    path::Path,
    sync::{
        Mutex, PoisonError, TryLockError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use rusqlite::{Connection, OptionalExtension, Params, Row};

use crate::{ReadError, connection};

/// Connections that read. More threads than this wait for each other, microseconds at a time.
const READERS: usize = 4;

#[derive(Debug)]
pub(crate) struct Readers {
    connections: Vec<Mutex<Connection>>,
    next: AtomicUsize,
}

impl Readers {
    pub(crate) fn open(path: &Path) -> rusqlite::Result<Self> {
        let connections = (0..READERS).map(|_| connection::reader(path).map(Mutex::new)).collect::<Result<_, _>>()?;
        Ok(Self { connections, next: AtomicUsize::new(0) })
    }

    /// Reads at most one row.
    pub(crate) fn one<T>(
        &self,
        sql: &str,
        which: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T, ReadError>,
    ) -> Result<Option<T>, ReadError> {
        self.with(|conn| {
            let mut statement = conn.prepare_cached(sql)?;
            let found = statement.query_row(which, |row| Ok(read(row))).optional()?;
            found.transpose()
        })
    }

    /// Reads every row.
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        which: impl Params,
        mut read: impl FnMut(&Row<'_>) -> Result<T, ReadError>,
    ) -> Result<Vec<T>, ReadError> {
        self.with(|conn| {
            let mut statement = conn.prepare_cached(sql)?;
            let mut rows = statement.query(which)?;
            let mut out = Vec::new();
            while let Some(row) = rows.next()? {
                out.push(read(row)?);
            }
            Ok(out)
        })
    }

    fn with<T>(&self, use_it: impl FnOnce(&Connection) -> T) -> T {
        let start = self.next.fetch_add(1, Relaxed);
        for i in 0..self.connections.len() {
            // Reading leaves nothing half-done, so a connection whose holder died is as good as any.
            match self.connections[(start + i) % self.connections.len()].try_lock() {
                Ok(conn) => return use_it(&conn),
                Err(TryLockError::Poisoned(conn)) => return use_it(&conn.into_inner()),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        let conn = self.connections[start % self.connections.len()].lock();
        use_it(&conn.unwrap_or_else(PoisonError::into_inner))
    }
}
