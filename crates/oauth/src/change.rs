//! What this room asks the shell to write, each change with the precondition it relies on.

use model::{ClientId, FamilyId, PersonId, Timestamp};

use crate::{Client, RefreshFamily, RevocationReason, ScopeSet};

/// One change. A change whose precondition fails undoes the whole decision; the shell reloads and asks again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Adds a client. Precondition: its id is free.
    InsertClient(Box<Client>),
    /// Starts a family. Precondition: the id was never used, not even by a tombstone that [`Change::RevokeFamily`] left.
    InsertFamily(Box<RefreshFamily>),
    /// Replaces the current refresh token: the generation grows by one, `rotated` becomes `at`.
    /// Precondition: the family is live and its generation is `from_generation`.
    RotateFamily {
        /// Which family.
        id: FamilyId,
        /// The generation that was presented.
        from_generation: u32,
        /// Keyed hash of the successor's secret.
        token_hash: [u8; 32],
        /// When.
        at: Timestamp,
    },
    /// Ends a family. No precondition: an already revoked family stays as it is; an unknown id leaves a tombstone, so that a
    /// redemption which is still on its way can't bring the family to life.
    RevokeFamily {
        /// Which family.
        id: FamilyId,
        /// When.
        at: Timestamp,
        /// Why.
        reason: RevocationReason,
    },
    /// Remembers that a client assertion was used (RFC 7523 §3, `jti`). Precondition: it is not remembered yet.
    SpendAssertion {
        /// Whose.
        client: ClientId,
        /// Keyed hash of its `jti`.
        jti_hash: [u8; 32],
        /// When it may be forgotten: the assertion is expired by then.
        until: Timestamp,
    },
    /// Ends one access token before its time (RFC 7009 §2.1). No precondition.
    RevokeToken {
        /// Its `jti`.
        jti: [u8; 16],
        /// When it may be forgotten: the token is expired by then.
        until: Timestamp,
    },
    /// Remembers a consent; `scope` replaces what was remembered before. No precondition.
    RememberConsent {
        /// Who allowed it.
        person: PersonId,
        /// Whom.
        client: ClientId,
        /// Everything now allowed.
        scope: ScopeSet,
        /// When.
        at: Timestamp,
    },
    /// Forgets a consent, and revokes every live family of that person at that client with
    /// [`RevocationReason::ConsentWithdrawn`]. No precondition.
    ForgetConsent {
        /// Who takes it back.
        person: PersonId,
        /// From whom.
        client: ClientId,
        /// When.
        at: Timestamp,
    },
}
