//! Throttling counters. A counter is written only over the value that was read, so that tries at once are all counted.

use model::Timestamp;
use rusqlite::{Connection, params};
use signin::throttle::{Counter, Scope};

use super::{ApplyError, one};
use crate::PreconditionFailed;

pub(super) fn set(
    conn: &Connection,
    key: &[u8; 32],
    scope: Scope,
    before: Counter,
    after: Counter,
) -> Result<(), ApplyError> {
    let touched = if before == Counter::NONE {
        conn.prepare_cached(
            "INSERT INTO throttle_counter (key, scope, failures, last, until) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, last = excluded.last, until = excluded.until
             WHERE throttle_counter.failures = 0 AND throttle_counter.last = 0 AND throttle_counter.until = 0",
        )?
        .execute(params![key, scope.as_str(), after.failures, after.last.millis(), after.until.millis()])?
    } else {
        conn.prepare_cached(
            "UPDATE throttle_counter SET failures = ?5, last = ?6, until = ?7
             WHERE key = ?1 AND failures = ?2 AND last = ?3 AND until = ?4",
        )?
        .execute(params![
            key,
            before.failures,
            before.last.millis(),
            before.until.millis(),
            after.failures,
            after.last.millis(),
            after.until.millis()
        ])?
    };
    one(touched, PreconditionFailed::CounterMoved)
}

pub(super) fn clear(conn: &Connection, key: &[u8; 32]) -> Result<(), ApplyError> {
    conn.prepare_cached("DELETE FROM throttle_counter WHERE key = ?1")?.execute([key])?;
    Ok(())
}

/// Rows forgotten by one sweep: a sweep must not hold up the change sets that queue behind it.
const ROWS_MAX: i64 = 1000;

pub(super) fn sweep(conn: &Connection, scope: Scope, before: Timestamp) -> Result<(), ApplyError> {
    conn.prepare_cached(
        "DELETE FROM throttle_counter WHERE key IN (
            SELECT key FROM throttle_counter WHERE scope = ?1 AND last < ?2 LIMIT ?3)",
    )?
    .execute(params![scope.as_str(), before.millis(), ROWS_MAX])?;
    Ok(())
}
