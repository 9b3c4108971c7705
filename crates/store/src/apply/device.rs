//! Grants of devices. What a step relies on is the condition of its statement, so that two answers, or two redemptions, can't both win.

use model::{DeviceGrantId, FamilyId, Timestamp};
use oauth::device::{DeviceAnswer, DeviceGrant, DeviceState};
use rusqlite::{Connection, OptionalExtension, params};

use super::{ApplyError, one};
use crate::{
    PreconditionFailed,
    device_rows::{self, DeviceBody},
};

/// Grants that may be alive at the same time, over all clients.
const LIVE_MAX: i64 = 10_000;
/// Grants of one client that may be. Anybody can ask in the name of a public client, and must not use up what is left for the others.
const LIVE_OF_CLIENT_MAX: i64 = 1_000;

pub(super) fn insert(conn: &Connection, grant: &DeviceGrant) -> Result<(), ApplyError> {
    let touched = conn
        .prepare_cached(
            "INSERT INTO device_grant (id, device_hash, user_hash, client, state, look_ups, polled, interval_seconds, expires, body)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
             WHERE (SELECT count(*) FROM device_grant WHERE expires > ?11) < ?12
                AND (SELECT count(*) FROM device_grant WHERE expires > ?11 AND client = ?4) < ?13
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            grant.id.as_bytes(),
            grant.device_hash,
            grant.user_hash,
            grant.client.as_str(),
            grant.state.as_str(),
            grant.look_ups,
            grant.polled.map(Timestamp::millis),
            grant.interval_seconds,
            grant.expires.millis(),
            DeviceBody::of(grant).to_json(),
            grant.created.millis(),
            LIVE_MAX,
            LIVE_OF_CLIENT_MAX
        ])?;
    one(touched, PreconditionFailed::IdTaken)
}

pub(super) fn count_look_up(conn: &Connection, id: DeviceGrantId, from: u32) -> Result<(), ApplyError> {
    let touched = conn
        .prepare_cached(
            "UPDATE device_grant SET look_ups = look_ups + 1 WHERE id = ?1 AND look_ups = ?2 AND state = 'pending'",
        )?
        .execute(params![id.as_bytes(), from])?;
    one(touched, PreconditionFailed::DeviceMoved)
}

pub(super) fn answer(conn: &Connection, id: DeviceGrantId, answer: &DeviceAnswer) -> Result<(), ApplyError> {
    let (at, person, session) = match answer {
        DeviceAnswer::Approved(approval) => (approval.at, Some(approval.person), Some(approval.session)),
        DeviceAnswer::Denied { at } => (*at, None, None),
    };
    let state = DeviceState::from(answer.clone());
    let touched = conn
        .prepare_cached(
            "UPDATE device_grant SET state = ?2, person = ?4, session = ?5, body = ?6
             WHERE id = ?1 AND state = 'pending' AND expires > ?3",
        )?
        .execute(params![
            id.as_bytes(),
            state.as_str(),
            at.millis(),
            person.as_ref().map(model::PersonId::as_bytes),
            session.as_ref().map(model::SessionId::as_bytes),
            with_state(conn, id, state.clone())?
        ])?;
    one(touched, PreconditionFailed::DeviceMoved)
}

pub(super) fn poll(conn: &Connection, id: DeviceGrantId, at: Timestamp, seconds: i64) -> Result<(), ApplyError> {
    conn.prepare_cached("UPDATE device_grant SET polled = ?2, interval_seconds = ?3 WHERE id = ?1")?
        .execute(params![id.as_bytes(), at.millis(), seconds])?;
    Ok(())
}

pub(super) fn redeem(conn: &Connection, id: DeviceGrantId, family: FamilyId, at: Timestamp) -> Result<(), ApplyError> {
    let state = DeviceState::Redeemed { family, at };
    let touched = conn
        .prepare_cached("UPDATE device_grant SET state = ?2, body = ?3 WHERE id = ?1 AND state = 'approved'")?
        .execute(params![id.as_bytes(), state.as_str(), with_state(conn, id, state.clone())?])?;
    one(touched, PreconditionFailed::DeviceMoved)
}

/// The stored body with another state in it.
fn with_state(conn: &Connection, id: DeviceGrantId, state: DeviceState) -> Result<String, ApplyError> {
    let row = conn
        .prepare_cached(device_rows::BY_ID.as_str())?
        .query_row([id.as_bytes()], |row| Ok(device_rows::grant(row)))
        .optional()?;
    let grant = row.ok_or(PreconditionFailed::DeviceMoved)?.map_err(|_| PreconditionFailed::ValueRefused)?;
    Ok(DeviceBody::of(&DeviceGrant { state, ..grant }).to_json())
}
