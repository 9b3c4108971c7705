//! What callers ask to be written, and what they hear back.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use crypto::SigningKey;
use model::{AuditEvent, KeyId, NoticeId, PersonId, Timestamp};
use tokio::sync::oneshot;

/// One change of any room. Each room's own enum states the preconditions.
#[derive(Debug, Clone)]
pub enum Change {
    /// A change that the sign-in room decided.
    Signin(signin::Change),
    /// A change that the OAuth room decided.
    Oauth(oauth::Change),
    /// A change that the context room decided.
    Context(context::Change),
    /// Keeps what is known about a person, in place of what was. Precondition: the person exists.
    SetAttributes {
        /// Whose.
        person: PersonId,
        /// `context::Attributes::to_json`, sealed by [`crate::Store::seal_for`] as [`crate::PersonalKind::Attributes`].
        sealed: Vec<u8>,
        /// When.
        at: Timestamp,
    },
    /// Adds an address for notices. Preconditions: the person exists, has fewer than ten, and not this one.
    AddNoticeAddress {
        /// Whose.
        person: PersonId,
        /// Keyed hash of the address.
        hash: [u8; 32],
        /// The address, sealed as [`crate::PersonalKind::NoticeAddress`].
        sealed: Vec<u8>,
        /// When.
        at: Timestamp,
    },
    /// Removes an address for notices. No precondition.
    RemoveNoticeAddress {
        /// Whose.
        person: PersonId,
        /// Keyed hash of the address.
        hash: [u8; 32],
    },
    /// A notice went out; the passkey whose adding it tells of counts as noticed. Precondition: it was waiting.
    NoticeSent {
        /// Which.
        id: NoticeId,
        /// When.
        at: Timestamp,
    },
    /// A notice could not be sent yet. Precondition: it is waiting.
    PostponeNotice {
        /// Which.
        id: NoticeId,
        /// When to try again.
        next_try: Timestamp,
    },
    /// A notice will never be sent. Precondition: it is waiting.
    GiveUpNotice {
        /// Which.
        id: NoticeId,
        /// When.
        at: Timestamp,
    },
    /// Adds a signing key that is published but does not sign yet. Precondition: its id is new.
    /// Made by [`crate::Store::key_change`].
    InsertKey {
        /// The key, for memory.
        key: Arc<SigningKey>,
        /// The same, sealed under the root key.
        sealed: Vec<u8>,
    },
    /// Makes a key the one that signs for its algorithm. Precondition: it exists, and was not retired.
    ActivateKey {
        /// Which.
        id: KeyId,
        /// When.
        at: Timestamp,
    },
    /// Stops signing with a key that stays published, so that what it signed still verifies. Preconditions: it signs, and at this point of
    /// the set another key of its algorithm does.
    RetireKey {
        /// Which.
        id: KeyId,
        /// When.
        at: Timestamp,
    },
    /// Stops publishing a key. Precondition: it exists, is published, and is not the only one that signs for its algorithm.
    RemoveKey {
        /// Which.
        id: KeyId,
        /// When.
        at: Timestamp,
    },
    /// Withdraws a key in an emergency: it neither signs nor verifies from now on. Precondition as for [`Change::RemoveKey`].
    WithdrawKey {
        /// Which.
        id: KeyId,
        /// When.
        at: Timestamp,
    },
}

impl From<signin::Change> for Change {
    fn from(change: signin::Change) -> Self {
        Self::Signin(change)
    }
}
impl From<context::Change> for Change {
    fn from(change: context::Change) -> Self {
        Self::Context(change)
    }
}
impl From<oauth::Change> for Change {
    fn from(change: oauth::Change) -> Self {
        Self::Oauth(change)
    }
}

/// Changes and their audit events: all of it becomes durable, or none.
#[derive(Debug, Clone)]
pub struct ChangeSet {
    /// When it was decided; the time of its audit events.
    pub at: Timestamp,
    /// Applied in order; a later precondition sees what stands before it.
    pub changes: Vec<Change>,
    /// Recorded in the same transaction.
    pub audit: Vec<AuditEvent>,
}

impl ChangeSet {
    /// A change set from one room's outcome.
    pub fn new<C: Into<Change>>(at: Timestamp, changes: impl IntoIterator<Item = C>, audit: Vec<AuditEvent>) -> Self {
        Self { at, changes: changes.into_iter().map(Into::into).collect(), audit }
    }
}

/// The precondition that did not hold. Nothing of the change set was written; load the facts again and ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("precondition failed: {}", self.as_word())]
pub enum PreconditionFailed {
    /// A new thing's id or hash exists already.
    IdTaken,
    /// Somebody holds that sign-in name.
    NameTaken,
    /// Somebody holds that credential id.
    CredentialKnown,
    /// There is no such person.
    PersonMissing,
    /// The person may not sign in.
    PersonInactive,
    /// The person holds as many passkeys as one may.
    TooManyPasskeys,
    /// There is no such passkey, or it is another person's.
    PasskeyMissing,
    /// It is the person's last passkey.
    LastPasskey,
    /// The pass is spent, expired or unknown.
    PassSpent,
    /// The pass's person holds a passkey.
    PasskeyPresent,
    /// The session is not live.
    SessionEnded,
    /// There is a client of that id.
    ClientTaken,
    /// The family id was used before, or revoked before it was used.
    FamilyUsed,
    /// The family is revoked, unknown, or of another generation.
    FamilyMoved,
    /// The signing key is unknown, retired, or the one that signs.
    KeyUnfit,
    /// There is no such client, or it is of another origin.
    ClientMissing,
    /// The password was changed or removed.
    PasswordChanged,
    /// The one-time code or recovery code was used, or its method was changed.
    CodeSpent,
    /// A counter is not what it was when it was read.
    CounterMoved,
    /// The notice was sent or given up.
    NoticeDone,
    /// There is such a receipt already.
    ReceiptKept,
    /// It was used before.
    Spent,
    /// The device's grant is not where it was.
    DeviceMoved,
    /// The initial access token is expired, used up or unknown.
    AccessUsedUp,
    /// At its place the person has a subject, or somebody has this one.
    SubjectTaken,
    /// Something it refers to does not exist.
    ReferenceMissing,
    /// The schema refused a value: a fault in the room that decided.
    ValueRefused,
}

impl PreconditionFailed {
    /// A stable word for logs and metrics.
    #[must_use]
    pub const fn as_word(self) -> &'static str {
        match self {
            Self::IdTaken => "id_taken",
            Self::NameTaken => "name_taken",
            Self::CredentialKnown => "credential_known",
            Self::PersonMissing => "person_missing",
            Self::PersonInactive => "person_inactive",
            Self::TooManyPasskeys => "too_many_passkeys",
            Self::PasskeyMissing => "passkey_missing",
            Self::LastPasskey => "last_passkey",
            Self::PassSpent => "pass_spent",
            Self::PasskeyPresent => "passkey_present",
            Self::SessionEnded => "session_ended",
            Self::ClientTaken => "client_taken",
            Self::FamilyUsed => "family_used",
            Self::FamilyMoved => "family_moved",
            Self::KeyUnfit => "key_unfit",
            Self::ClientMissing => "client_missing",
            Self::PasswordChanged => "password_changed",
            Self::CodeSpent => "code_spent",
            Self::CounterMoved => "counter_moved",
            Self::NoticeDone => "notice_done",
            Self::ReceiptKept => "receipt_kept",
            Self::Spent => "spent",
            Self::DeviceMoved => "device_moved",
            Self::AccessUsedUp => "access_used_up",
            Self::SubjectTaken => "subject_taken",
            Self::ReferenceMissing => "reference_missing",
            Self::ValueRefused => "value_refused",
        }
    }
}

/// Why a change set was not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// A precondition did not hold.
    #[error(transparent)]
    Lost(PreconditionFailed),
    /// Storage failed, or the store is closing. Whether anything was written is in doubt: answer "unavailable".
    #[error("the store could not write")]
    Failed,
}

/// The queue is full: answer 503 with `Retry-After`. Nothing was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the store's queue is full")]
pub struct Busy;

/// A change set on its way. Resolves once it is durable and memory shows it, or once it is certain to be refused.
///
/// Dropping it takes nothing back.
#[derive(Debug)]
#[must_use = "nothing is durable before this resolves"]
pub struct Pending<T = ()> {
    answer: oneshot::Receiver<Result<T, CommitError>>,
}

/// The writer's end of a [`Pending`].
pub(crate) type Answer<T = ()> = oneshot::Sender<Result<T, CommitError>>;

impl<T> Pending<T> {
    pub(crate) fn pair() -> (Answer<T>, Self) {
        let (sender, answer) = oneshot::channel();
        (sender, Self { answer })
    }

    /// Waits on a thread of its own.
    ///
    /// # Panics
    /// When called on an asynchronous thread, which it would block.
    pub fn wait(self) -> Result<T, CommitError> {
        self.answer.blocking_recv().unwrap_or(Err(CommitError::Failed))
    }
}

impl<T> Future for Pending<T> {
    type Output = Result<T, CommitError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // A writer that died without an answer has not confirmed anything.
        Pin::new(&mut self.answer).poll(cx).map(|answer| answer.unwrap_or(Err(CommitError::Failed)))
    }
}
