//! Rows that nobody waits for: sign-in records, the times at which sessions were last used, and how often a receipt was repeated. They ride in the writer's next
//! group, at most 50 ms later; a crash in between loses them, and the design says so.

use rusqlite::{Connection, params};

use crate::{apply::context, queue::Buffered};

/// Writes one row in the transaction that `conn` is in.
pub(crate) fn write(conn: &Connection, row: &Buffered) -> rusqlite::Result<()> {
    match row {
        Buffered::Signin(record) => {
            conn.prepare_cached(
                "INSERT INTO signin_record (at, path, tier, pseudonym, method, outcome, strength, elapsed_millis, capabilities)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                record.at.millis(),
                record.path.as_ref().map(model::ClientId::as_str),
                record.tier.as_str(),
                record.pseudonym,
                record.method.as_str(),
                record.outcome.as_str(),
                record.strength.map(model::Strength::as_str),
                record.elapsed_millis,
                record.capabilities.bits()
            ])?;
        }
        Buffered::ReceiptCounted { id, at, more } => context::count(conn, id.as_bytes(), *at, *more)?,
        Buffered::SessionUsed { id, at } => {
            // The clock may have stepped back: a last use never moves towards the past.
            conn.prepare_cached("UPDATE session SET last_used = ?2 WHERE id = ?1 AND last_used < ?2")?
                .execute(params![id.as_bytes(), at.millis()])?;
        }
    }
    Ok(())
}
