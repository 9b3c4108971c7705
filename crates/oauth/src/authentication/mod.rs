//! Client authentication, the same at every endpoint that a client calls by itself: token, pushed requests, introspection,
//! revocation, device authorization.
//!
//! The shell reads [`Credentials`], loads the client that they name, and for keys what [`AuthenticationStop::NeedKeys`] asks for;
//! [`authenticate`] then believes or does not. There is one file for each method. Nothing here is remembered: a used assertion is
//! remembered by the change that [`AuthenticatedClient::spends`] returns, in the commit of whatever is decided for the client.

mod assertion;
mod basic;
mod certificate;
mod credentials;
mod fault;
mod keys;
mod secret;

pub use assertion::{ASSERTION_BYTES_MAX, check_list};
pub use certificate::{Chain, ShownCertificate};
pub use credentials::Credentials;
pub use fault::{BadAssertion, ClientAuthFault};
pub use keys::KeyFact;

pub(crate) use keys::client_keys;

use model::Timestamp;

use crate::{Change, Client, ClientAuth, ClientStatus, Issuer, TokenKeys};
use credentials::Shown;

/// What must be known to authenticate a client.
#[derive(Debug, Clone, Copy)]
pub struct AuthenticationFacts<'a> {
    /// Who we are.
    pub issuer: &'a Issuer,
    /// The keyed hashes.
    pub keys: &'a TokenKeys,
    /// The client that [`Credentials::client_id`] names, if it is registered.
    pub client: Option<&'a Client>,
    /// The keys behind its `jwks_uri`, where they were loaded. Start with [`KeyFact::NotLoaded`].
    pub client_keys: KeyFact<'a>,
    /// Whether [`Credentials::assertion_hash`] stands among the spent ones.
    pub assertion_spent: bool,
}

/// Why a client is not authenticated, or what is missing to say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthenticationStop {
    /// It is not.
    Fault(ClientAuthFault),
    /// The keys behind this address are needed: fetch them, or fetch them anew where [`KeyFact::Cached`] was given, and ask again.
    NeedKeys {
        /// The client's `jwks_uri`.
        uri: String,
    },
}

impl From<ClientAuthFault> for AuthenticationStop {
    fn from(fault: ClientAuthFault) -> Self {
        Self::Fault(fault)
    }
}

/// An active client that proved itself, or a public one that can't. Only this module makes one.
#[derive(Debug, Clone)]
pub struct AuthenticatedClient<'a> {
    client: &'a Client,
    spends: Option<Change>,
}

impl<'a> AuthenticatedClient<'a> {
    /// The client.
    #[must_use]
    pub const fn client(&self) -> &'a Client {
        self.client
    }

    /// What must be written with whatever is decided for this client: the use of its assertion, so that it works once.
    #[must_use]
    pub fn spends(&self) -> Option<Change> {
        self.spends.clone()
    }
}

/// Decides whether the request comes from the client that it names. `endpoint` is the path of the endpoint that was called, with
/// its leading slash.
///
/// # Errors
/// Why not, or which keys are needed first.
pub fn authenticate<'a>(
    credentials: &Credentials<'_>,
    facts: &AuthenticationFacts<'a>,
    endpoint: &str,
    now: Timestamp,
) -> Result<AuthenticatedClient<'a>, AuthenticationStop> {
    let id = credentials.client_id().ok_or(ClientAuthFault::ClientMissing)?;
    let client = facts.client.filter(|client| client.id.as_str() == id).ok_or(ClientAuthFault::ClientUnknown)?;
    match client.status {
        ClientStatus::Active => {}
        ClientStatus::Disabled => return Err(ClientAuthFault::ClientDisabled.into()),
    }
    // OAuth 2.1 §2.4.2: one client, one method; what is sent by another way is refused, not ignored (§3.2.2).
    let spends = match (client.auth, &credentials.shown) {
        // §8.1: no secret is asked of a client that can't keep one.
        (ClientAuth::None, Shown::Nothing) => None,
        (ClientAuth::None, Shown::Header(_) | Shown::Body(_) | Shown::Assertion(_)) => {
            return Err(ClientAuthFault::SecretUnexpected.into());
        }
        // §2.4.1: a client that is registered with a secret may send it in the header or in the body.
        (ClientAuth::SecretBasic | ClientAuth::SecretPost, shown) => {
            secret::check(shown, client, facts.keys)?;
            None
        }
        (ClientAuth::PrivateKeyJwt, Shown::Assertion(read)) => {
            Some(assertion::check(read, client, facts, endpoint, now)?)
        }
        (ClientAuth::PrivateKeyJwt, Shown::Nothing) => return Err(ClientAuthFault::AssertionMissing.into()),
        (ClientAuth::TlsClientAuth, Shown::Nothing) => {
            certificate::check_name(credentials.certificate, client, now)?;
            None
        }
        (ClientAuth::SelfSignedTls, Shown::Nothing) => {
            certificate::check_key(credentials.certificate, client, facts.client_keys)?;
            None
        }
        (ClientAuth::PrivateKeyJwt, Shown::Header(_) | Shown::Body(_))
        | (
            ClientAuth::TlsClientAuth | ClientAuth::SelfSignedTls,
            Shown::Header(_) | Shown::Body(_) | Shown::Assertion(_),
        ) => return Err(ClientAuthFault::OtherMethod.into()),
    };
    Ok(AuthenticatedClient { client, spends })
}
