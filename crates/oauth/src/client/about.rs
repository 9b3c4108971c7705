//! What people can read about a client (RFC 7591 §2). Nobody checked it: it is shown as the client's own words.

use serde::{Deserialize, Serialize};

/// What a client says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct About {
    /// Addresses of the people responsible for it.
    pub contacts: Vec<String>,
    /// Its home page.
    pub client_uri: Option<String>,
    /// Its logo.
    pub logo_uri: Option<String>,
    /// What it does with people's data.
    pub policy_uri: Option<String>,
    /// Its terms of service.
    pub tos_uri: Option<String>,
    /// Which program it is, whatever installation (RFC 7591 §2).
    pub software_id: Option<String>,
    /// Which version of it.
    pub software_version: Option<String>,
}
