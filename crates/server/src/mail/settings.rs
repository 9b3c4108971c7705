//! What a configuration decides for mail.

use std::path::PathBuf;

use model::Secret;

use crate::outbound::OutboundSetupError;

/// Who writes, from where, and how it leaves.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// The sender's address. Answers to it should reach the help desk.
    pub from: String,
    /// The organisation's name, as the sender's name and in the text. At most 100 characters.
    pub organisation: String,
    /// Where My account is, for example `https://id.example/account`.
    pub account_url: String,
    /// How it leaves.
    pub transport: MailTransport,
    /// A PEM file of certificate authorities that are trusted beside those of the system.
    pub extra_ca: Option<PathBuf>,
}

/// How mail leaves.
#[derive(Debug, Clone)]
pub enum MailTransport {
    /// One `.eml` file for each message in this folder, readable by us alone. For the demonstration and for tests.
    Folder(PathBuf),
    /// Through a relay.
    Smtp(Smtp),
}

/// A relay.
#[derive(Debug, Clone)]
pub struct Smtp {
    /// Its host name, which its certificate must carry.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: SmtpSecurity,
    /// What we sign in with, if it asks.
    pub credentials: Option<SmtpCredentials>,
}

/// How the connection to the relay is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// TLS from the first byte (RFC 8314 §3.3, usually port 465).
    Tls,
    /// STARTTLS before anything is said (RFC 3207, usually port 587). A relay that does not offer it gets no mail.
    StartTls,
    /// None. For a relay on this machine, by a loopback address or `localhost`.
    PlainOnLoopback,
}

/// A name and a password for the relay.
#[derive(Debug, Clone)]
pub struct SmtpCredentials {
    /// The name.
    pub user: String,
    /// The password.
    pub password: Secret<String>,
}

/// Why mail can't be sent with these settings.
#[derive(Debug, thiserror::Error)]
pub enum MailSetupError {
    /// The sender's address is none.
    #[error("the sender's address is not an address")]
    From,
    /// The organisation's name can't stand in a header.
    #[error("the organisation's name must be 1 to 100 characters on one line")]
    Organisation,
    /// The address of My account can't stand in a mail.
    #[error("the address of My account must be an http or https URL without spaces, of at most 200 characters")]
    AccountUrl,
    /// The folder can't be used.
    #[error("failed to use the folder {path}: {source}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The relay's name is none.
    #[error("the relay's host is not a host name")]
    Host,
    /// Mail would leave this machine in clear.
    #[error("without TLS only a relay on this machine is used; {0} is not on this machine")]
    Plain(String),
    /// The certificate authorities can't be used.
    #[error(transparent)]
    Authorities(#[from] OutboundSetupError),
    /// The TLS library refused its settings.
    #[error("failed to set up TLS for mail: {0}")]
    Tls(String),
}
