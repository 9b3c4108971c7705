//! The table of all settings. A name that is not here is refused.

/// What every environment variable of ours begins with.
pub(crate) const ENVIRONMENT_PREFIX: &str = "LOCKGATE_";

/// What a setting holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One text.
    Text,
    /// A list of texts; in the environment, parted by commas.
    List,
}

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key {
    /// Its name with its table, as in `tls.cert`.
    pub(crate) path: &'static str,
    /// What it holds.
    pub(crate) kind: Kind,
}

/// Every setting.
pub(crate) const KEYS: [Key; 41] = [
    text("issuer"),
    text("organisation"),
    text("listen"),
    text("data_dir"),
    text("keys_dir"),
    text("passkeys.rp_id"),
    text("passkeys.rp_name"),
    list("passkeys.origins"),
    list("passkeys.top_origins"),
    list("passkeys.attestation_roots"),
    text("tls.cert"),
    text("tls.key"),
    list("proxy.trusted"),
    text("passwords.breach_list"),
    text("mail.from"),
    text("mail.folder"),
    text("mail.relay"),
    text("mail.security"),
    text("mail.user"),
    text("mail.password_file"),
    text("mail.extra_ca"),
    text("oauth.pushed_requests"),
    text("oauth.dpop_nonce"),
    text("oauth.registration"),
    text("oauth.detail_types"),
    list("client_documents.hosts"),
    list("client_documents.grants"),
    list("client_documents.scopes"),
    list("client_documents.resources"),
    text("client_documents.redirects"),
    text("certificates.header"),
    text("certificates.chain"),
    text("certificates.listen"),
    text("certificates.origin"),
    text("certificates.authorities"),
    list("signing_keys.algorithms"),
    text("signing_keys.active_days"),
    text("signing_keys.publish_before_days"),
    text("signing_keys.keep_after_days"),
    list("outbound.internal"),
    text("outbound.extra_ca"),
];

/// The tables that settings stand in.
pub(crate) const TABLES: [&str; 10] = [
    "passkeys",
    "tls",
    "proxy",
    "passwords",
    "mail",
    "oauth",
    "client_documents",
    "certificates",
    "signing_keys",
    "outbound",
];

/// The table of rules, which is not a list of settings: the policy room knows what it holds.
pub(crate) const POLICY: &str = "policy";

const fn text(path: &'static str) -> Key {
    Key { path, kind: Kind::Text }
}

const fn list(path: &'static str) -> Key {
    Key { path, kind: Kind::List }
}

impl Key {
    /// The setting of that name.
    pub(crate) fn named(path: &str) -> Option<Self> {
        KEYS.into_iter().find(|key| key.path == path)
    }

    /// Its environment variable: `LOCKGATE_TLS_CERT` for `tls.cert`.
    pub(crate) fn variable(self) -> String {
        format!("{ENVIRONMENT_PREFIX}{}", self.path.replace('.', "_").to_uppercase())
    }
}
