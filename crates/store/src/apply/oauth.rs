//! What the OAuth room decided.

use model::{ClientId, FamilyId, PersonId, SessionId, Timestamp};
use oauth::{Change, FamilyState, RefreshFamily, RevocationReason, ScopeSet};
use rusqlite::{Connection, params};

use super::{ApplyError, clients, device, once, one, subjects};
use crate::{PreconditionFailed, memory::Effect};

pub(super) fn apply(conn: &Connection, change: &Change, effects: &mut Vec<Effect>) -> Result<(), ApplyError> {
    match change {
        Change::InsertClient(client) => clients::insert(conn, client, effects),
        Change::InsertFamily(family) => insert_family(conn, family),
        Change::RotateFamily { id, from_generation, token_hash, at } => {
            rotate_family(conn, *id, *from_generation, token_hash, *at)
        }
        Change::UseFamily { id, generation, at } => use_family(conn, *id, *generation, *at),
        Change::RevokeFamily { id, at, reason } => revoke_family(conn, *id, *at, *reason),
        Change::RememberConsent { person, client, scope, at } => remember_consent(conn, *person, client, scope, *at),
        Change::ForgetConsent { person, client, at } => forget_consent(conn, *person, client, *at),
        Change::SpendAssertion { client: _, jti_hash, until } => once::spend(conn, jti_hash, *until),
        Change::RevokeToken { jti, until } => once::revoke_token(conn, *jti, *until, effects),
        Change::InsertDeviceGrant(grant) => device::insert(conn, grant),
        Change::CountDeviceLookUp { id, from } => device::count_look_up(conn, *id, *from),
        Change::AnswerDeviceGrant { id, answer } => device::answer(conn, *id, answer),
        Change::PollDeviceGrant { id, at, interval_seconds } => device::poll(conn, *id, *at, *interval_seconds),
        Change::RedeemDeviceGrant { id, family, at } => device::redeem(conn, *id, *family, *at),
        Change::ReplaceClient(client) => clients::replace(conn, client, effects),
        Change::RemoveClient { id, at } => clients::remove(conn, id, *at, effects),
        Change::KeepDocumentClient(client) => clients::keep_document(conn, client, effects),
        Change::SetRegistrationToken { client, token_hash } => {
            clients::set_registration_token(conn, client, token_hash, effects)
        }
        Change::InsertInitialAccess(access) => clients::insert_initial_access(conn, access),
        Change::SpendInitialAccess { hash, at } => clients::spend_initial_access(conn, hash, *at),
        Change::RevokeInitialAccess { hash } => clients::revoke_initial_access(conn, hash),
        Change::InsertSubjectMapping(mapping) => subjects::insert(conn, mapping, effects),
        Change::RevokeSessionFamilies { session, at } => revoke_session_families(conn, *session, *at),
    }
}

fn insert_family(conn: &Connection, family: &RefreshFamily) -> Result<(), ApplyError> {
    let (revoked_at, reason) = match family.state {
        FamilyState::Live => (None, None),
        FamilyState::Revoked { at, reason } => (Some(at.millis()), Some(reason.as_str())),
    };
    let touched = conn
        .prepare_cached(
            "INSERT INTO refresh_family (id, client, person, session, auth_at, strength, amr, passkey, scope, generation,
                token_hash, created, rotated, idle_seconds, expires, ends, revoked_at, reason, details)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?15, ?16, ?17, ?18)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            family.id.as_bytes(),
            family.client.as_str(),
            family.person.as_bytes(),
            family.session.as_ref().map(model::SessionId::as_bytes),
            family.authentication.at.millis(),
            family.authentication.strength.as_str(),
            family.authentication.amr.bits(),
            family.authentication.passkey.as_ref().map(model::PasskeyId::as_bytes),
            family.scope.as_str(),
            family.generation,
            family.token_hash,
            family.created.millis(),
            family.rotated.millis(),
            family.idle_seconds,
            family.expires.millis(),
            revoked_at,
            reason,
            family.details.to_json()
        ])?;
    one(touched, PreconditionFailed::FamilyUsed)
}

fn rotate_family(
    conn: &Connection,
    id: FamilyId,
    from_generation: u32,
    token_hash: &[u8; 32],
    at: Timestamp,
) -> Result<(), ApplyError> {
    let touched = conn
        .prepare_cached(
            "UPDATE refresh_family SET generation = generation + 1, token_hash = ?3, rotated = ?4
             WHERE id = ?1 AND generation = ?2 AND revoked_at IS NULL",
        )?
        .execute(params![id.as_bytes(), from_generation, token_hash, at.millis()])?;
    one(touched, PreconditionFailed::FamilyMoved)
}

/// The current token stays; its idle time counts anew.
fn use_family(conn: &Connection, id: FamilyId, generation: u32, at: Timestamp) -> Result<(), ApplyError> {
    let touched = conn
        .prepare_cached(
            "UPDATE refresh_family SET rotated = MAX(rotated, ?3) WHERE id = ?1 AND generation = ?2 AND revoked_at IS NULL",
        )?
        .execute(params![id.as_bytes(), generation, at.millis()])?;
    one(touched, PreconditionFailed::FamilyMoved)
}

/// An unknown id leaves a tombstone, which makes a later insert of that id fail.
fn revoke_family(conn: &Connection, id: FamilyId, at: Timestamp, reason: RevocationReason) -> Result<(), ApplyError> {
    conn.prepare_cached(
        "INSERT INTO refresh_family (id, revoked_at, reason, ends) VALUES (?1, ?2, ?3, ?2)
         ON CONFLICT (id) DO UPDATE SET revoked_at = excluded.revoked_at, reason = excluded.reason
         WHERE refresh_family.revoked_at IS NULL",
    )?
    .execute(params![id.as_bytes(), at.millis(), reason.as_str()])?;
    Ok(())
}

fn remember_consent(
    conn: &Connection,
    person: PersonId,
    client: &ClientId,
    scope: &ScopeSet,
    at: Timestamp,
) -> Result<(), ApplyError> {
    conn.prepare_cached(
        "INSERT INTO consent (person, client, scope, at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (person, client) DO UPDATE SET scope = excluded.scope, at = excluded.at",
    )?
    .execute(params![person.as_bytes(), client.as_str(), scope.as_str(), at.millis()])?;
    Ok(())
}

fn forget_consent(conn: &Connection, person: PersonId, client: &ClientId, at: Timestamp) -> Result<(), ApplyError> {
    conn.prepare_cached("DELETE FROM consent WHERE person = ?1 AND client = ?2")?
        .execute(params![person.as_bytes(), client.as_str()])?;
    conn.prepare_cached(
        "UPDATE refresh_family SET revoked_at = ?3, reason = ?4
         WHERE person = ?1 AND client = ?2 AND revoked_at IS NULL",
    )?
    .execute(params![
        person.as_bytes(),
        client.as_str(),
        at.millis(),
        RevocationReason::ConsentWithdrawn.as_str()
    ])?;
    Ok(())
}

/// A grant may outlive its session (`offline_access`), but not the password or code that it was obtained by: whoever changes them may do
/// so because somebody else has them. Grants of the session that stays, stay.
pub(super) fn end_fallback_families(
    conn: &Connection,
    person: PersonId,
    keep: Option<SessionId>,
    at: Timestamp,
) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "UPDATE refresh_family SET revoked_at = ?3, reason = ?4
         WHERE person = ?1 AND passkey IS NULL AND (session IS NULL OR session IS NOT ?2) AND revoked_at IS NULL",
    )?
    .execute(params![
        person.as_bytes(),
        keep.as_ref().map(SessionId::as_bytes),
        at.millis(),
        RevocationReason::CredentialRevoked.as_str()
    ])?;
    Ok(())
}

fn revoke_session_families(conn: &Connection, session: SessionId, at: Timestamp) -> Result<(), ApplyError> {
    conn.prepare_cached(
        "UPDATE refresh_family SET revoked_at = ?2, reason = ?3 WHERE session = ?1 AND revoked_at IS NULL",
    )?
    .execute(params![session.as_bytes(), at.millis(), RevocationReason::SessionEnded.as_str()])?;
    Ok(())
}
