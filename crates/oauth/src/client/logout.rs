//! What happens at a client when a session ends (OpenID Connect RP-Initiated Logout 1.0, Back-Channel Logout 1.0).

use serde::{Deserialize, Serialize};

use crate::{RedirectUri, stored};

/// Where to send people and notices when a session ends.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogoutRules {
    /// Where people may be sent after signing out; compared character by character.
    #[serde(with = "stored::redirects")]
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// Where logout tokens are posted.
    pub backchannel_uri: Option<String>,
    /// Whether a logout token must name the session.
    pub backchannel_session_required: bool,
}

impl LogoutRules {
    /// Whether the client takes part in signing out, so that its ID tokens should name the session (`sid`).
    #[must_use]
    pub fn is_used(&self) -> bool {
        self.backchannel_uri.is_some() || !self.post_logout_redirect_uris.is_empty()
    }
}
