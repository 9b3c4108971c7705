//! What the OAuth room decided.

use std::sync::Arc;

use model::{ClientId, FamilyId, PersonId, Timestamp};
use oauth::{Change, Client, FamilyState, RefreshFamily, RevocationReason, ScopeSet, SubjectKind};
use rusqlite::{Connection, params};

use super::{ApplyError, one};
use crate::{PreconditionFailed, memory::Effect};

pub(super) fn apply(conn: &Connection, change: &Change, effects: &mut Vec<Effect>) -> Result<(), ApplyError> {
    match change {
        Change::InsertClient(client) => insert_client(conn, client, effects),
        Change::InsertFamily(family) => insert_family(conn, family),
        Change::RotateFamily { id, from_generation, token_hash, at } => {
            rotate_family(conn, *id, *from_generation, token_hash, *at)
        }
        Change::RevokeFamily { id, at, reason } => revoke_family(conn, *id, *at, *reason),
        Change::RememberConsent { person, client, scope, at } => remember_consent(conn, *person, client, scope, *at),
        Change::ForgetConsent { person, client, at } => forget_consent(conn, *person, client, *at),
        // The schema has no place for these yet: refused, so that nothing rests on a change that was not written.
        Change::SpendAssertion { .. } | Change::RevokeToken { .. } => Err(PreconditionFailed::ValueRefused.into()),
    }
}

fn insert_client(conn: &Connection, client: &Client, effects: &mut Vec<Effect>) -> Result<(), ApplyError> {
    // Nor for these: a client that loses its rules must not come into being.
    if client.settings != oauth::ClientSettings::default() {
        return Err(PreconditionFailed::ValueRefused.into());
    }
    let uris: Vec<&str> = client.redirect_uris.iter().map(oauth::RedirectUri::as_str).collect();
    // A list of strings always has a JSON form.
    let uris = serde_json::to_string(&uris).map_err(|_| PreconditionFailed::ValueRefused)?;
    let scopes: Vec<&str> = client.scopes.iter().map(oauth::Scope::as_str).collect();
    let sector = match &client.subject {
        SubjectKind::Public => None,
        SubjectKind::Pairwise { sector } => Some(sector.as_str()),
    };
    let touched = conn
        .prepare_cached(
            "INSERT INTO client (id, name, kind, secrets, auth, redirect_uris, scopes, grants, sector, consent, tier, status,
                access_token_seconds, refresh_idle_seconds, refresh_absolute_seconds, audience, created)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            client.id.as_str(),
            client.name,
            client.kind.as_str(),
            client.secrets.concat(),
            client.auth.as_str(),
            uris,
            scopes.join(" "),
            client.grants.bits(),
            sector,
            client.consent.as_str(),
            client.tier.as_str(),
            client.status.as_str(),
            client.access_token_seconds,
            client.refresh_idle_seconds,
            client.refresh_absolute_seconds,
            client.audience,
            client.created.millis()
        ])?;
    one(touched, PreconditionFailed::ClientTaken)?;
    effects.push(Effect::ClientAdded(Arc::new(client.clone())));
    Ok(())
}

fn insert_family(conn: &Connection, family: &RefreshFamily) -> Result<(), ApplyError> {
    // A remembered consent may go unmentioned: forgetting it ends these families in the same commit.
    let details = oauth::GrantDetails { remembered_consent: false, ..family.details.clone() };
    if !details.is_plain() {
        return Err(PreconditionFailed::ValueRefused.into());
    }
    let (revoked_at, reason) = match family.state {
        FamilyState::Live => (None, None),
        FamilyState::Revoked { at, reason } => (Some(at.millis()), Some(reason.as_str())),
    };
    let touched = conn
        .prepare_cached(
            "INSERT INTO refresh_family (id, client, person, session, auth_at, strength, amr, passkey, scope, generation,
                token_hash, created, rotated, idle_seconds, expires, ends, revoked_at, reason)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?15, ?16, ?17)
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
            reason
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
