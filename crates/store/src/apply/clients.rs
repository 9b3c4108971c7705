//! Clients: added, replaced, removed; and the tokens that let others register them.

use std::sync::Arc;

use model::{ClientId, Timestamp};
use oauth::{Client, RevocationReason, SubjectKind, client::ClientOrigin, registration::InitialAccess};
use rusqlite::{Connection, OptionalExtension, Params, params, params_from_iter, types::Value};

use super::{ApplyError, one};
use crate::{PreconditionFailed, memory::Effect, rows};

pub(super) fn insert(conn: &Connection, client: &Client, effects: &mut Vec<Effect>) -> Result<(), ApplyError> {
    let columns = Columns::of(client)?;
    let touched = conn
        .prepare_cached(
            "INSERT INTO client (id, name, kind, secrets, auth, redirect_uris, scopes, grants, sector, consent, tier, status,
                access_token_seconds, refresh_idle_seconds, refresh_absolute_seconds, audience, settings, created)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
             ON CONFLICT DO NOTHING",
        )?
        .execute(columns.params(client))?;
    one(touched, PreconditionFailed::ClientTaken)?;
    effects.push(Effect::ClientKept(Arc::new(client.clone())));
    Ok(())
}

/// Everything but id and `created`. The origin's kind stays: a client that registered itself never becomes an operator's by an update.
pub(super) fn replace(conn: &Connection, client: &Client, effects: &mut Vec<Effect>) -> Result<(), ApplyError> {
    let old = stored(conn, &client.id)?.ok_or(PreconditionFailed::ClientMissing)?;
    if std::mem::discriminant(&old.settings.origin) != std::mem::discriminant(&client.settings.origin) {
        return Err(PreconditionFailed::ClientTaken.into());
    }
    update(conn, &Client { created: old.created, ..client.clone() }, effects)
}

/// A client that was read from a document takes the place of what was read before, and of nothing else.
pub(super) fn keep_document(conn: &Connection, client: &Client, effects: &mut Vec<Effect>) -> Result<(), ApplyError> {
    match stored(conn, &client.id)? {
        None => insert(conn, client, effects),
        Some(old) if matches!(old.settings.origin, ClientOrigin::MetadataDocument { .. }) => {
            update(conn, &Client { created: old.created, ..client.clone() }, effects)
        }
        Some(_) => Err(PreconditionFailed::ClientTaken.into()),
    }
}

pub(super) fn set_registration_token(
    conn: &Connection,
    id: &ClientId,
    token_hash: &[u8; 32],
    effects: &mut Vec<Effect>,
) -> Result<(), ApplyError> {
    let mut client = stored(conn, id)?.ok_or(PreconditionFailed::ClientMissing)?;
    match &mut client.settings.origin {
        ClientOrigin::Registered { token_hash: kept, .. } => *kept = *token_hash,
        ClientOrigin::Operator | ClientOrigin::MetadataDocument { .. } => {
            return Err(PreconditionFailed::ClientMissing.into());
        }
    }
    update(conn, &client, effects)
}

pub(super) fn remove(
    conn: &Connection,
    id: &ClientId,
    at: Timestamp,
    effects: &mut Vec<Effect>,
) -> Result<(), ApplyError> {
    conn.prepare_cached(
        "UPDATE refresh_family SET revoked_at = ?2, reason = ?3 WHERE client = ?1 AND revoked_at IS NULL",
    )?
    .execute(params![id.as_str(), at.millis(), RevocationReason::ClientDisabled.as_str()])?;
    // What is left of its families are tombstones, which name no client.
    conn.prepare_cached(
        "UPDATE refresh_family SET client = NULL, person = NULL, session = NULL, passkey = NULL, details = NULL, scope = NULL,
            ends = MAX(ends, ?2) WHERE client = ?1",
    )?
    .execute(params![id.as_str(), at.millis()])?;
    conn.prepare_cached("DELETE FROM consent WHERE client = ?1")?.execute([id.as_str()])?;
    conn.prepare_cached("DELETE FROM device_grant WHERE client = ?1")?.execute([id.as_str()])?;
    let place = format!("client:{id}");
    conn.prepare_cached("DELETE FROM subject_mapping WHERE place = ?1")?.execute([&place])?;
    let touched = conn.prepare_cached("DELETE FROM client WHERE id = ?1")?.execute([id.as_str()])?;
    one(touched, PreconditionFailed::ClientMissing)?;
    effects.push(Effect::ClientRemoved(id.clone()));
    Ok(())
}

pub(super) fn insert_initial_access(conn: &Connection, access: &InitialAccess) -> Result<(), ApplyError> {
    let policy = serde_json::to_string(&access.policy).map_err(|_| PreconditionFailed::ValueRefused)?;
    let touched = conn
        .prepare_cached(
            "INSERT INTO initial_access (hash, uses, uses_max, created, expires, policy)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            access.hash,
            access.uses,
            access.uses_max,
            access.created.millis(),
            access.expires.millis(),
            policy
        ])?;
    one(touched, PreconditionFailed::IdTaken)
}

pub(super) fn spend_initial_access(conn: &Connection, hash: &[u8; 32], at: Timestamp) -> Result<(), ApplyError> {
    let touched = conn
        .prepare_cached(
            "UPDATE initial_access SET uses = uses + 1 WHERE hash = ?1 AND expires > ?2 AND uses < uses_max",
        )?
        .execute(params![hash, at.millis()])?;
    one(touched, PreconditionFailed::AccessUsedUp)
}

pub(super) fn revoke_initial_access(conn: &Connection, hash: &[u8; 32]) -> Result<(), ApplyError> {
    conn.prepare_cached("DELETE FROM initial_access WHERE hash = ?1")?.execute([hash])?;
    Ok(())
}

fn stored(conn: &Connection, id: &ClientId) -> Result<Option<Client>, ApplyError> {
    let mut statement = conn.prepare_cached(rows::CLIENT_BY_ID.as_str())?;
    // A row that can't be read back is damage: nothing is built on it.
    let row = statement.query_row([id.as_str()], |row| Ok(rows::client(row))).optional()?;
    row.transpose().map_err(|_| PreconditionFailed::ValueRefused.into())
}

fn update(conn: &Connection, client: &Client, effects: &mut Vec<Effect>) -> Result<(), ApplyError> {
    let columns = Columns::of(client)?;
    let touched = conn
        .prepare_cached(
            "UPDATE client SET name = ?2, kind = ?3, secrets = ?4, auth = ?5, redirect_uris = ?6, scopes = ?7, grants = ?8,
                sector = ?9, consent = ?10, tier = ?11, status = ?12, access_token_seconds = ?13, refresh_idle_seconds = ?14,
                refresh_absolute_seconds = ?15, audience = ?16, settings = ?17, created = ?18 WHERE id = ?1",
        )?
        .execute(columns.params(client))?;
    one(touched, PreconditionFailed::ClientMissing)?;
    effects.push(Effect::ClientKept(Arc::new(client.clone())));
    Ok(())
}

/// Columns that are written in another form than a client holds them.
struct Columns {
    uris: String,
    scopes: String,
    secrets: Vec<u8>,
    settings: String,
}

impl Columns {
    fn of(client: &Client) -> Result<Self, ApplyError> {
        let uris: Vec<&str> = client.redirect_uris.iter().map(oauth::RedirectUri::as_str).collect();
        let scopes: Vec<&str> = client.scopes.iter().map(oauth::Scope::as_str).collect();
        Ok(Self {
            // A list of strings always has a JSON form.
            uris: serde_json::to_string(&uris).map_err(|_| PreconditionFailed::ValueRefused)?,
            scopes: scopes.join(" "),
            secrets: client.secrets.concat(),
            settings: client.settings.to_json(),
        })
    }

    /// In the order of the placeholders.
    fn params(self, client: &Client) -> impl Params {
        let sector = match &client.subject {
            SubjectKind::Public => Value::Null,
            SubjectKind::Pairwise { sector } => Value::from(sector.clone()),
        };
        params_from_iter([
            Value::from(client.id.as_str().to_owned()),
            client.name.clone().into(),
            client.kind.as_str().to_owned().into(),
            self.secrets.into(),
            client.auth.as_str().to_owned().into(),
            self.uris.into(),
            self.scopes.into(),
            i64::from(client.grants.bits()).into(),
            sector,
            client.consent.as_str().to_owned().into(),
            client.tier.as_str().to_owned().into(),
            client.status.as_str().to_owned().into(),
            client.access_token_seconds.into(),
            client.refresh_idle_seconds.into(),
            client.refresh_absolute_seconds.into(),
            client.audience.clone().into(),
            self.settings.into(),
            client.created.millis().into(),
        ])
    }
}
