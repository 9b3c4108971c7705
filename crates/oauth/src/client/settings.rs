//! What a client may be told to do beyond the ordinary. A client that needs none of it has the default, which costs nothing.

use crypto::alg::SigningAlg;
use serde::{Deserialize, Serialize};

use super::{
    about::About, access::AccessRule, delegation::Delegation, exception::Exception, logout::LogoutRules,
    origin::ClientOrigin, proof::ClientProof, requests::RequestRules,
};
use crate::stored;

/// Settings of a client, kept as one JSON value. A member that this version does not know is refused, not skipped: it could be
/// a rule that makes the client safer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClientSettings {
    /// Keys, certificates, and whether tokens are bound to them.
    pub proof: ClientProof,
    /// What its authorization requests must or may look like.
    pub requests: RequestRules,
    /// Where to send people and notices when a session ends.
    pub logout: LogoutRules,
    /// Whose tokens it may exchange.
    pub delegation: Delegation,
    /// With what its ID tokens and access tokens are signed.
    #[serde(with = "stored::signing_alg")]
    pub signing: SigningAlg,
    /// The resources that it is itself (RFC 8707 §2), and whose tokens it may therefore introspect.
    pub serves: Vec<String>,
    /// Who may use it at all.
    pub access: AccessRule,
    /// The claims that it may ever be told, by name.
    pub claims: Vec<String>,
    /// What it needs them for, as shown to people.
    pub purpose: String,
    /// Rules that are relaxed for it, for a while.
    pub exceptions: Vec<Exception>,
    /// How it came to be registered.
    pub origin: ClientOrigin,
    /// What people can read about it.
    pub about: About,
}

impl Default for ClientSettings {
    /// Nothing beyond the ordinary, signed with ES256.
    fn default() -> Self {
        Self {
            proof: ClientProof::default(),
            requests: RequestRules::default(),
            logout: LogoutRules::default(),
            delegation: Delegation::default(),
            signing: SigningAlg::Es256,
            serves: Vec::new(),
            access: AccessRule::default(),
            claims: Vec::new(),
            purpose: String::new(),
            exceptions: Vec::new(),
            origin: ClientOrigin::default(),
            about: About::default(),
        }
    }
}

/// The stored settings can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the settings of a client are damaged, or were written by a newer version")]
pub struct BadSettings;

impl ClientSettings {
    /// The JSON form for storage.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings, numbers and lists always have a JSON form")
    }

    /// Reads what [`Self::to_json`] wrote.
    ///
    /// # Errors
    /// When it is damaged, or holds a member that this version does not know.
    pub fn from_json(text: &str) -> Result<Self, BadSettings> {
        // A list would be read as well, member by member, and an empty one as the default: only an object is ours.
        if !text.starts_with('{') {
            return Err(BadSettings);
        }
        serde_json::from_str(text).map_err(|_| BadSettings)
    }
}
