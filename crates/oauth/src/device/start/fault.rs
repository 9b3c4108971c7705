//! Why a device authorization request is refused.

use crate::{ErrorAnswer, answer::error_answer};

/// The rule that a device authorization request breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeviceStartFault {
    /// A parameter came more than once.
    #[error("send {0} only once")]
    Repeated(&'static str),
    /// The client may not use the device grant.
    #[error("this client is not registered for the device authorization grant")]
    GrantNotAllowed,
    /// A detailed wish, which no device page shows.
    #[error("authorization_details can not be asked for by a device")]
    Details,
    /// No `scope`.
    #[error("send scope; there is no default")]
    ScopeMissing,
    /// The `scope` breaks its grammar.
    #[error("scope must be names parted by single spaces")]
    ScopeMalformed,
    /// Nothing of the `scope` is allowed to this client.
    #[error("this client may ask for none of these scopes")]
    ScopeNotAllowed,
    /// A `resource` that the client may not name, or too many.
    #[error("this client may not ask for that resource")]
    Target,
    /// A check left nothing behind: a fault of ours.
    #[error("the request could not be decided")]
    Incomplete,
}

impl DeviceStartFault {
    /// The error code for the client (RFC 8628 §3.1 takes those of the token endpoint). The only place that knows.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Repeated(_) => "invalid_request",
            Self::GrantNotAllowed => "unauthorized_client",
            Self::Details => "invalid_authorization_details",
            Self::ScopeMissing | Self::ScopeMalformed | Self::ScopeNotAllowed => "invalid_scope",
            Self::Target => "invalid_target",
            Self::Incomplete => "server_error",
        }
    }

    /// The whole answer.
    #[must_use]
    pub fn answer(self) -> ErrorAnswer {
        let status = match self {
            Self::Incomplete => 500,
            Self::Repeated(_)
            | Self::GrantNotAllowed
            | Self::Details
            | Self::ScopeMissing
            | Self::ScopeMalformed
            | Self::ScopeNotAllowed
            | Self::Target => 400,
        };
        error_answer(status, self.code(), &self.to_string())
    }
}
