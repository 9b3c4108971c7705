//! What this room asks the store to write. Each change states the precondition under which it may be written;
//! when one fails, none of the set is written, and the shell loads the facts again and asks again.

use model::{
    NoticeId, NoticeKind, PassId, PasskeyId, Person, PersonId, PersonStatus, Secret, Session, SessionId, Timestamp,
};
use passkey::Passkey;

use crate::{
    EnrolmentPass,
    throttle::{Counter, Scope},
};

/// One change. Changes of one set are applied in order, so that a precondition sees what stands before it.
#[derive(Debug, Clone)]
pub enum Change {
    /// Adds a person. Precondition: id and user handle are new.
    InsertPerson {
        /// The person.
        person: Person,
        /// Their display name, sealed by the shell under their own key.
        sealed_display: Vec<u8>,
    },
    /// Enables or disables a person. Precondition: the person exists.
    SetPersonStatus {
        /// Who.
        id: PersonId,
        /// The new status.
        status: PersonStatus,
    },
    /// Puts a person into exactly these groups. Precondition: the person exists.
    SetPersonGroups {
        /// Who.
        id: PersonId,
        /// Names of all their groups.
        groups: Vec<String>,
    },
    /// Gives a person a sign-in name. Precondition: nobody holds that name.
    InsertSigninName {
        /// Keyed hash of the normalised name.
        hash: [u8; 32],
        /// Whose it becomes.
        person: PersonId,
        /// The name as typed, sealed by the shell.
        sealed: Vec<u8>,
    },
    /// Adds a passkey. Preconditions: its credential id is unknown for any person (WebAuthn L3 §7.1), the person exists
    /// and is active, and holds fewer than [`crate::limits::PASSKEYS_PER_PERSON_MAX`] passkeys.
    InsertPasskey(Box<Passkey>),
    /// Notes one use. Precondition: the passkey exists. Stored `backed_up` follows the assertion.
    UsePasskey {
        /// Which.
        id: PasskeyId,
        /// The signature counter to keep. The stored one never goes down, also when two uses are committed out of order.
        sign_count: u32,
        /// The backup state that came.
        backed_up: bool,
        /// When it was used.
        used: Timestamp,
    },
    /// Notes that a weak binding was confirmed. Precondition: the passkey exists. A time already stored stays.
    ConfirmPasskey {
        /// Which.
        id: PasskeyId,
        /// When.
        at: Timestamp,
    },
    /// Renames a passkey. Precondition: it belongs to `person`.
    RenamePasskey {
        /// Which.
        id: PasskeyId,
        /// Whose.
        person: PersonId,
        /// The new label, sealed by the shell.
        label: Vec<u8>,
    },
    /// Removes a passkey. Preconditions: it belongs to `person`; with `keep_one`, the person holds another. With the last one every
    /// unspent pass of theirs ends: it was issued before they held any.
    RemovePasskey {
        /// Which.
        id: PasskeyId,
        /// Whose.
        person: PersonId,
        /// The person did not agree to lose their last passkey.
        keep_one: bool,
    },
    /// Asks that a person hold no passkey at this point of the set, and writes nothing: what someone without a passkey
    /// may do, another may have ended by binding one.
    RequireNoPasskey {
        /// Who.
        person: PersonId,
    },
    /// Issues a pass. Preconditions: its id and hash are new, the person exists.
    InsertPass(EnrolmentPass),
    /// Uses up a pass. Preconditions: it is unspent, `at` is before its expiry, and at this point of the set its person
    /// holds **no passkey** (two passes used at the same moment must not bind two).
    SpendPass {
        /// Which.
        id: PassId,
        /// When it was used.
        at: Timestamp,
    },
    /// Keeps a person's password hash, in place of any other. Preconditions: the person exists; with `replaces`, the
    /// stored text is still exactly that (a rehash must not bring back a password that was changed meanwhile).
    SetPassword {
        /// Whose.
        person: PersonId,
        /// The hash's canonical text. Not a password, but whoever reads it may guess at one.
        phc: Secret<String>,
        /// It was made by another system.
        imported: bool,
        /// The text that it may replace; `None` replaces anything or nothing.
        replaces: Option<Secret<String>>,
        /// When.
        at: Timestamp,
    },
    /// Asks that a person's stored password hash still be this text, and writes nothing: a sign-in that began with a
    /// password must not end after that password was changed or removed.
    RequirePassword {
        /// Whose.
        person: PersonId,
        /// The text that was checked.
        phc: Secret<String>,
    },
    /// Removes a person's password. No precondition.
    RemovePassword {
        /// Whose.
        person: PersonId,
    },
    /// Keeps a person's authenticator app, in place of any other. Precondition: the person exists.
    SetTotp {
        /// Whose.
        person: PersonId,
        /// The secret, sealed by the shell under the person's key.
        sealed: Vec<u8>,
        /// The time step of the code that confirmed it: already used.
        last_step: u64,
        /// When.
        at: Timestamp,
    },
    /// Uses up the codes up to a time step. Preconditions: the person has an authenticator app, and its stored last
    /// step is `before` (RFC 6238 §5.2: a code counts once).
    UseTotp {
        /// Whose.
        person: PersonId,
        /// The last step as it was read.
        before: Option<u64>,
        /// The step of the code that came.
        step: u64,
    },
    /// Removes a person's authenticator app. No precondition.
    RemoveTotp {
        /// Whose.
        person: PersonId,
    },
    /// Replaces all of a person's recovery codes; an empty list removes them. Precondition: the person exists.
    ReplaceRecoveryCodes {
        /// Whose.
        person: PersonId,
        /// Keyed hashes of the new codes.
        hashes: Vec<[u8; 32]>,
        /// When.
        at: Timestamp,
    },
    /// Uses up a recovery code. Precondition: it is there and is `person`'s.
    SpendRecoveryCode {
        /// Whose.
        person: PersonId,
        /// Its keyed hash.
        hash: [u8; 32],
    },
    /// Keeps what a person answered to the invitation to enrol. Preconditions: the person exists, and the stored count
    /// is below `count` (no row counts as 0).
    RecordInvitation {
        /// Who.
        person: PersonId,
        /// How often they said "not now" in all.
        count: u16,
        /// Not to be asked before.
        snoozed_until: Timestamp,
    },
    /// Writes one throttling counter. Precondition: the stored one is `before`; no row is [`Counter::NONE`].
    SetCounter {
        /// The row's key: a keyed hash that names neither person nor address.
        key: [u8; 32],
        /// What it counts for: decides how long the row must stay.
        scope: Scope,
        /// As it was read.
        before: Counter,
        /// As it shall be. [`Counter::NONE`] may be kept as no row.
        after: Counter,
    },
    /// Forgets one throttling counter. No precondition.
    ClearCounter {
        /// The row's key.
        key: [u8; 32],
    },
    /// Forgets the counters of one scope that were last raised before `before`. No precondition.
    SweepCounters {
        /// What they count for.
        scope: Scope,
        /// Rows whose `last` is earlier go.
        before: Timestamp,
    },
    /// Puts a notice to a person into the queue. Precondition: its id is new. It is written with the change that it
    /// tells of, or not at all.
    QueueNotice {
        /// Its id.
        id: NoticeId,
        /// To whom.
        person: PersonId,
        /// What it tells.
        kind: NoticeKind,
        /// When it happened.
        at: Timestamp,
        /// The passkey that it is about. When such a notice of kind [`NoticeKind::PasskeyAdded`] was sent, the time
        /// becomes that passkey's `noticed`.
        passkey: Option<PasskeyId>,
    },
    /// Asks that a session be live (not ended, not past its absolute end at `at`) and writes nothing:
    /// what someone does with a session must not survive that session's end.
    RequireSession {
        /// Which.
        id: SessionId,
        /// The moment of the act.
        at: Timestamp,
    },
    /// Starts a session. Precondition: the person exists and is active.
    InsertSession(Session),
    /// Ends a session. No precondition: ending what has ended changes nothing.
    EndSession {
        /// Which.
        id: SessionId,
        /// When.
        at: Timestamp,
    },
    /// Ends every session of a person. No precondition.
    EndSessionsOfPerson {
        /// Whose.
        person: PersonId,
        /// When.
        at: Timestamp,
    },
    /// Ends every session of a person but one. No precondition.
    EndOtherSessions {
        /// Whose.
        person: PersonId,
        /// The one that stays.
        keep: SessionId,
        /// When.
        at: Timestamp,
    },
    /// Ends every session of a person that was opened without a passkey, and whatever was granted by such a sign-in, also where it
    /// would outlive its session. No precondition.
    EndFallbackSessions {
        /// Whose.
        person: PersonId,
        /// One that stays, though it was.
        keep: Option<SessionId>,
        /// When.
        at: Timestamp,
    },
    /// Ends every session that was opened with a passkey. No precondition.
    EndSessionsOfPasskey {
        /// The passkey.
        passkey: PasskeyId,
        /// When.
        at: Timestamp,
    },
}
