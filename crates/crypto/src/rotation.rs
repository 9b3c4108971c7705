//! When signing keys change: a plan, computed from facts and the time, that somebody else carries out.
//!
//! Two promises are kept at every instant. Whoever holds a published key set that is no older than its `max-age` has the
//! key that signs: so a key is published before it signs. And whatever was signed verifies for as long as it lives: so a
//! key stays published after it has signed. [`RotationPolicy::check`] says how long "before" and "after" must be.
//!
//! ```text
//! Create ──▶ pending ──Activate──▶ active ──Retire──▶ retiring ──Remove──▶ (gone)
//!                 └──────────────────┴─────────────────┴──Withdraw──▶ withdrawn
//! ```
//!
//! [`plan`] is asked now and then, at start and every minute say. It may be asked late, early or twice: it looks at what is,
//! not at what it once proposed, and a key that signs goes on signing until the next may.

use model::{KeyId, Timestamp};

use crate::{KeyKind, KeyState, SigningAlg};

/// What the plan needs to know of a key. Keys that were removed are not listed any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyFacts {
    /// Which.
    pub id: KeyId,
    /// Of what kind.
    pub kind: KeyKind,
    /// Where it stands.
    pub state: KeyState,
    /// Since when it stands there.
    pub since: Timestamp,
}

impl KeyFacts {
    fn rests_for(&self, seconds: i64, now: Timestamp) -> bool {
        now >= self.since.plus_seconds(seconds)
    }
}

/// Which keys there shall be, and how long each stands where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RotationPolicy {
    /// The kinds in use: at most one for each algorithm.
    pub kinds: Vec<KeyKind>,
    /// How long a key is published before it signs. Where this is as long as `active_seconds`, a spare key is published at
    /// all times, and an emergency finds one that everybody has.
    pub publish_before_seconds: i64,
    /// How long a key signs.
    pub active_seconds: i64,
    /// How long a key is published after it has signed.
    pub keep_after_seconds: i64,
}

/// Why a policy can't keep the promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadRotationPolicy {
    /// No kind of key.
    #[error("a rotation policy needs at least one kind of key")]
    NoKind,
    /// Two kinds of one algorithm.
    #[error("a rotation policy names {} twice", .0.as_str())]
    Twice(SigningAlg),
    /// Who cached the key set would not have the new key when it signs.
    #[error("keys must be published for at least {least} seconds before they sign: so long a key set may be cached")]
    PublishedTooShort {
        /// The least that would do.
        least: i64,
    },
    /// A key would be due before its successor may sign.
    #[error("keys must sign for at least {least} seconds: so long their successor is published before")]
    ActiveTooShort {
        /// The least that would do.
        least: i64,
    },
    /// Tokens would outlive their key.
    #[error("keys must be kept for at least {least} seconds after they sign: so long a token lives")]
    KeptTooShort {
        /// The least that would do.
        least: i64,
    },
}

impl RotationPolicy {
    /// Checks the policy against the longest time that a key set may be cached, and the longest life of anything signed.
    ///
    /// # Errors
    /// [`BadRotationPolicy`].
    pub fn check(&self, jwks_max_age_seconds: i64, token_seconds_max: i64) -> Result<(), BadRotationPolicy> {
        if self.kinds.is_empty() {
            return Err(BadRotationPolicy::NoKind);
        }
        for (index, kind) in self.kinds.iter().enumerate() {
            if self.kinds[..index].iter().any(|other| other.alg() == kind.alg()) {
                return Err(BadRotationPolicy::Twice(kind.alg()));
            }
        }
        let least = jwks_max_age_seconds.max(0);
        if self.publish_before_seconds < least {
            return Err(BadRotationPolicy::PublishedTooShort { least });
        }
        let least = self.publish_before_seconds.max(1);
        if self.active_seconds < least {
            return Err(BadRotationPolicy::ActiveTooShort { least });
        }
        let least = token_seconds_max.max(0);
        if self.keep_after_seconds < least {
            return Err(BadRotationPolicy::KeptTooShort { least });
        }
        Ok(())
    }

    fn kind_of(&self, alg: SigningAlg) -> Option<KeyKind> {
        self.kinds.iter().copied().find(|kind| kind.alg() == alg)
    }
}

/// One thing to do. The steps of one plan belong into one commit, in their order: between `Activate` and `Retire` two keys
/// would be active.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStep {
    /// Make a key of this kind and publish it; it becomes pending.
    Create(KeyKind),
    /// Make a key of this kind, publish it and let it sign at once. Only where no other can.
    CreateActive(KeyKind),
    /// Pending becomes active.
    Activate(KeyId),
    /// Active becomes retiring.
    Retire(KeyId),
    /// No longer published. Its row may stay: signed checkpoints name it.
    Remove(KeyId),
    /// Whatever it was becomes withdrawn.
    Withdraw(KeyId),
}

/// There is no such key, or it is withdrawn already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no such key that could be withdrawn")]
pub struct UnknownKey;

/// What is to be done now, so that the facts follow the policy. Empty when nothing is. Once it is done there may be a
/// little more: where a spare is wanted at all times, it is made when the key before it signs.
#[must_use]
pub fn plan(keys: &[KeyFacts], now: Timestamp, policy: &RotationPolicy) -> Vec<KeyStep> {
    let mut steps = Vec::new();
    // Nobody can have cached a key set before there was a key.
    let newly_founded = keys.is_empty();
    for alg in SigningAlg::ALL {
        let line = Line::of(keys, alg);
        match policy.kind_of(alg) {
            Some(kind) => line.follow(kind, newly_founded, now, policy, &mut steps),
            None => line.end(&mut steps),
        }
        line.sweep(now, policy, &mut steps);
    }
    steps
}

/// What is to be done at once when somebody else may have the key `id`: it is withdrawn, and if it was the one that signs,
/// the next pending key takes its place, or a fresh one where none is pending.
///
/// A fresh key signs before everyone who cached the key set has seen it: some will have to fetch the set again. That is
/// better than one more token under a key that is not ours alone.
///
/// # Errors
/// [`UnknownKey`] when there is nothing to withdraw.
pub fn withdraw(keys: &[KeyFacts], id: KeyId, policy: &RotationPolicy) -> Result<Vec<KeyStep>, UnknownKey> {
    let key = keys.iter().find(|key| key.id == id && key.state != KeyState::Withdrawn).ok_or(UnknownKey)?;
    let mut steps = vec![KeyStep::Withdraw(id)];
    let alg = key.kind.alg();
    let line = Line::of(keys, alg);
    let signs_still = line.active.iter().any(|other| other.id != id);
    // An algorithm that the policy has given up gets no successor: its key was about to retire.
    if let Some(kind) = policy.kind_of(alg)
        && key.state == KeyState::Active
        && !signs_still
    {
        steps.push(match line.pending.first() {
            Some(next) => KeyStep::Activate(next.id),
            None => KeyStep::CreateActive(kind),
        });
    }
    Ok(steps)
}

/// The keys of one algorithm. Each list is ordered from the oldest in its state to the youngest.
struct Line<'a> {
    pending: Vec<&'a KeyFacts>,
    active: Vec<&'a KeyFacts>,
    retiring: Vec<&'a KeyFacts>,
    withdrawn: Vec<&'a KeyFacts>,
}

impl<'a> Line<'a> {
    fn of(keys: &'a [KeyFacts], alg: SigningAlg) -> Self {
        let in_state = |state| {
            let mut found: Vec<&KeyFacts> =
                keys.iter().filter(|key| key.kind.alg() == alg && key.state == state).collect();
            found.sort_by_key(|key| (key.since, key.id));
            found
        };
        Self {
            pending: in_state(KeyState::Pending),
            active: in_state(KeyState::Active),
            retiring: in_state(KeyState::Retiring),
            withdrawn: in_state(KeyState::Withdrawn),
        }
    }

    /// Brings an algorithm that is in use forward.
    fn follow(
        &self,
        kind: KeyKind,
        newly_founded: bool,
        now: Timestamp,
        policy: &RotationPolicy,
        steps: &mut Vec<KeyStep>,
    ) {
        let ripe = self.pending.iter().find(|key| key.rests_for(policy.publish_before_seconds, now));
        let Some((current, older)) = self.active.split_last() else {
            // Somebody relied on this algorithm of late, and nothing signs: a gap is worse than a key set fetched again.
            let withdrawn_of_late = |key: &&KeyFacts| !key.rests_for(policy.keep_after_seconds, now);
            let was_in_use = !self.retiring.is_empty() || self.withdrawn.iter().any(withdrawn_of_late);
            steps.extend(self.first(kind, newly_founded || was_in_use, ripe.map(|key| key.id)));
            return;
        };
        // Two active keys are a fault of somebody's; the younger was meant.
        steps.extend(older.iter().map(|key| KeyStep::Retire(key.id)));
        if let Some(next) = ripe
            && current.rests_for(policy.active_seconds, now)
        {
            steps.push(KeyStep::Activate(next.id));
            steps.push(KeyStep::Retire(current.id));
        } else if self.pending.is_empty()
            && current.rests_for(policy.active_seconds.saturating_sub(policy.publish_before_seconds), now)
        {
            steps.push(KeyStep::Create(kind));
        }
    }

    /// The step towards a first active key. `at_once`: also before everyone can have seen it.
    fn first(&self, kind: KeyKind, at_once: bool, ripe: Option<KeyId>) -> Option<KeyStep> {
        match (ripe, self.pending.first()) {
            (Some(id), _) => Some(KeyStep::Activate(id)),
            (None, Some(next)) => at_once.then_some(KeyStep::Activate(next.id)),
            (None, None) if at_once => Some(KeyStep::CreateActive(kind)),
            (None, None) => Some(KeyStep::Create(kind)),
        }
    }

    /// Ends an algorithm that is no longer in use.
    fn end(&self, steps: &mut Vec<KeyStep>) {
        steps.extend(self.active.iter().map(|key| KeyStep::Retire(key.id)));
        steps.extend(self.pending.iter().map(|key| KeyStep::Remove(key.id)));
    }

    /// Removes keys under which nothing can be alive.
    fn sweep(&self, now: Timestamp, policy: &RotationPolicy, steps: &mut Vec<KeyStep>) {
        let done = self.retiring.iter().filter(|key| key.rests_for(policy.keep_after_seconds, now));
        steps.extend(done.map(|key| KeyStep::Remove(key.id)));
    }
}

#[cfg(test)]
mod tests;
