//! Signing keys: published first, then active, then retired, then removed; or withdrawn at once. Rows are never deleted, because old checkpoints name them.

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
        .prepare_cached(
            "UPDATE signing_key SET active_from = ?2, retiring_from = NULL WHERE id = ?1 AND retired_at IS NULL",
        )?
        .execute(params![id.as_bytes(), at.millis()])?;
    one(touched, PreconditionFailed::KeyUnfit)?;
    effects.push(Effect::KeyActivated(id, at));
    Ok(())
}

/// It signs no more and stays published. Another key must sign for its algorithm, which only memory of the set so far can tell: the caller
/// puts the successor's activation before it, and storage asks that some other key became active later or at the same time.
pub(super) fn retire(conn: &Connection, id: KeyId, at: Timestamp, effects: &mut Vec<Effect>) -> Result<(), ApplyError> {
    let touched = conn
        .prepare_cached(
            "UPDATE signing_key SET retiring_from = ?2
             WHERE id = ?1 AND retired_at IS NULL AND retiring_from IS NULL AND active_from IS NOT NULL AND EXISTS (
                SELECT 1 FROM signing_key other WHERE other.id <> ?1 AND other.retired_at IS NULL
                    AND other.retiring_from IS NULL AND other.active_from >= signing_key.active_from)",
        )?
        .execute(params![id.as_bytes(), at.millis()])?;
    one(touched, PreconditionFailed::KeyUnfit)?;
    effects.push(Effect::KeyRetired(id, at));
    Ok(())
}

/// It is published no more. The row stays: old checkpoints name it.
pub(super) fn remove(conn: &Connection, id: KeyId, at: Timestamp, effects: &mut Vec<Effect>) -> Result<(), ApplyError> {
    end(conn, "UPDATE signing_key SET retired_at = ?2", id, at, effects)
}

/// Nothing that it signed counts any more.
pub(super) fn withdraw(
    conn: &Connection,
    id: KeyId,
    at: Timestamp,
    effects: &mut Vec<Effect>,
) -> Result<(), ApplyError> {
    end(conn, "UPDATE signing_key SET retired_at = ?2, withdrawn_at = ?2", id, at, effects)
}

fn end(conn: &Connection, update: &str, id: KeyId, at: Timestamp, effects: &mut Vec<Effect>) -> Result<(), ApplyError> {
    // Some key must go on signing.
    let touched = conn
        .prepare_cached(&format!(
            "{update} WHERE id = ?1 AND retired_at IS NULL AND EXISTS (
                SELECT 1 FROM signing_key other WHERE other.id <> ?1 AND other.retired_at IS NULL
                    AND other.retiring_from IS NULL AND other.active_from IS NOT NULL)"
        ))?
        .execute(params![id.as_bytes(), at.millis()])?;
    one(touched, PreconditionFailed::KeyUnfit)?;
    effects.push(Effect::KeyRemoved(id));
    Ok(())
}
