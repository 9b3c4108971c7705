//! Notices on their way, and the addresses that they go to.

use model::{NoticeId, NoticeKind, PasskeyId, PersonId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::{ApplyError, one, signin::require_person};
use crate::PreconditionFailed;

/// Addresses that one person may have.
const ADDRESSES_MAX: i64 = 10;

pub(super) fn queue(
    conn: &Connection,
    id: NoticeId,
    person: PersonId,
    kind: NoticeKind,
    at: Timestamp,
    passkey: Option<PasskeyId>,
) -> Result<(), ApplyError> {
    let touched = conn
        .prepare_cached(
            "INSERT INTO notice (id, person, kind, at, passkey, next_try) VALUES (?1, ?2, ?3, ?4, ?5, ?4)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            id.as_bytes(),
            person.as_bytes(),
            kind.as_str(),
            at.millis(),
            passkey.as_ref().map(PasskeyId::as_bytes)
        ])?;
    one(touched, PreconditionFailed::IdTaken)
}

/// The notice went out. A passkey whose adding it tells of counts as noticed from then on.
pub(super) fn sent(conn: &Connection, id: NoticeId, at: Timestamp) -> Result<(), ApplyError> {
    let row: Option<(String, Option<[u8; 16]>)> = conn
        .prepare_cached(
            "UPDATE notice SET sent = ?2, tries = tries + 1 WHERE id = ?1 AND sent IS NULL RETURNING kind, passkey",
        )?
        .query_row(params![id.as_bytes(), at.millis()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (kind, passkey) = row.ok_or(PreconditionFailed::NoticeDone)?;
    if let (Some(NoticeKind::PasskeyAdded), Some(passkey)) = (NoticeKind::from_word(&kind), passkey) {
        conn.prepare_cached("UPDATE passkey SET noticed = ?2 WHERE id = ?1 AND noticed IS NULL")?
            .execute(params![passkey, at.millis()])?;
    }
    Ok(())
}

/// It could not be sent: again at `next_try`.
pub(super) fn postpone(conn: &Connection, id: NoticeId, next_try: Timestamp) -> Result<(), ApplyError> {
    let touched = conn
        .prepare_cached("UPDATE notice SET tries = tries + 1, next_try = ?2 WHERE id = ?1 AND sent IS NULL")?
        .execute(params![id.as_bytes(), next_try.millis()])?;
    one(touched, PreconditionFailed::NoticeDone)
}

/// It will never be sent.
pub(super) fn give_up(conn: &Connection, id: NoticeId, at: Timestamp) -> Result<(), ApplyError> {
    let touched = conn
        .prepare_cached("UPDATE notice SET sent = ?2, undeliverable = 1 WHERE id = ?1 AND sent IS NULL")?
        .execute(params![id.as_bytes(), at.millis()])?;
    one(touched, PreconditionFailed::NoticeDone)
}

pub(super) fn add_address(
    conn: &Connection,
    person: PersonId,
    hash: &[u8; 32],
    sealed: &[u8],
    at: Timestamp,
) -> Result<(), ApplyError> {
    require_person(conn, person)?;
    let touched = conn
        .prepare_cached(
            "INSERT INTO notice_address (person, hash, sealed, added) SELECT ?1, ?2, ?3, ?4
             WHERE (SELECT count(*) FROM notice_address WHERE person = ?1) < ?5 ON CONFLICT DO NOTHING",
        )?
        .execute(params![person.as_bytes(), hash, sealed, at.millis(), ADDRESSES_MAX])?;
    one(touched, PreconditionFailed::IdTaken)
}

pub(super) fn remove_address(conn: &Connection, person: PersonId, hash: &[u8; 32]) -> Result<(), ApplyError> {
    conn.prepare_cached("DELETE FROM notice_address WHERE person = ?1 AND hash = ?2")?
        .execute(params![person.as_bytes(), hash])?;
    Ok(())
}
