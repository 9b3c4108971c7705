//! What a client's authorization requests must or may look like.

use serde::{Deserialize, Serialize};

use super::words;

/// Rules on a client's authorization requests.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RequestRules {
    /// Only pushed requests are taken (RFC 9126 §6).
    pub require_par: bool,
    /// Only signed request objects are taken (RFC 9101 §10.5).
    pub require_signed: bool,
    /// The response modes it may ask for. Empty: every one that exists here.
    pub response_modes: Vec<ResponseMode>,
    /// How old a sign-in may be when a request says nothing, in seconds (OpenID Connect Registration §2).
    pub default_max_age: Option<i64>,
    /// Whether `auth_time` is always told (OpenID Connect Registration §2).
    pub require_auth_time: bool,
    /// The `acr` values it wants when a request says nothing, best first.
    pub default_acr_values: Vec<String>,
    /// The types of `authorization_details` it may ask for (RFC 9396 §10).
    pub authorization_details_types: Vec<String>,
    /// What its `resource` parameters may name (RFC 8707), besides its own audience.
    pub resources: Vec<String>,
}

words! {
    /// How an authorization response travels.
    ResponseMode {
        /// In the query of the redirect URI.
        Query = "query",
        /// In a form that the browser posts (OAuth 2.0 Form Post Response Mode).
        FormPost = "form_post",
        /// Signed, in the query (JARM §2.3.1).
        QueryJwt = "query.jwt",
        /// Signed, in a form that the browser posts (JARM §2.3.3).
        FormPostJwt = "form_post.jwt",
    }
}
