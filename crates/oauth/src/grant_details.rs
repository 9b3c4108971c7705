//! What a grant carries beyond its scope: to whom it is bound, for which resources, and with which details.

use std::borrow::Cow;

use model::SessionId;
use serde::{Deserialize, Serialize};

use crate::{Client, authorization_details::AuthorizationDetails, stored};

/// Details of a grant, from the authorization request through the code to the family. An ordinary grant has the default, which
/// allocates nothing. Kept as one JSON value; a member that this version does not know is refused.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GrantDetails {
    /// The key that must be shown with every token of this grant. For public clients it binds the refresh token too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<Confirmation>,
    /// The resources granted (RFC 8707). Empty: the client's own audience.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// The granted `authorization_details` (RFC 9396 §7): a JSON array, already checked, compact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_details: Option<String>,
    /// The checked `claims` request (OpenID Connect Core §5.5): a JSON object, compact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims: Option<String>,
    /// Who acts for the person (RFC 8693 §4.1): a JSON object, the value of `act`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// Whether the person's remembered consent stands behind it, so that forgetting the one ends the other. Not so where the
    /// organisation agreed for its people, or where every request is asked anew.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub remembered_consent: bool,
    /// The `acr` to tell, where it is not the strength's own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// The session in which it was granted, where the client wants to hear of its end, also when the grant outlives it.
    #[serde(skip_serializing_if = "Option::is_none", with = "stored::optional_text")]
    pub sid: Option<SessionId>,
}

crate::quiet::quiet! { GrantDetails }

/// The key that a token is bound to (RFC 7800 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Confirmation {
    /// SHA-256 thumbprint of a DPoP key (RFC 9449 §6.1).
    #[serde(rename = "jkt", with = "stored::hash")]
    Jkt([u8; 32]),
    /// SHA-256 thumbprint of a TLS client certificate (RFC 8705 §3.1).
    #[serde(rename = "x5t#S256", with = "stored::hash")]
    X5t([u8; 32]),
}

impl Confirmation {
    /// The value of `cnf` in tokens and introspection: one member.
    #[must_use]
    pub fn to_json(&self) -> String {
        let (name, thumbprint) = match self {
            Self::Jkt(thumbprint) => ("jkt", thumbprint),
            Self::X5t(thumbprint) => ("x5t#S256", thumbprint),
        };
        format!("{{\"{name}\":\"{}\"}}", crypto::b64u(thumbprint))
    }
}

/// Stored details can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the details of a grant are damaged, or were written by a newer version")]
pub struct BadDetails;

impl GrantDetails {
    /// The same without the single permissions that the client was deregistered for since. The family keeps what was granted.
    pub(crate) fn left_for(&self, client: &Client) -> Cow<'_, Self> {
        let Some(granted) = &self.authorization_details else { return Cow::Borrowed(self) };
        let left = AuthorizationDetails::still_registered(granted, client);
        if left.as_ref() == Some(granted) {
            return Cow::Borrowed(self);
        }
        Cow::Owned(Self { authorization_details: left, ..self.clone() })
    }

    /// Whether this is an ordinary grant: nothing to keep.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// The JSON form for storage; none for an ordinary grant.
    #[must_use]
    pub fn to_json(&self) -> Option<String> {
        (!self.is_plain())
            .then(|| serde_json::to_string(self).expect("strings, numbers and lists always have a JSON form"))
    }

    /// Reads what [`Self::to_json`] wrote.
    ///
    /// # Errors
    /// When it is damaged, or holds a member that this version does not know.
    pub fn from_json(text: &str) -> Result<Self, BadDetails> {
        // A list would be read as well, member by member, and an empty one as the default: only an object is ours.
        if !text.starts_with('{') {
            return Err(BadDetails);
        }
        serde_json::from_str(text).map_err(|_| BadDetails)
    }
}
