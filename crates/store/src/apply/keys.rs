//! Signing keys: published first, then active, then retired. Rows are never deleted, because old checkpoints name them.

use std::sync::Arc;

use crypto::SigningKey;
use model::{KeyId, Timestamp};
use rusqlite::{Connection, params};

use super::{ApplyError, one};
use crate::{PreconditionFailed, memory::Effect};

pub(super) fn insert(
    conn: &Connection,
    key: &Arc<SigningKey>,
    sealed: &[u8],
    effects: &mut Vec<Effect>,
) -> Result<(), ApplyError> {
    let touched = conn
        .prepare_cached("INSERT INTO signing_key (id, sealed, created) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?
        .execute(params![key.id().as_bytes(), sealed, key.created().millis()])?;
    one(touched, PreconditionFailed::IdTaken)?;
    effects.push(Effect::KeyAdded(Arc::clone(key)));
    Ok(())
}

pub(super) fn activate(
    conn: &Connection,
    id: KeyId,
    at: Timestamp,
    effects: &mut Vec<Effect>,
) -> Result<(), ApplyError> {
    let touched = conn
        .prepare_cached("UPDATE signing_key SET active_from = ?2 WHERE id = ?1 AND retired_at IS NULL")?
        .execute(params![id.as_bytes(), at.millis()])?;
    one(touched, PreconditionFailed::KeyUnfit)?;
    effects.push(Effect::KeyActivated(id, at));
    Ok(())
}

pub(super) fn retire(conn: &Connection, id: KeyId, at: Timestamp, effects: &mut Vec<Effect>) -> Result<(), ApplyError> {
    // The key that signs is the one that became active last; the order is the one that memory uses.
    let touched = conn
        .prepare_cached(
            "UPDATE signing_key SET retired_at = ?2
             WHERE id = ?1 AND retired_at IS NULL AND id <> (
                SELECT id FROM signing_key WHERE retired_at IS NULL AND active_from IS NOT NULL
                ORDER BY active_from DESC, id DESC LIMIT 1)",
        )?
        .execute(params![id.as_bytes(), at.millis()])?;
    one(touched, PreconditionFailed::KeyUnfit)?;
    effects.push(Effect::KeyRetired(id));
    Ok(())
}
