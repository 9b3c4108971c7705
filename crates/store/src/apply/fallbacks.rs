//! What the sign-in room decided about passwords, authenticator apps, recovery codes and the invitation to enrol.

use model::{PersonId, Secret, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::{ApplyError, one, signin::require_person};
use crate::{PreconditionFailed, seals::Seals};

pub(super) struct NewPassword<'a> {
    pub(super) person: PersonId,
    pub(super) text: &'a Secret<String>,
    pub(super) imported: bool,
    pub(super) replaces: Option<&'a Secret<String>>,
    pub(super) at: Timestamp,
}

pub(super) fn set_password(conn: &Connection, seals: &Seals, new: &NewPassword<'_>) -> Result<(), ApplyError> {
    require_person(conn, new.person)?;
    if let Some(old) = new.replaces {
        require_password(conn, seals, new.person, old)?;
    }
    conn.prepare_cached(
        "INSERT INTO person_password (person, sealed, imported, changed) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (person) DO UPDATE SET sealed = excluded.sealed, imported = excluded.imported, changed = excluded.changed",
    )?
    .execute(params![
        new.person.as_bytes(),
        seals.seal_password(new.person, new.text.expose()),
        new.imported,
        new.at.millis()
    ])?;
    Ok(())
}

/// The stored text is exactly this one. One that does not open is none: damage never lets anybody in.
pub(super) fn require_password(
    conn: &Connection,
    seals: &Seals,
    person: PersonId,
    text: &Secret<String>,
) -> Result<(), ApplyError> {
    let sealed: Option<Vec<u8>> = conn
        .prepare_cached("SELECT sealed FROM person_password WHERE person = ?1")?
        .query_row([person.as_bytes()], |row| row.get(0))
        .optional()?;
    let stored = sealed.and_then(|sealed| seals.open_password(person, &sealed).ok());
    let same = stored.is_some_and(|stored| stored.expose() == text.expose());
    if same { Ok(()) } else { Err(PreconditionFailed::PasswordChanged.into()) }
}

pub(super) fn remove_password(conn: &Connection, person: PersonId) -> Result<(), ApplyError> {
    conn.prepare_cached("DELETE FROM person_password WHERE person = ?1")?.execute([person.as_bytes()])?;
    Ok(())
}

pub(super) fn set_totp(
    conn: &Connection,
    person: PersonId,
    sealed: &[u8],
    last_step: u64,
    at: Timestamp,
) -> Result<(), ApplyError> {
    require_person(conn, person)?;
    conn.prepare_cached(
        "INSERT INTO person_totp (person, sealed, last_step, added) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (person) DO UPDATE SET sealed = excluded.sealed, last_step = excluded.last_step, added = excluded.added",
    )?
    .execute(params![person.as_bytes(), sealed, step(last_step)?, at.millis()])?;
    Ok(())
}

pub(super) fn use_totp(conn: &Connection, person: PersonId, before: Option<u64>, used: u64) -> Result<(), ApplyError> {
    let touched = conn
        .prepare_cached("UPDATE person_totp SET last_step = ?3 WHERE person = ?1 AND last_step IS ?2")?
        .execute(params![person.as_bytes(), before.map(step).transpose()?, step(used)?])?;
    one(touched, PreconditionFailed::CodeSpent)
}

pub(super) fn remove_totp(conn: &Connection, person: PersonId) -> Result<(), ApplyError> {
    conn.prepare_cached("DELETE FROM person_totp WHERE person = ?1")?.execute([person.as_bytes()])?;
    Ok(())
}

fn step(step: u64) -> Result<i64, PreconditionFailed> {
    i64::try_from(step).map_err(|_| PreconditionFailed::ValueRefused)
}

pub(super) fn replace_recovery_codes(
    conn: &Connection,
    person: PersonId,
    hashes: &[[u8; 32]],
    at: Timestamp,
) -> Result<(), ApplyError> {
    require_person(conn, person)?;
    conn.prepare_cached("DELETE FROM recovery_code WHERE person = ?1")?.execute([person.as_bytes()])?;
    let mut insert = conn.prepare_cached("INSERT INTO recovery_code (person, hash, created) VALUES (?1, ?2, ?3)")?;
    for hash in hashes {
        insert.execute(params![person.as_bytes(), hash, at.millis()])?;
    }
    Ok(())
}

pub(super) fn spend_recovery_code(conn: &Connection, person: PersonId, hash: &[u8; 32]) -> Result<(), ApplyError> {
    let touched = conn
        .prepare_cached("DELETE FROM recovery_code WHERE person = ?1 AND hash = ?2")?
        .execute(params![person.as_bytes(), hash])?;
    one(touched, PreconditionFailed::CodeSpent)
}

pub(super) fn record_invitation(
    conn: &Connection,
    person: PersonId,
    count: u16,
    snoozed_until: Timestamp,
) -> Result<(), ApplyError> {
    require_person(conn, person)?;
    let touched = conn
        .prepare_cached(
            "INSERT INTO invitation (person, count, snoozed_until) SELECT ?1, ?2, ?3 WHERE ?2 > 0
             ON CONFLICT (person) DO UPDATE SET count = excluded.count, snoozed_until = excluded.snoozed_until
             WHERE invitation.count < excluded.count",
        )?
        .execute(params![person.as_bytes(), count, snoozed_until.millis()])?;
    one(touched, PreconditionFailed::CounterMoved)
}
