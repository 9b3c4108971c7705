//! Forgetting what time has ended, so that storage and memory hold what is live and little else.

use model::{SessionId, Timestamp};
use rusqlite::{Connection, params};

use crate::memory::Effect;

/// Rows of one kind forgotten in one sweep: a sweep must not hold up the change sets that queue behind it.
const ROWS_MAX: i64 = 1000;
/// How long an ended family is kept, in milliseconds. Its tombstone must outlive every redemption that may still be on its way.
const FAMILY_KEPT_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Deletes sessions past their absolute end, and families whose end lies a day back.
pub(crate) fn sweep(conn: &Connection, now: Timestamp, effects: &mut Vec<Effect>) -> rusqlite::Result<()> {
    let mut statement = conn.prepare_cached(
        "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE expires <= ?1 LIMIT ?2) RETURNING id, cookie_hash",
    )?;
    let mut rows = statement.query(params![now.millis(), ROWS_MAX])?;
    while let Some(row) = rows.next()? {
        effects.push(Effect::SessionEnded { id: SessionId::from_bytes(row.get(0)?), cookie_hash: row.get(1)? });
    }
    let families_before = now.millis().saturating_sub(FAMILY_KEPT_MILLIS);
    conn.prepare_cached(
        "DELETE FROM refresh_family WHERE id IN (SELECT id FROM refresh_family WHERE ends <= ?1 LIMIT ?2)",
    )?
    .execute(params![families_before, ROWS_MAX])?;
    Ok(())
}
