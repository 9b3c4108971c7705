//! Notices: what a person is told, out of band, about their own account. A notice holds no free text, so nobody can speak through one.

/// What a notice tells. The word is stored and never reused for something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoticeKind {
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was removed.
    PasskeyRemoved,
    /// The password was set or changed.
    PasswordChanged,
    /// An authenticator app was added.
    AuthenticatorAppAdded,
    /// The authenticator app was removed.
    AuthenticatorAppRemoved,
    /// A new set of recovery codes was made.
    RecoveryCodesMade,
    /// A recovery code was used to sign in.
    RecoveryCodeUsed,
    /// All sessions were ended.
    SessionsEnded,
    /// An application's access was withdrawn.
    AccessWithdrawn,
}

impl NoticeKind {
    /// Every kind, in the order of their declaration.
    pub const ALL: [Self; 9] = [
        Self::PasskeyAdded,
        Self::PasskeyRemoved,
        Self::PasswordChanged,
        Self::AuthenticatorAppAdded,
        Self::AuthenticatorAppRemoved,
        Self::RecoveryCodesMade,
        Self::RecoveryCodeUsed,
        Self::SessionsEnded,
        Self::AccessWithdrawn,
    ];

    /// The word used in storage.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PasskeyAdded => "passkey_added",
            Self::PasskeyRemoved => "passkey_removed",
            Self::PasswordChanged => "password_changed",
            Self::AuthenticatorAppAdded => "authenticator_app_added",
            Self::AuthenticatorAppRemoved => "authenticator_app_removed",
            Self::RecoveryCodesMade => "recovery_codes_made",
            Self::RecoveryCodeUsed => "recovery_code_used",
            Self::SessionsEnded => "sessions_ended",
            Self::AccessWithdrawn => "access_withdrawn",
        }
    }

    /// Reads the word written by [`Self::as_str`].
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}
