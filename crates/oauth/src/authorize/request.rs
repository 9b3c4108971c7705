//! The request itself, out of whatever it came in.

use crate::RawParams;

/// The parameters that mean something here and may come once. Others are ignored, even repeated (OAuth 2.1 §3.1); `resource` means
/// something and may repeat (RFC 8707 §2).
pub(crate) const KNOWN_PARAMETERS: [&str; 18] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "response_mode",
    "nonce",
    "prompt",
    "max_age",
    "id_token_hint",
    "login_hint",
    "acr_values",
    "claims",
    "authorization_details",
    "dpop_jkt",
    "registration",
];

/// One authorization request: its parameters, all of them, and how they came. Only [`super::resolve`] and what was parked make one.
#[derive(Debug, Clone)]
pub struct AuthorizeRequest<'a> {
    params: RawParams<'a>,
    origin: Origin,
}

/// How a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// In the query or the form, through the browser.
    Plain,
    /// Inside an object that the client signed, through the browser.
    Signed,
    /// Pushed by the client itself.
    Pushed {
        /// Under which it is kept.
        key: [u8; 32],
        /// Whether what was pushed was signed.
        signed: bool,
    },
}

impl<'a> AuthorizeRequest<'a> {
    pub(crate) const fn new(params: RawParams<'a>, origin: Origin) -> Self {
        Self { params, origin }
    }

    /// The parameters that count.
    #[must_use]
    pub const fn params(&self) -> &RawParams<'a> {
        &self.params
    }

    /// How it came.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.origin
    }

    /// Under which the pushed request is kept that this one is, for loading it anew when a parked request is resumed.
    #[must_use]
    pub const fn pushed(&self) -> Option<[u8; 32]> {
        match self.origin {
            Origin::Pushed { key, .. } => Some(key),
            Origin::Plain | Origin::Signed => None,
        }
    }

    /// Whether the client signed it.
    #[must_use]
    pub const fn is_signed(&self) -> bool {
        match self.origin {
            Origin::Plain => false,
            Origin::Signed => true,
            Origin::Pushed { signed, .. } => signed,
        }
    }
}
