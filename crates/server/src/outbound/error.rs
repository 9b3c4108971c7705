//! Why a fetch failed: typed words that carry the host of an address and nothing else of it. Paths and queries may hold secrets.

use std::{path::PathBuf, sync::Arc};

/// Why nothing came back that may be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// The address itself is not one that may be called.
    #[error("the address can't be used: {0}")]
    Url(#[from] UrlFault),
    /// The host is, or resolves to, an address that may not be called.
    #[error("{host} is at an address that must not be called from here")]
    Forbidden {
        /// The host of the address.
        host: Arc<str>,
    },
    /// The name has no address.
    #[error("{host} could not be resolved")]
    Unresolvable {
        /// The host of the address.
        host: Arc<str>,
    },
    /// Nobody answered there, or the connection broke.
    #[error("{host} could not be reached")]
    Unreachable {
        /// The host of the address.
        host: Arc<str>,
    },
    /// The other side's certificate is not trusted, or TLS failed otherwise.
    #[error("{host} could not prove who it is")]
    Tls {
        /// The host of the address.
        host: Arc<str>,
    },
    /// It took too long, as a whole or to connect.
    #[error("{host} did not answer in time")]
    TimedOut {
        /// The host of the address.
        host: Arc<str>,
    },
    /// The answer points elsewhere.
    #[error("{host} answered with a redirect, which is not followed")]
    Redirected {
        /// The host of the address.
        host: Arc<str>,
    },
    /// The answer is no success.
    #[error("{host} answered with status {status}")]
    Status {
        /// The host of the address.
        host: Arc<str>,
        /// The HTTP status.
        status: u16,
    },
    /// The answer is of another type than asked for.
    #[error("{host} answered with another content type than expected")]
    ContentType {
        /// The host of the address.
        host: Arc<str>,
    },
    /// The answer is longer than the caller reads.
    #[error("{host} answered with more than is read")]
    TooLarge {
        /// The host of the address.
        host: Arc<str>,
    },
    /// The answer broke off, or is no HTTP.
    #[error("{host} broke off its answer")]
    Interrupted {
        /// The host of the address.
        host: Arc<str>,
    },
    /// Too much is under way, here or towards this host.
    #[error("too many fetches are under way")]
    Busy,
}

impl OutboundError {
    /// Whether the same request may succeed later without anybody changing anything: for those who try again.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::Unresolvable { .. }
            | Self::Unreachable { .. }
            | Self::TimedOut { .. }
            | Self::Interrupted { .. }
            | Self::Busy => true,
            Self::Status { status, .. } => *status == 429 || *status >= 500,
            Self::Url(_)
            | Self::Forbidden { .. }
            | Self::Tls { .. }
            | Self::Redirected { .. }
            | Self::ContentType { .. }
            | Self::TooLarge { .. } => false,
        }
    }
}

/// What is wrong with an address, before anybody is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrlFault {
    /// It is longer than any that is called.
    #[error("it is too long")]
    TooLong,
    /// It is no absolute URL with a host.
    #[error("it is no absolute URL")]
    NotAbsolute,
    /// It is neither `https` nor, to this machine and where that is allowed, `http`.
    #[error("it is not https")]
    NotHttps,
    /// It carries a user name or a password.
    #[error("it carries credentials")]
    Credentials,
    /// It has a fragment, which is never sent.
    #[error("it has a fragment")]
    Fragment,
}

/// Why the client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum OutboundSetupError {
    /// The file of additional certificate authorities can't be used.
    #[error("failed to read certificate authorities from {path}: {reason}")]
    ExtraCa {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The TLS library refused its settings.
    #[error("failed to set up TLS: {0}")]
    Tls(String),
}
