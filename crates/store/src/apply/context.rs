//! What the context room decided, and the attributes that it decides about.

use context::{Change, Receipt};
use model::{PersonId, Timestamp};
use rusqlite::{Connection, params};

use super::{ApplyError, one, signin::require_person};
use crate::PreconditionFailed;

pub(super) fn apply(conn: &Connection, change: &Change) -> Result<(), ApplyError> {
    match change {
        Change::InsertReceipt(receipt) => insert(conn, receipt),
        Change::CountReceipt { id, at } => Ok(count(conn, id.as_bytes(), *at, 1)?),
    }
}

fn insert(conn: &Connection, receipt: &Receipt) -> Result<(), ApplyError> {
    let touched = conn
        .prepare_cached(
            "INSERT INTO receipt (id, person, client, claims, purpose, first, last, times)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            receipt.id.as_bytes(),
            receipt.person.as_bytes(),
            receipt.client.as_str(),
            receipt.claims.to_names(),
            receipt.purpose,
            receipt.first.millis(),
            receipt.last.millis(),
            i64::try_from(receipt.times).unwrap_or(i64::MAX)
        ])?;
    one(touched, PreconditionFailed::ReceiptKept)
}

/// Counts `more` tellings. A receipt that is gone counts nothing.
pub(crate) fn count(conn: &Connection, id: &[u8; 16], at: Timestamp, more: u64) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE receipt SET times = times + ?3, last = MAX(last, ?2) WHERE id = ?1")?
        .execute(params![id, at.millis(), i64::try_from(more).unwrap_or(i64::MAX)])?;
    Ok(())
}

pub(super) fn set_attributes(
    conn: &Connection,
    person: PersonId,
    sealed: &[u8],
    at: Timestamp,
) -> Result<(), ApplyError> {
    require_person(conn, person)?;
    conn.prepare_cached(
        "INSERT INTO person_attributes (person, sealed, changed) VALUES (?1, ?2, ?3)
         ON CONFLICT (person) DO UPDATE SET sealed = excluded.sealed, changed = excluded.changed",
    )?
    .execute(params![person.as_bytes(), sealed, at.millis()])?;
    Ok(())
}
