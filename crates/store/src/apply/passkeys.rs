//! What the sign-in room decided about passkeys and the passes that enrol them.

use model::{PassId, PasskeyId, PersonId, Timestamp};
use passkey::Passkey;
use rusqlite::{Connection, OptionalExtension, params};
use signin::{EnrolmentPass, limits::PASSKEYS_PER_PERSON_MAX};

use super::{ApplyError, one, signin::require_active};
use crate::PreconditionFailed;

pub(super) fn insert(conn: &Connection, passkey: &Passkey) -> Result<(), ApplyError> {
    require_active(conn, passkey.person)?;
    if count(conn, passkey.person)? >= PASSKEYS_PER_PERSON_MAX {
        return Err(PreconditionFailed::TooManyPasskeys.into());
    }
    let transports: Vec<&str> = passkey.transports.iter().map(|transport| transport.as_str()).collect();
    // WebAuthn L3 §7.1: the credential id must be unknown for every person; the UNIQUE column answers.
    let touched = conn
        .prepare_cached(
            "INSERT INTO passkey (id, person, credential_id, public_key, algorithm, sign_count, backup_eligible, backed_up,
                user_verified, aaguid, transports, attested, attestation_object, binding, created, last_used, label, noticed,
                confirmed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            passkey.id.as_bytes(),
            passkey.person.as_bytes(),
            passkey.credential_id,
            passkey.public_key,
            passkey.algorithm.cose_id(),
            passkey.sign_count,
            passkey.backup_eligible,
            passkey.backed_up,
            passkey.user_verified,
            passkey.aaguid,
            transports.join(" "),
            passkey.attested,
            passkey.attestation_object,
            passkey.binding.as_str(),
            passkey.created.millis(),
            passkey.last_used.map(Timestamp::millis),
            passkey.label,
            passkey.noticed.map(Timestamp::millis),
            passkey.confirmed.map(Timestamp::millis)
        ])?;
    one(touched, PreconditionFailed::CredentialKnown)
}

/// Two uses may be committed in another order than they were judged in: neither counter nor time goes back.
pub(super) fn note_use(
    conn: &Connection,
    id: PasskeyId,
    sign_count: u32,
    backed_up: bool,
    used: Timestamp,
) -> Result<(), ApplyError> {
    let touched = conn
        .prepare_cached(
            "UPDATE passkey SET sign_count = MAX(sign_count, ?2), backed_up = ?3, last_used = MAX(COALESCE(last_used, ?4), ?4)
             WHERE id = ?1",
        )?
        .execute(params![id.as_bytes(), sign_count, backed_up, used.millis()])?;
    one(touched, PreconditionFailed::PasskeyMissing)
}

/// A time already stored stays.
pub(super) fn confirm(conn: &Connection, id: PasskeyId, at: Timestamp) -> Result<(), ApplyError> {
    let touched = conn
        .prepare_cached("UPDATE passkey SET confirmed = COALESCE(confirmed, ?2) WHERE id = ?1")?
        .execute(params![id.as_bytes(), at.millis()])?;
    one(touched, PreconditionFailed::PasskeyMissing)
}

pub(super) fn require_none(conn: &Connection, person: PersonId) -> Result<(), ApplyError> {
    if count(conn, person)? == 0 { Ok(()) } else { Err(PreconditionFailed::PasskeyPresent.into()) }
}

pub(super) fn rename(conn: &Connection, id: PasskeyId, person: PersonId, label: &[u8]) -> Result<(), ApplyError> {
    let touched = conn
        .prepare_cached("UPDATE passkey SET label = ?3 WHERE id = ?1 AND person = ?2")?
        .execute(params![id.as_bytes(), person.as_bytes(), label])?;
    one(touched, PreconditionFailed::PasskeyMissing)
}

pub(super) fn remove(conn: &Connection, id: PasskeyId, person: PersonId, keep_one: bool) -> Result<(), ApplyError> {
    let touched = conn
        .prepare_cached("DELETE FROM passkey WHERE id = ?1 AND person = ?2")?
        .execute(params![id.as_bytes(), person.as_bytes()])?;
    one(touched, PreconditionFailed::PasskeyMissing)?;
    if count(conn, person)? > 0 {
        return Ok(());
    }
    if keep_one {
        return Err(PreconditionFailed::LastPasskey.into());
    }
    // A pass does nothing for whoever holds a passkey. Links from before, which somebody may still have, must not come back to life now.
    conn.prepare_cached("UPDATE enrolment_pass SET expires = created WHERE person = ?1 AND spent IS NULL")?
        .execute([person.as_bytes()])?;
    Ok(())
}

pub(super) fn insert_pass(conn: &Connection, pass: &EnrolmentPass) -> Result<(), ApplyError> {
    let touched = conn
        .prepare_cached(
            "INSERT INTO enrolment_pass (id, hash, person, binding, created, expires, spent)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            pass.id.as_bytes(),
            pass.hash,
            pass.person.as_bytes(),
            pass.binding.as_str(),
            pass.created.millis(),
            pass.expires.millis(),
            pass.spent.map(Timestamp::millis)
        ])?;
    one(touched, PreconditionFailed::IdTaken)
}

pub(super) fn spend_pass(conn: &Connection, id: PassId, at: Timestamp) -> Result<(), ApplyError> {
    let person: Option<[u8; 16]> = conn
        .prepare_cached(
            "UPDATE enrolment_pass SET spent = ?2 WHERE id = ?1 AND spent IS NULL AND expires > ?2 RETURNING person",
        )?
        .query_row(params![id.as_bytes(), at.millis()], |row| row.get(0))
        .optional()?;
    let Some(person) = person else { return Err(PreconditionFailed::PassSpent.into()) };
    // Two passes used at the same moment must not bind two passkeys.
    if count(conn, PersonId::from_bytes(person))? > 0 {
        return Err(PreconditionFailed::PasskeyPresent.into());
    }
    Ok(())
}

fn count(conn: &Connection, person: PersonId) -> Result<usize, ApplyError> {
    let count: i64 = conn
        .prepare_cached("SELECT count(*) FROM passkey WHERE person = ?1")?
        .query_row([person.as_bytes()], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}
