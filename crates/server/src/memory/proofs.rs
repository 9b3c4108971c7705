//! DPoP proofs that were used (RFC 9449 §11.1): each works once, for as long as it would be accepted at all.
//!
//! A restart forgets them. That is why proofs from before the start must carry a nonce, which none of them can have: the key of the
//! nonces is drawn anew with each start.

use std::sync::{Mutex, PoisonError};

use model::{Entropy, Timestamp};
use oauth::dpop::{self, DpopFault, DpopHeader, DpopProof, Expect, NonceKey, NonceRule};

use super::bounded::{Bounded, Full};

/// Proofs remembered at the most. At 70 seconds each this is over 14,000 a second, sustained.
const PROOFS_MAX: usize = 1_000_000;
/// Locks the proofs are spread over.
const SHARDS: usize = 16;

/// The proofs of this process, and its nonces.
pub(crate) struct Proofs {
    nonces: NonceKey,
    need: dpop::NonceNeed,
    used: [Mutex<Bounded<[u8; 32], ()>>; SHARDS],
}

/// Why a proof is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoProof {
    /// It breaks a rule.
    Fault(DpopFault),
    /// It can't be remembered now, so it must not count.
    Full,
}

impl Proofs {
    pub(crate) fn new(nonce_always: bool, started: Timestamp, entropy: &mut Entropy) -> Self {
        let need = if nonce_always { dpop::NonceNeed::Always } else { dpop::NonceNeed::IssuedBefore(started) };
        Self {
            nonces: NonceKey::fresh(entropy),
            need,
            used: std::array::from_fn(|_| Mutex::new(Bounded::new(PROOFS_MAX / SHARDS))),
        }
    }

    /// The nonce to hand out now.
    pub(crate) fn nonce(&self, now: Timestamp) -> String {
        dpop::nonce::current(&self.nonces, now)
    }

    /// Checks the proof of a request, if it has one, and spends it before anything is done because of it.
    pub(crate) fn take(
        &self,
        header: DpopHeader<'_>,
        method: &str,
        url: &str,
        access_token: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<DpopProof>, NoProof> {
        let nonce = NonceRule { key: &self.nonces, need: self.need };
        let proof = dpop::verify(header, &Expect { method, url, access_token, nonce }, now).map_err(NoProof::Fault)?;
        if let Some(proof) = &proof {
            self.spend(proof, now)?;
        }
        Ok(proof)
    }

    fn spend(&self, proof: &DpopProof, now: Timestamp) -> Result<(), NoProof> {
        let key = proof.replay_key;
        let mut shard = self.used[usize::from(key[0]) % SHARDS].lock().unwrap_or_else(PoisonError::into_inner);
        if shard.get(&key, now).is_some() {
            return Err(NoProof::Fault(DpopFault::Replayed));
        }
        // Nothing is pushed out to make room: a proof that was forgotten early could be used again.
        shard.insert(key, (), proof.until, now, |()| false).map_err(|Full| NoProof::Full)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_works_once_until_it_could_work_no_more() {
        let now = Timestamp::from_seconds(1_790_000_000);
        let proofs = Proofs::new(false, now, &mut Entropy::new([3; model::entropy::ENTROPY_BYTES]));
        let proof = DpopProof { jkt: [1; 32], replay_key: [2; 32], until: now.plus_seconds(70) };
        assert_eq!(proofs.spend(&proof, now), Ok(()));
        assert_eq!(proofs.spend(&proof, now.plus_seconds(69)), Err(NoProof::Fault(DpopFault::Replayed)));
        let other = DpopProof { replay_key: [4; 32], ..proof };
        assert_eq!(proofs.spend(&other, now), Ok(()));
    }
}
