//! What the sign-in room decided about people, names and sessions.

use model::{Person, PersonId, PersonStatus, Session, SessionId, Timestamp};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, params};
use signin::Change;

use super::{
    ApplyError, counters,
    fallbacks::{self, NewPassword},
    notices, oauth, one, passkeys,
};
use crate::{PreconditionFailed, memory::Effect, seals::Seals};

pub(super) fn apply(
    conn: &Connection,
    seals: &Seals,
    change: &Change,
    effects: &mut Vec<Effect>,
) -> Result<(), ApplyError> {
    match change {
        Change::InsertPerson { person, sealed_display } => insert_person(conn, person, sealed_display),
        Change::SetPersonStatus { id, status } => set_person_status(conn, *id, *status),
        Change::SetPersonGroups { id, groups } => set_person_groups(conn, *id, groups),
        Change::InsertSigninName { hash, person, sealed } => insert_signin_name(conn, hash, *person, sealed),
        Change::InsertPasskey(passkey) => passkeys::insert(conn, passkey),
        Change::UsePasskey { id, sign_count, backed_up, used } => {
            passkeys::note_use(conn, *id, *sign_count, *backed_up, *used)
        }
        Change::ConfirmPasskey { id, at } => passkeys::confirm(conn, *id, *at),
        Change::RequireNoPasskey { person } => passkeys::require_none(conn, *person),
        Change::RenamePasskey { id, person, label } => passkeys::rename(conn, *id, *person, label),
        Change::RemovePasskey { id, person, keep_one } => passkeys::remove(conn, *id, *person, *keep_one),
        Change::InsertPass(pass) => passkeys::insert_pass(conn, pass),
        Change::SpendPass { id, at } => passkeys::spend_pass(conn, *id, *at),
        Change::SetPassword { person, phc, imported, replaces, at } => fallbacks::set_password(
            conn,
            seals,
            &NewPassword { person: *person, text: phc, imported: *imported, replaces: replaces.as_ref(), at: *at },
        ),
        Change::RequirePassword { person, phc } => fallbacks::require_password(conn, seals, *person, phc),
        Change::RemovePassword { person } => fallbacks::remove_password(conn, *person),
        Change::SetTotp { person, sealed, last_step, at } => {
            fallbacks::set_totp(conn, *person, sealed, *last_step, *at)
        }
        Change::UseTotp { person, before, step } => fallbacks::use_totp(conn, *person, *before, *step),
        Change::RemoveTotp { person } => fallbacks::remove_totp(conn, *person),
        Change::ReplaceRecoveryCodes { person, hashes, at } => {
            fallbacks::replace_recovery_codes(conn, *person, hashes, *at)
        }
        Change::SpendRecoveryCode { person, hash } => fallbacks::spend_recovery_code(conn, *person, hash),
        Change::RecordInvitation { person, count, snoozed_until } => {
            fallbacks::record_invitation(conn, *person, *count, *snoozed_until)
        }
        Change::SetCounter { key, scope, before, after } => counters::set(conn, key, *scope, *before, *after),
        Change::ClearCounter { key } => counters::clear(conn, key),
        Change::SweepCounters { scope, before } => counters::sweep(conn, *scope, *before),
        Change::QueueNotice { id, person, kind, at, passkey } => {
            notices::queue(conn, *id, *person, *kind, *at, *passkey)
        }
        Change::RequireSession { id, at } => require_session(conn, *id, *at),
        Change::InsertSession(session) => insert_session(conn, session, effects),
        Change::EndSession { id, at } => end_sessions(
            conn.prepare_cached(
                "UPDATE session SET ended = ?2 WHERE id = ?1 AND ended IS NULL RETURNING id, cookie_hash",
            )?,
            params![id.as_bytes(), at.millis()],
            effects,
        ),
        Change::EndSessionsOfPerson { person, at } => end_sessions(
            conn.prepare_cached(
                "UPDATE session SET ended = ?2 WHERE person = ?1 AND ended IS NULL RETURNING id, cookie_hash",
            )?,
            params![person.as_bytes(), at.millis()],
            effects,
        ),
        Change::EndOtherSessions { person, keep, at } => end_sessions(
            conn.prepare_cached(
                "UPDATE session SET ended = ?2 WHERE person = ?1 AND id <> ?3 AND ended IS NULL RETURNING id, cookie_hash",
            )?,
            params![person.as_bytes(), at.millis(), keep.as_bytes()],
            effects,
        ),
        Change::EndFallbackSessions { person, keep, at } => {
            oauth::end_fallback_families(conn, *person, *keep, *at)?;
            end_sessions(
                conn.prepare_cached(
                    "UPDATE session SET ended = ?2 WHERE person = ?1 AND passkey IS NULL AND id IS NOT ?3 AND ended IS NULL
                     RETURNING id, cookie_hash",
                )?,
                params![person.as_bytes(), at.millis(), keep.as_ref().map(SessionId::as_bytes)],
                effects,
            )
        }
        Change::EndSessionsOfPasskey { passkey, at } => end_sessions(
            conn.prepare_cached(
                "UPDATE session SET ended = ?2 WHERE passkey = ?1 AND ended IS NULL RETURNING id, cookie_hash",
            )?,
            params![passkey.as_bytes(), at.millis()],
            effects,
        ),
    }
}

fn insert_person(conn: &Connection, person: &Person, sealed_display: &[u8]) -> Result<(), ApplyError> {
    // A list of strings always has a JSON form.
    let groups = serde_json::to_string(&person.groups).map_err(|_| PreconditionFailed::ValueRefused)?;
    let touched = conn
        .prepare_cached(
            "INSERT INTO person (id, status, employment, privileged, groups, user_handle, sealed_display, ends, created)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            person.id.as_bytes(),
            person.status.as_str(),
            person.employment.as_str(),
            person.privileged,
            groups,
            person.user_handle,
            sealed_display,
            person.ends.map(Timestamp::millis),
            person.created.millis()
        ])?;
    one(touched, PreconditionFailed::IdTaken)
}

fn set_person_status(conn: &Connection, id: PersonId, status: PersonStatus) -> Result<(), ApplyError> {
    let touched = conn
        .prepare_cached("UPDATE person SET status = ?2 WHERE id = ?1")?
        .execute(params![id.as_bytes(), status.as_str()])?;
    one(touched, PreconditionFailed::PersonMissing)
}

fn set_person_groups(conn: &Connection, id: PersonId, groups: &[String]) -> Result<(), ApplyError> {
    let groups = serde_json::to_string(groups).map_err(|_| PreconditionFailed::ValueRefused)?;
    let touched =
        conn.prepare_cached("UPDATE person SET groups = ?2 WHERE id = ?1")?.execute(params![id.as_bytes(), groups])?;
    one(touched, PreconditionFailed::PersonMissing)
}

/// The person exists, active or not.
pub(super) fn require_person(conn: &Connection, person: PersonId) -> Result<(), ApplyError> {
    let exists: Option<i64> = conn
        .prepare_cached("SELECT 1 FROM person WHERE id = ?1")?
        .query_row([person.as_bytes()], |row| row.get(0))
        .optional()?;
    exists.map(drop).ok_or_else(|| PreconditionFailed::PersonMissing.into())
}

fn insert_signin_name(conn: &Connection, hash: &[u8; 32], person: PersonId, sealed: &[u8]) -> Result<(), ApplyError> {
    let touched = conn
        .prepare_cached("INSERT INTO signin_name (hash, person, sealed) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?
        .execute(params![hash, person.as_bytes(), sealed])?;
    one(touched, PreconditionFailed::NameTaken)
}

/// The person exists and is active. Dates at which access ends are the engines' to judge: they know the time of the request.
pub(super) fn require_active(conn: &Connection, person: PersonId) -> Result<(), ApplyError> {
    let status: Option<String> = conn
        .prepare_cached("SELECT status FROM person WHERE id = ?1")?
        .query_row([person.as_bytes()], |row| row.get(0))
        .optional()?;
    match status.as_deref().map(PersonStatus::from_word) {
        None => Err(PreconditionFailed::PersonMissing.into()),
        Some(Some(PersonStatus::Active)) => Ok(()),
        Some(Some(PersonStatus::Disabled) | None) => Err(PreconditionFailed::PersonInactive.into()),
    }
}

fn require_session(conn: &Connection, id: SessionId, at: Timestamp) -> Result<(), ApplyError> {
    let live: Option<i64> = conn
        .prepare_cached("SELECT 1 FROM session WHERE id = ?1 AND ended IS NULL AND expires > ?2")?
        .query_row(params![id.as_bytes(), at.millis()], |row| row.get(0))
        .optional()?;
    live.map(drop).ok_or_else(|| PreconditionFailed::SessionEnded.into())
}

fn insert_session(conn: &Connection, session: &Session, effects: &mut Vec<Effect>) -> Result<(), ApplyError> {
    let proof = &session.authentication;
    require_active(conn, proof.person)?;
    let touched = conn
        .prepare_cached(
            "INSERT INTO session (id, cookie_hash, person, auth_at, strength, amr, passkey, created, expires, idle_seconds,
                last_used)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?8) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            session.id.as_bytes(),
            session.cookie_hash,
            proof.person.as_bytes(),
            proof.at.millis(),
            proof.strength.as_str(),
            proof.amr.bits(),
            proof.passkey.as_ref().map(model::PasskeyId::as_bytes),
            session.created.millis(),
            session.expires.millis(),
            session.idle_seconds
        ])?;
    one(touched, PreconditionFailed::IdTaken)?;
    effects.push(Effect::SessionStarted(session.clone()));
    Ok(())
}

/// Ends what the statement finds. Finding nothing is fine: it has ended already.
fn end_sessions(
    mut statement: CachedStatement<'_>,
    which: impl Params,
    effects: &mut Vec<Effect>,
) -> Result<(), ApplyError> {
    let mut rows = statement.query(which)?;
    while let Some(row) = rows.next()? {
        effects.push(Effect::SessionEnded { id: SessionId::from_bytes(row.get(0)?), cookie_hash: row.get(1)? });
    }
    Ok(())
}
