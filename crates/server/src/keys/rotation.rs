//! Carrying out the plan of key rotation: what the plan asks for becomes one change set, and the store does all of it or nothing.

use crypto::{
    KeyKind, KeyState, SigningKey,
    rotation::{KeyFacts, KeyStep, RotationPolicy, plan, withdraw},
};
use model::{Actor, AuditEvent, AuditKind, Detail, Entropy, KeyId, Timestamp};
use store::{Change, ChangeSet, CommitError, Store};

use crate::{ambient, state::App};

/// Why keys were not changed.
#[derive(Debug, thiserror::Error)]
pub enum KeysNotChanged {
    /// There is no such key, or it is withdrawn already.
    #[error(transparent)]
    Unknown(#[from] crypto::rotation::UnknownKey),
    /// Making a key failed.
    #[error("a key could not be made")]
    Making,
    /// Storage refused, or somebody else changed keys meanwhile.
    #[error("storage did not take the change")]
    Storage,
}

/// Does what is due now.
pub(crate) async fn rotate(app: &App) {
    let now = ambient::now();
    let keys = facts(&app.store);
    let steps = plan(&keys, now, &in_use(&app.settings.oauth.rotation, &keys));
    if steps.is_empty() {
        return;
    }
    match carry_out(&app.store, steps, Actor::System, now).await {
        Ok(()) => tracing::info!("signing keys rotated"),
        Err(error) => tracing::error!(%error, "failed to rotate the signing keys; trying again in a minute"),
    }
}

/// Withdraws a key in an emergency: from now on nothing that it signed counts at our own endpoints, and whoever fetches the key set again
/// learns the same.
///
/// # Errors
/// [`KeysNotChanged`]; then nothing has changed.
pub async fn withdraw_key(
    store: &Store,
    id: KeyId,
    policy: &RotationPolicy,
    actor: Actor,
    now: Timestamp,
) -> Result<(), KeysNotChanged> {
    let keys = facts(store);
    let mut steps = withdraw(&keys, id, &in_use(policy, &keys))?;
    // The successor first: at no instant does nothing sign.
    steps.sort_by_key(|step| matches!(step, KeyStep::Withdraw(_)));
    carry_out(store, steps, actor, now).await
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
fn facts(store: &Store) -> Vec<KeyFacts> {
    store
        .published_keys()
        .iter()
        .map(|(key, state)| KeyFacts { id: key.key.id(), kind: key.key.kind(), state: *state, since: key.since() })
        .collect()
}

async fn carry_out(store: &Store, steps: Vec<KeyStep>, actor: Actor, now: Timestamp) -> Result<(), KeysNotChanged> {
    let mut changes = Vec::with_capacity(steps.len() + 1);
    let mut audit = Vec::with_capacity(steps.len());
    for step in steps {
        let (kind, id) = match step {
            KeyStep::Create(kind) => (AuditKind::KeyCreated, add(store, kind, now, &mut changes).await?),
            KeyStep::CreateActive(kind) => {
                let id = add(store, kind, now, &mut changes).await?;
                changes.push(Change::ActivateKey { id, at: now });
                (AuditKind::KeyActivated, id)
            }
            KeyStep::Activate(id) => {
                changes.push(Change::ActivateKey { id, at: now });
                (AuditKind::KeyActivated, id)
            }
            KeyStep::Retire(id) => {
                changes.push(Change::RetireKey { id, at: now });
                (AuditKind::KeyRetired, id)
            }
            KeyStep::Remove(id) => {
                changes.push(Change::RemoveKey { id, at: now });
                (AuditKind::KeyRemoved, id)
            }
            KeyStep::Withdraw(id) => {
                changes.push(Change::WithdrawKey { id, at: now });
                (AuditKind::KeyWithdrawn, id)
            }
        };
        audit.push(AuditEvent::new(kind, actor.clone()).detail("key", Detail::Key(id)));
    }
    let pending = store.commit(ChangeSet::new(now, changes, audit)).map_err(|_| KeysNotChanged::Storage)?;
    pending.await.map_err(|error| match error {
        CommitError::Lost(_) | CommitError::Failed => KeysNotChanged::Storage,
    })
}

/// Makes a key. RSA keys take seconds of computing, so none is made where requests are answered.
async fn add(store: &Store, kind: KeyKind, now: Timestamp, changes: &mut Vec<Change>) -> Result<KeyId, KeysNotChanged> {
    let made = tokio::task::spawn_blocking(move || {
        let mut entropy: Entropy = ambient::entropy();
        let key = SigningKey::generate_kind(kind, now, &mut entropy);
        (key, entropy)
    });
    let (key, mut entropy) = made.await.map_err(|_| KeysNotChanged::Making)?;
    let id = key.id();
    changes.push(store.key_change(key, &mut entropy));
    Ok(id)
}
