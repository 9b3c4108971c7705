//! Why a device gets no tokens (yet).

/// Why a device gets no tokens (yet). `Display` is for the operator's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeviceRefusal {
    /// No `device_code`.
    #[error("no device_code")]
    CodeMissing,
    /// No such code, or forgotten long ago.
    #[error("an unknown device code")]
    CodeUnknown,
    /// Another client's code.
    #[error("a device code that was issued to another client")]
    CodeOfOtherClient,
    /// Nobody answered in time.
    #[error("an expired device code")]
    Expired,
    /// The person said no.
    #[error("a device that a person turned away")]
    Denied,
    /// Nobody answered yet.
    #[error("a device that nobody answered yet")]
    Pending,
    /// Nobody answered yet, and the device asks too often.
    #[error("a device that asks too often")]
    TooFast,
    /// The tokens were fetched before.
    #[error("a device code that was redeemed before; what it became is revoked")]
    Replayed,
    /// A check left nothing behind: a fault of ours.
    #[error("the checks left no result")]
    Incomplete,
}

impl DeviceRefusal {
    /// The error code for the client (RFC 8628 §3.5). The only place that knows.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::CodeMissing => "invalid_request",
            Self::CodeUnknown | Self::CodeOfOtherClient | Self::Replayed => "invalid_grant",
            Self::Expired => "expired_token",
            Self::Denied => "access_denied",
            Self::Pending => "authorization_pending",
            Self::TooFast => "slow_down",
            Self::Incomplete => "server_error",
        }
    }

    /// What the client is told.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::CodeMissing => "send device_code",
            Self::CodeUnknown | Self::CodeOfOtherClient | Self::Replayed => {
                "the device code can not be redeemed; ask for a new one"
            }
            Self::Expired => "nobody answered in time; ask for a new code",
            Self::Denied => "the person did not allow it",
            Self::Pending => "nobody answered yet; ask again after the interval",
            Self::TooFast => "wait five seconds longer between two requests from now on",
            Self::Incomplete => "the request could not be decided",
        }
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Incomplete => 500,
            Self::CodeMissing
            | Self::CodeUnknown
            | Self::CodeOfOtherClient
            | Self::Expired
            | Self::Denied
            | Self::Pending
            | Self::TooFast
            | Self::Replayed => 400,
        }
    }
}
