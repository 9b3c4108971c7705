//! Carrying out steps of key rotation, planned or asked for by an operator: they become one change set, and the store does all of it or
//! nothing.

use std::sync::Arc;

use crypto::{
    KeyKind, KeyState, SigningKey,
    rotation::{KeyFacts, KeyStep, RotationPolicy, plan},
};
use model::{Actor, AuditEvent, AuditKind, Detail, KeyId, Timestamp};
use store::{Change, ChangeSet, Store};

use crate::{ambient, state::App};

/// Does what is due now.
pub(crate) async fn rotate(app: &App) {
    let now = ambient::now();
    let keys = facts(&app.store);
    let steps = plan(&keys, now, &in_use(&app.settings.oauth.rotation, &keys));
    if steps.is_empty() {
        return;
    }
    let store = Arc::clone(&app.store);
    let carried_out = tokio::task::spawn_blocking(move || {
        let (changes, audit) = change_set(&store, &steps, &Actor::System, now);
        store.commit_blocking(ChangeSet { at: now, changes, audit })
    });
    match carried_out.await {
        Ok(Ok(())) => tracing::info!("signing keys rotated"),
        Ok(Err(error)) => tracing::error!(%error, "failed to rotate the signing keys; trying again in a minute"),
        Err(_) => tracing::error!("failed to make signing keys; trying again in a minute"),
    }
}

/// The policy with the kinds that somebody began to use by command (`lockgate keys rotate --alg`). Clients may be registered for them, so
/// they go on like the configured ones; without this the plan would end them.
fn in_use(policy: &RotationPolicy, keys: &[KeyFacts]) -> RotationPolicy {
    let mut policy = policy.clone();
    for key in keys.iter().filter(|key| matches!(key.state, KeyState::Active | KeyState::Pending)) {
        if !policy.kinds.iter().any(|kind| kind.alg() == key.kind.alg()) {
            policy.kinds.push(key.kind);
        }
    }
    policy
}

/// What the plan needs to know.
pub(crate) fn facts(store: &Store) -> Vec<KeyFacts> {
    store
        .published_keys()
        .iter()
        .map(|(key, state)| KeyFacts { id: key.key.id(), kind: key.key.kind(), state: *state, since: key.since() })
        .collect()
}

/// What carrying the steps out changes, and what is recorded of it. Makes keys: an RSA key takes seconds, so call it where nobody waits.
pub(crate) fn change_set(
    store: &Store,
    steps: &[KeyStep],
    actor: &Actor,
    now: Timestamp,
) -> (Vec<Change>, Vec<AuditEvent>) {
    let (mut changes, mut audit) = (Vec::new(), Vec::new());
    let mut event = |kind, id| {
        audit.push(AuditEvent::new(kind, actor.clone()).detail("key", Detail::Key(id)));
    };
    for step in steps {
        match *step {
            KeyStep::Create(kind) => event(AuditKind::KeyCreated, create(store, kind, now, &mut changes)),
            KeyStep::CreateActive(kind) => {
                let id = create(store, kind, now, &mut changes);
                event(AuditKind::KeyCreated, id);
                changes.push(Change::ActivateKey { id, at: now });
                event(AuditKind::KeyActivated, id);
            }
            KeyStep::Activate(id) => {
                changes.push(Change::ActivateKey { id, at: now });
                event(AuditKind::KeyActivated, id);
            }
            KeyStep::Retire(id) => {
                changes.push(Change::RetireKey { id, at: now });
                event(AuditKind::KeyRetired, id);
            }
            KeyStep::Remove(id) => {
                changes.push(Change::RemoveKey { id, at: now });
                event(AuditKind::KeyRemoved, id);
            }
            KeyStep::Withdraw(id) => {
                changes.push(Change::WithdrawKey { id, at: now });
                event(AuditKind::KeyWithdrawn, id);
            }
        }
    }
    (changes, audit)
}

fn create(store: &Store, kind: KeyKind, now: Timestamp, changes: &mut Vec<Change>) -> KeyId {
    let key = SigningKey::generate_kind(kind, now, &mut ambient::entropy());
    let id = key.id();
    changes.push(store.key_change(key, &mut ambient::entropy()));
    id
}
