//! What the load needs to know about the server under test.

use serde::Deserialize;

/// The file that `--config` names, in JSON.
#[derive(Deserialize, Clone, Default)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// Base URL, for example `http://localhost:8400`: loopback only.
    pub(crate) base: String,
    /// A confidential client that needs no consent; it authenticates with `client_secret_basic`.
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    /// One of its redirect addresses. Nobody follows the redirect.
    pub(crate) redirect_uri: String,
    /// A confidential client that acts for itself. Left out: the client above.
    pub(crate) service_id: Option<String>,
    pub(crate) service_secret: Option<String>,
    /// What that one asks for; nothing when left out.
    pub(crate) service_scope: Option<String>,
    /// What the first asks for.
    pub(crate) scope: String,
    /// The `Cookie` header of a browser session that is signed in.
    pub(crate) cookie: String,
    /// Enrolment links of people who have no passkey yet, for `signin`: one for each connection.
    pub(crate) links: Vec<String>,
}

impl Config {
    pub(crate) fn read(path: &str) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))?;
        serde_json::from_str(&text).map_err(|e| format!("{path}: {e}"))
    }
}
