//! Why a typed code leads nowhere.

/// Why a typed code leads nowhere. `Display` is for the operator; the person gets [`DevicePageFault::for_person`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DevicePageFault {
    /// Not eight of the letters that codes are made of.
    #[error("something that can not be a user code")]
    NotACode,
    /// No such code.
    #[error("an unknown user code")]
    Unknown,
    /// Too old.
    #[error("an expired user code")]
    Expired,
    /// Answered before.
    #[error("a user code that was answered before")]
    Answered,
    /// Looked up by people more often than one person would.
    #[error("a user code that was looked up too often")]
    TooManyLookUps,
    /// The client is gone, disabled, or no longer registered for this.
    #[error("a user code of a client that may not use the device grant")]
    ClientRefused,
    /// The person may not sign in, or not use this client.
    #[error("a person who may not use the client")]
    PersonRefused,
    /// A check left nothing behind: a fault of ours.
    #[error("the checks left no result")]
    Incomplete,
}

impl DevicePageFault {
    /// Whether it counts as a wrong guess. The shell limits those per address and per session (RFC 8628 §5.1).
    #[must_use]
    pub const fn is_guess(self) -> bool {
        match self {
            Self::NotACode | Self::Unknown | Self::Expired | Self::Answered | Self::TooManyLookUps => true,
            Self::ClientRefused | Self::PersonRefused | Self::Incomplete => false,
        }
    }

    /// What the person is told: the same for every code that is no good, so that guessing teaches nothing.
    #[must_use]
    pub const fn for_person(self) -> &'static str {
        match self {
            Self::NotACode => "A code has eight letters, such as BCDF-GHJK. Look at the device and type it again.",
            Self::Unknown | Self::Expired | Self::Answered | Self::TooManyLookUps => {
                "This code is not known, or no longer good. Start again on the device to get a new one."
            }
            Self::ClientRefused | Self::PersonRefused => {
                "This device can not be connected with your account. Ask whoever looks after it."
            }
            Self::Incomplete => "This could not be decided. Please try again.",
        }
    }
}
