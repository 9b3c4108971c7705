//! Signing keys by hand: looking at them, moving to the next one, and withdrawing one that somebody else may have.

use crypto::{
    KeyKind, KeyState, RsaBits, SigningAlg,
    rotation::{self, KeyStep, RotationPolicy},
};
use model::{Actor, KeyId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Desk,
    desk::written,
    wire::{Refused, Reply},
};
use crate::{
    ambient,
    keys::rotation::{change_set, facts},
};

/// How long a key is published before it signs, in seconds: twice as long as the key set may be cached.
const PUBLISHED_SECONDS: i64 = 600;

/// What can be asked about signing keys.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum KeysRequest {
    /// List those that are published.
    List,
    /// Move to the next key: publish one, or let the published one sign.
    Rotate {
        /// For which algorithm: `ES256`, `EdDSA`, `PS256` or `RS256`.
        alg: String,
        /// Let a fresh key sign before everyone can have seen it.
        at_once: bool,
    },
    /// Withdraw a key: what it signed counts no more.
    Withdraw {
        /// Its id.
        id: String,
    },
}

pub(super) fn run(desk: &Desk, request: &KeysRequest) -> Result<Reply, Refused> {
    match request {
        KeysRequest::List => Ok(list(desk)),
        KeysRequest::Rotate { alg, at_once } => rotate(desk, alg, *at_once),
        KeysRequest::Withdraw { id } => withdraw(desk, id),
    }
}

fn list(desk: &Desk) -> Reply {
    let rows = desk
        .store
        .published_keys()
        .iter()
        .map(|(entry, state)| {
            vec![
                json!(entry.key.alg().as_str()),
                json!(state.as_str()),
                json!(written(entry.since())),
                json!(entry.key.kid()),
                json!(entry.key.id().to_string()),
            ]
        })
        .collect();
    Reply::table(&["alg", "state", "since", "kid", "id"], rows)
}

fn usual_kind(alg: SigningAlg) -> KeyKind {
    match alg {
        SigningAlg::Es256 => KeyKind::Es256,
        SigningAlg::EdDsa => KeyKind::EdDsa,
        SigningAlg::Ps256 => KeyKind::Ps256(RsaBits::Bits3072),
        SigningAlg::Rs256 => KeyKind::Rs256(RsaBits::Bits3072),
    }
}

fn rotate(desk: &Desk, alg: &str, at_once: bool) -> Result<Reply, Refused> {
    let alg = SigningAlg::from_name(alg).ok_or_else(|| {
        Refused::new(format_args!("an algorithm is one of {}", SigningAlg::ALL.map(SigningAlg::as_str).join(", ")))
    })?;
    let (now, keys) = (ambient::now(), facts(&desk.store));
    let of_alg = |state| keys.iter().filter(move |key| key.kind.alg() == alg && key.state == state);
    let active = of_alg(KeyState::Active).next();
    let pending = of_alg(KeyState::Pending).min_by_key(|key| key.since);
    let kind = active.or(pending).map_or_else(|| usual_kind(alg), |key| key.kind);
    let name = alg.as_str();
    let retire = active.map(|key| KeyStep::Retire(key.id));
    let (steps, line) = match (active, pending) {
        // Nobody can rely on an algorithm that nothing signs with.
        (None, None) => (vec![KeyStep::CreateActive(kind)], format!("A first key signs with {name} now.")),
        (None, Some(next)) => (vec![KeyStep::Activate(next.id)], format!("The next key signs with {name} now.")),
        (Some(_), Some(next)) if at_once || now >= next.since.plus_seconds(PUBLISHED_SECONDS) => (
            std::iter::once(KeyStep::Activate(next.id)).chain(retire).collect(),
            format!("The next key signs with {name} now. What the one before signed still verifies."),
        ),
        (Some(_), Some(next)) => {
            return Err(Refused::new(format_args!(
                "the next key is published since {}, and some programs have not seen it yet; ask again after {}, or use --at-once in an emergency",
                written(next.since),
                written(next.since.plus_seconds(PUBLISHED_SECONDS))
            )));
        }
        (Some(_), None) if at_once => (
            std::iter::once(KeyStep::CreateActive(kind)).chain(retire).collect(),
            format!("A fresh key signs with {name} now. Programs that cached the key set will have to fetch it again."),
        ),
        (Some(_), None) => (
            vec![KeyStep::Create(kind)],
            format!(
                "Published the next key for {name}. Run this again after {} to let it sign.",
                written(now.plus_seconds(PUBLISHED_SECONDS))
            ),
        ),
    };
    carry_out(desk, &steps, now)?;
    Ok(Reply::said(line))
}

fn withdraw(desk: &Desk, id: &str) -> Result<Reply, Refused> {
    let (now, keys) = (ambient::now(), facts(&desk.store));
    let unknown = || Refused::new(format_args!("no key {id} is published; `lockgate keys list` shows those that are"));
    let id: KeyId = id.parse().map_err(|_| unknown())?;
    let mut kinds: Vec<KeyKind> = Vec::new();
    for key in &keys {
        if !kinds.iter().any(|kind| kind.alg() == key.kind.alg()) {
            kinds.push(key.kind);
        }
    }
    let policy =
        RotationPolicy { kinds, publish_before_seconds: PUBLISHED_SECONDS, active_seconds: 0, keep_after_seconds: 0 };
    let mut steps = rotation::withdraw(&keys, id, &policy).map_err(|_| unknown())?;
    // The successor first: at no instant does nothing sign.
    steps.sort_by_key(|step| matches!(step, KeyStep::Withdraw(_)));
    carry_out(desk, &steps, now)?;
    Ok(Reply::said(
        "Withdrawn. Tokens that it signed count no more here; sessions and refresh tokens stay, and programs fetch the key set again within minutes.",
    )
    .and("Find out how it got away, and whether other secrets of this machine did too."))
}

/// Every step in one commit.
fn carry_out(desk: &Desk, steps: &[KeyStep], now: Timestamp) -> Result<(), Refused> {
    let (changes, audit) = change_set(&desk.store, steps, &Actor::Operator, now);
    desk.write(now, changes, audit)
}
