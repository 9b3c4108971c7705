//! What this room asks the store to write. Each change states the precondition under which it may be written;
//! when one fails, none of the set is written, and the shell loads the facts again and asks again.

use model::{PassId, PasskeyId, Person, PersonId, PersonStatus, Session, SessionId, Timestamp};
use passkey::Passkey;

use crate::EnrolmentPass;

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
    /// Renames a passkey. Precondition: it belongs to `person`.
    RenamePasskey {
        /// Which.
        id: PasskeyId,
        /// Whose.
        person: PersonId,
        /// The new label, sealed by the shell.
        label: Vec<u8>,
    },
    /// Removes a passkey. Preconditions: it belongs to `person`; with `keep_one`, the person holds another.
    RemovePasskey {
        /// Which.
        id: PasskeyId,
        /// Whose.
        person: PersonId,
        /// The person did not agree to lose their last passkey.
        keep_one: bool,
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
    /// Ends every session that was opened with a passkey. No precondition.
    EndSessionsOfPasskey {
        /// The passkey.
        passkey: PasskeyId,
        /// When.
        at: Timestamp,
    },
}
