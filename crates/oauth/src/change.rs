//! What this room asks the shell to write, each change with the precondition it relies on.

use model::{ClientId, DeviceGrantId, FamilyId, PersonId, SessionId, Timestamp};

use crate::{
    Client, RefreshFamily, RevocationReason, ScopeSet,
    device::{DeviceAnswer, DeviceGrant},
    registration::InitialAccess,
    subject_map::SubjectMapping,
};

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
    /// Notes that the current refresh token was used and stays: `rotated` becomes `at`, from where the idle time counts.
    /// Precondition: the family is live and its generation is `generation`.
    UseFamily {
        /// Which family.
        id: FamilyId,
        /// The generation that was presented.
        generation: u32,
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
    /// Starts a device's grant. Precondition: its id, its device code's hash and its user code's hash are free.
    InsertDeviceGrant(Box<DeviceGrant>),
    /// Counts one look-up of a device's user code. Precondition: it is pending, and `look_ups` is `from`.
    CountDeviceLookUp {
        /// Which grant.
        id: DeviceGrantId,
        /// How many there were.
        from: u32,
    },
    /// Keeps a person's answer to a device. Precondition: it is pending and has not expired at the answer's time.
    AnswerDeviceGrant {
        /// Which grant.
        id: DeviceGrantId,
        /// The answer, and when it was given.
        answer: DeviceAnswer,
    },
    /// Notes that a device asked: `polled` becomes `at`. No precondition, and nothing is lost when a crash forgets it: the device
    /// may then ask a little sooner.
    PollDeviceGrant {
        /// Which grant.
        id: DeviceGrantId,
        /// When.
        at: Timestamp,
        /// The shortest time between two polls from here on, in seconds.
        interval_seconds: i64,
    },
    /// Turns a device's grant into a family, once. Precondition: it is approved and not redeemed.
    RedeemDeviceGrant {
        /// Which grant.
        id: DeviceGrantId,
        /// What it became; inserted by the same decision.
        family: FamilyId,
        /// When.
        at: Timestamp,
    },
    /// Replaces everything about a client but its id and `created`. Precondition: a client of that id exists and its origin is of the
    /// same kind. Its families stay; they are judged by the new settings from now on.
    ReplaceClient(Box<Client>),
    /// Removes a client with its consents, device grants and subject mappings, and revokes its live families with
    /// [`RevocationReason::ClientDisabled`]. Precondition: it exists.
    RemoveClient {
        /// Which.
        id: ClientId,
        /// When.
        at: Timestamp,
    },
    /// Keeps a client that was read from the document that its id points at, anew or in place of what was read before.
    /// Precondition: what stands under the id, if anything, came from a document as well.
    KeepDocumentClient(Box<Client>),
    /// Sets the hash of the token with which a registered client manages itself. Precondition: the client exists and registered itself.
    SetRegistrationToken {
        /// Which client.
        client: ClientId,
        /// Keyed hash of its new token.
        token_hash: [u8; 32],
    },
    /// Adds a token that lets its holder register clients. Precondition: its hash is free.
    InsertInitialAccess(Box<InitialAccess>),
    /// Uses such a token once. Precondition: it exists, is not expired at `at`, and `uses` is below `uses_max`.
    SpendInitialAccess {
        /// Which token.
        hash: [u8; 32],
        /// When.
        at: Timestamp,
    },
    /// Takes such a token back. No precondition.
    RevokeInitialAccess {
        /// Which token.
        hash: [u8; 32],
    },
    /// Adds an imported subject. Precondition: at its place the person has none, and nobody has this one.
    InsertSubjectMapping(Box<SubjectMapping>),
    /// Revokes every live family that lives and dies with a session, with [`RevocationReason::SessionEnded`]. No precondition.
    RevokeSessionFamilies {
        /// Which session.
        session: SessionId,
        /// When.
        at: Timestamp,
    },
}
