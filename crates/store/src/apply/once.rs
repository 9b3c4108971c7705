//! What counts once until it would have expired anyway.

use model::Timestamp;
use rusqlite::{Connection, params};

use super::{ApplyError, one};
use crate::{PreconditionFailed, memory::Effect};

pub(super) fn spend(conn: &Connection, hash: &[u8; 32], until: Timestamp) -> Result<(), ApplyError> {
    let touched = conn
        .prepare_cached("INSERT INTO spent (hash, until) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![hash, until.millis()])?;
    one(touched, PreconditionFailed::Spent)
}

pub(super) fn revoke_token(
    conn: &Connection,
    jti: [u8; 16],
    until: Timestamp,
    effects: &mut Vec<Effect>,
) -> Result<(), ApplyError> {
    conn.prepare_cached(
        "INSERT INTO revoked_token (jti, until) VALUES (?1, ?2) ON CONFLICT (jti) DO UPDATE SET until = MAX(until, excluded.until)",
    )?
    .execute(params![jti, until.millis()])?;
    effects.push(Effect::TokenRevoked { jti, until });
    Ok(())
}
