//! Why a registration is refused, and what the client is told.

use crypto::{BadJson, BadJwk};

use super::policy::Beyond;
use crate::{ErrorAnswer, answer::error_answer, client_rules::Broken};

/// Longest description, in bytes: everything that is wrong is said at once, but not without end.
const DESCRIPTION_BYTES_MAX: usize = 2048;

/// The rule that a registration, or the management of one, breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistrationFault {
    /// No token was shown.
    #[error("show an initial access token, or the client's own registration access token")]
    TokenMissing,
    /// The token is unknown, expired, used up, or another client's. An unknown client is answered alike (RFC 7592 §2.1).
    #[error("this token is not known, or no longer good")]
    TokenRefused,
    /// Not one plain JSON object within bounds.
    #[error("expected one JSON object: {0}")]
    NotJson(BadJson),
    /// A member has the wrong type, or is too long.
    #[error("the member {0} has the wrong type or is too long")]
    Member(&'static str),
    /// A member is no plain `https` address.
    #[error("the member {0} must be a plain https address without fragment")]
    Address(&'static str),
    /// A software statement came along.
    #[error("software_statement is not accepted here; send the metadata itself")]
    SoftwareStatement,
    /// A member asks for something that does not exist here.
    #[error("the value of {0} is not supported here")]
    Unsupported(&'static str),
    /// `jwks` and `jwks_uri` together.
    #[error("send jwks or jwks_uri, not both")]
    KeysTwice,
    /// `jwks` can't be used.
    #[error("the member jwks can not be used: {0}")]
    Keys(BadJwk),
    /// The authentication method needs keys or a certificate subject that are not there.
    #[error("this token_endpoint_auth_method needs {0}")]
    ProofMissing(&'static str),
    /// A grant beyond the policy.
    #[error("the grant {0} may not be registered with this token")]
    GrantBeyond(&'static str),
    /// A scope beyond the policy.
    #[error("the scope {0} may not be registered with this token")]
    ScopeBeyond(String),
    /// A redirect URI beyond the policy.
    #[error("the redirect host {0} may not be registered with this token")]
    RedirectBeyond(String),
    /// The rules for every client.
    #[error("{}", said(.0))]
    Rules(Vec<Broken>),
    /// `sector_identifier_uri` could not be read, or does not name every redirect URI.
    #[error("sector_identifier_uri must lead to a JSON array that holds every redirect URI")]
    Sector,
    /// A change that names another client, or another secret.
    #[error("send the client_id and, if at all, the client_secret that the client has")]
    Mismatch,
    /// A change that holds what only the server says (RFC 7592 §2.2).
    #[error("leave out {0}; only the server says it")]
    ServersOwn(&'static str),
    /// A metadata document that holds what no such document may.
    #[error("leave out {0}; a document that everybody can read holds no secret")]
    SecretInDocument(&'static str),
    /// A fault of ours.
    #[error("the request could not be decided")]
    Incomplete,
}

fn said(broken: &[Broken]) -> String {
    let mut text = String::new();
    for one in broken {
        let next = match &one.subject {
            Some(subject) => format!("{} ({subject}): {one}", one.rule),
            None => format!("{}: {one}", one.rule),
        };
        if text.len() + next.len() > DESCRIPTION_BYTES_MAX {
            break;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&next);
    }
    text
}

impl From<Beyond> for RegistrationFault {
    fn from(beyond: Beyond) -> Self {
        match beyond {
            Beyond::Grant(name) => Self::GrantBeyond(name),
            Beyond::Scope(name) => Self::ScopeBeyond(name),
            Beyond::RedirectHost(host) => Self::RedirectBeyond(host),
        }
    }
}

impl RegistrationFault {
    /// The error code for the client (RFC 7591 §3.2.2, RFC 6750 §3.1). The only place that knows.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TokenMissing | Self::TokenRefused => "invalid_token",
            // §3.2.2: we approve of no statement at all.
            Self::SoftwareStatement => "unapproved_software_statement",
            Self::RedirectBeyond(_) => "invalid_redirect_uri",
            Self::Rules(broken) if broken.iter().all(|one| one.rule.contains("redirect")) => "invalid_redirect_uri",
            Self::NotJson(_)
            | Self::Member(_)
            | Self::Address(_)
            | Self::Unsupported(_)
            | Self::KeysTwice
            | Self::Keys(_)
            | Self::ProofMissing(_)
            | Self::GrantBeyond(_)
            | Self::ScopeBeyond(_)
            | Self::Rules(_)
            | Self::Sector
            | Self::Mismatch
            | Self::ServersOwn(_)
            | Self::SecretInDocument(_) => "invalid_client_metadata",
            Self::Incomplete => "server_error",
        }
    }

    /// The whole answer.
    #[must_use]
    pub fn answer(&self) -> ErrorAnswer {
        let (status, www_authenticate) = match self {
            // RFC 6750 §3.1: no error code to whoever showed nothing.
            Self::TokenMissing => (401, Some("Bearer realm=\"client registration\"")),
            Self::TokenRefused => (401, Some("Bearer realm=\"client registration\", error=\"invalid_token\"")),
            Self::Incomplete => (500, None),
            Self::NotJson(_)
            | Self::Member(_)
            | Self::Address(_)
            | Self::SoftwareStatement
            | Self::Unsupported(_)
            | Self::KeysTwice
            | Self::Keys(_)
            | Self::ProofMissing(_)
            | Self::GrantBeyond(_)
            | Self::ScopeBeyond(_)
            | Self::RedirectBeyond(_)
            | Self::Rules(_)
            | Self::Sector
            | Self::Mismatch
            | Self::ServersOwn(_)
            | Self::SecretInDocument(_) => (400, None),
        };
        ErrorAnswer { www_authenticate, ..error_answer(status, self.code(), &self.to_string()) }
    }
}
