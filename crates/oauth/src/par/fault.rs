//! Why a pushed request is refused, and what the client is told.

use crate::{ErrorAnswer, answer::JsonObject, authorize::AuthorizeFault};

/// The rule that a pushed request breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PushRefusal {
    /// It names a pushed request itself.
    #[error("a pushed request can not hold request_uri")]
    RequestUri,
    /// Its `client_id` is not the client that authenticated.
    #[error("client_id must be the client that authenticates")]
    OtherClient,
    /// The request breaks a rule of the authorization endpoint.
    #[error("{0}")]
    Request(AuthorizeFault),
}

impl PushRefusal {
    /// The error code (RFC 9126 §2.3: those of the authorization endpoint).
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::RequestUri | Self::OtherClient => "invalid_request",
            Self::Request(fault) => fault.code(),
        }
    }

    /// The whole answer. To be sent with [`crate::token::NO_STORE`].
    #[must_use]
    pub fn answer(self) -> ErrorAnswer {
        let mut json = JsonObject::with_capacity(160);
        json.string("error", self.code());
        json.string("error_description", &self.to_string());
        let status = match self.code() {
            "temporarily_unavailable" => 503,
            "server_error" => 500,
            _ => 400,
        };
        ErrorAnswer { status, www_authenticate: None, body: json.finish() }
    }
}

impl From<AuthorizeFault> for PushRefusal {
    fn from(fault: AuthorizeFault) -> Self {
        Self::Request(fault)
    }
}
