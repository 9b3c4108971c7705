//! The audit vocabulary. Every detail is a word from our own code, a number or an id: free text never enters the chain in clear.

use crate::{ClientId, FamilyId, KeyId, PassId, PasskeyId, PersonId, SessionId};

/// One fact for the record, written in the same commit as the change it tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// What happened.
    pub kind: AuditKind,
    /// Who did it.
    pub actor: Actor,
    /// Whom it concerns, if a person.
    pub person: Option<PersonId>,
    /// Through which client, if one.
    pub client: Option<ClientId>,
    /// What else an auditor needs.
    pub details: Vec<(&'static str, Detail)>,
}

impl AuditEvent {
    /// An event by `actor`, with nothing else said yet.
    #[must_use]
    pub const fn new(kind: AuditKind, actor: Actor) -> Self {
        Self { kind, actor, person: None, client: None, details: Vec::new() }
    }
    /// Says whom it concerns.
    #[must_use]
    pub const fn person(mut self, person: PersonId) -> Self {
        self.person = Some(person);
        self
    }
    /// Says through which client.
    #[must_use]
    pub fn client(mut self, client: ClientId) -> Self {
        self.client = Some(client);
        self
    }
    /// Adds a detail.
    #[must_use]
    pub fn detail(mut self, name: &'static str, detail: Detail) -> Self {
        self.details.push((name, detail));
        self
    }
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in person, or one proving who they are.
    Person(PersonId),
    /// An authenticated or public client.
    Client(ClientId),
    /// Someone at the command line of this machine.
    Operator,
    /// Lockgate by itself.
    System,
}

/// A detail's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// A word from our own code.
    Word(&'static str),
    /// A number.
    Number(i64),
    /// A passkey.
    Passkey(PasskeyId),
    /// A session.
    Session(SessionId),
    /// A refresh family.
    Family(FamilyId),
    /// An enrolment pass.
    Pass(PassId),
    /// A key.
    Key(KeyId),
}

macro_rules! audit_kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal),+ $(,)?) => {
        /// What happened. The word is stored and never reused for something else.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum AuditKind { $($(#[$doc])* $name),+ }
        impl AuditKind {
            /// The word used in storage and exports.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$name => $word),+ } }
        }
    };
}

audit_kinds! {
    /// The store was created.
    StoreCreated = "store.created",
    /// A person was added.
    PersonAdded = "person.added",
    /// A person was disabled or enabled.
    PersonStatusChanged = "person.status_changed",
    /// A client was added.
    ClientAdded = "client.added",
    /// A signing key was made.
    KeyCreated = "key.created",
    /// A signing key began to sign.
    KeyActivated = "key.activated",
    /// A signing key stopped signing; what it signed still verifies.
    KeyRetired = "key.retired",
    /// A signing key is no longer published.
    KeyRemoved = "key.removed",
    /// A signing key was withdrawn in an emergency.
    KeyWithdrawn = "key.withdrawn",
    /// An enrolment pass was issued.
    PassIssued = "pass.issued",
    /// An enrolment pass was used to enrol.
    PassSpent = "pass.spent",
    /// A passkey was enrolled.
    PasskeyEnrolled = "passkey.enrolled",
    /// A passkey was renamed.
    PasskeyRenamed = "passkey.renamed",
    /// A passkey was removed.
    PasskeyRemoved = "passkey.removed",
    /// A passkey's backup state changed.
    PasskeyBackupChanged = "passkey.backup_changed",
    /// A signature counter went back.
    PasskeyCounterRisk = "passkey.counter_risk",
    /// A passkey that was bound weakly was used, and the person had been told of it in time to object.
    PasskeyConfirmed = "passkey.confirmed",
    /// A person was put into groups or taken out of some.
    PersonGroupsChanged = "person.groups_changed",
    /// What applications may be told about a person was entered or changed.
    AttributesSet = "person.attributes_set",
    /// An address for notices was added.
    NoticeAddressAdded = "person.notice_address_added",
    /// An address for notices was removed.
    NoticeAddressRemoved = "person.notice_address_removed",
    /// A person's failed tries were forgotten.
    ThrottleReset = "person.throttle_reset",
    /// A password was set or changed.
    PasswordSet = "password.set",
    /// A password's hash was brought from another system.
    PasswordImported = "password.imported",
    /// A password's hash was made anew with the present cost.
    PasswordRehashed = "password.rehashed",
    /// A password was removed.
    PasswordRemoved = "password.removed",
    /// An authenticator app was added.
    TotpAdded = "totp.added",
    /// The authenticator app was removed.
    TotpRemoved = "totp.removed",
    /// A new set of recovery codes was made; older ones are void.
    RecoveryCodesMade = "recovery_codes.made",
    /// All recovery codes were removed.
    RecoveryCodesRemoved = "recovery_codes.removed",
    /// A recovery code was used up.
    RecoveryCodeUsed = "recovery_codes.used",
    /// A person said "not now" to a passkey.
    InvitationDeclined = "invitation.declined",
    /// Someone signed in.
    SignedIn = "session.started",
    /// A session was ended.
    SessionEnded = "session.ended",
    /// A person consented.
    ConsentGiven = "consent.given",
    /// A person took a client's access away; its families ended with it.
    ConsentWithdrawn = "consent.withdrawn",
    /// A client was told something about a person for the first time.
    Disclosed = "context.disclosed",
    /// The demonstration saw an unregistered redirect URI refused, for the first time since it started.
    RedirectRefused = "demo.redirect_refused",
    /// The demonstration saw somebody prove again because an application asked for it, for the first time since it started.
    SteppedUp = "demo.stepped_up",
    /// Tokens were issued for a code.
    CodeRedeemed = "code.redeemed",
    /// A code was presented again, validly.
    CodeReplayed = "code.replayed",
    /// A refresh token was rotated.
    TokenRefreshed = "refresh.rotated",
    /// A spent refresh token was presented.
    RefreshReplayed = "refresh.replayed",
    /// A refresh token was presented again right after its exchange, and got the same successor again.
    RefreshRetried = "refresh.retried",
    /// A refresh family was revoked.
    FamilyRevoked = "refresh.family_revoked",
    /// An access token was issued that belongs to no family.
    TokenIssued = "token.issued",
    /// An access token was revoked by the client that held it.
    TokenRevoked = "token.revoked",
    /// A token was introspected.
    TokenIntrospected = "token.introspected",
    /// A device began to ask for a person's approval.
    DeviceStarted = "device.started",
    /// A person let a device act for them.
    DeviceApproved = "device.approved",
    /// A person turned a device away.
    DeviceDenied = "device.denied",
    /// A device fetched its tokens.
    DeviceRedeemed = "device.redeemed",
    /// A device's code was presented again, validly.
    DeviceReplayed = "device.replayed",
    /// One client's access token became another's.
    TokenExchanged = "token.exchanged",
    /// A client registered itself.
    ClientRegistered = "client.registered",
    /// A client's registration was replaced.
    ClientUpdated = "client.updated",
    /// A client was removed.
    ClientRemoved = "client.removed",
    /// A client was read from the document that its id points to.
    ClientDocumentKept = "client.document_kept",
    /// A token that lets its holder register clients was issued.
    InitialAccessIssued = "registration.access_issued",
    /// An initial access token was taken back.
    InitialAccessRevoked = "registration.access_revoked",
    /// A rule was relaxed for a client, for a while.
    ExceptionAdded = "exception.added",
    /// A relaxed rule holds again before its time.
    ExceptionEnded = "exception.ended",
    /// Subjects that people had elsewhere were imported.
    SubjectsImported = "subject.imported",
    /// A person signed out at a client's wish.
    LogoutAtClient = "session.ended_at_client",
}
