//! What a configuration decides for the OAuth endpoints. The default is what a new installation gets: nothing is fetched for strangers,
//! no client certificate is believed, and keys rotate by themselves.

use std::{net::SocketAddr, path::PathBuf};

use crypto::{
    KeyKind,
    rotation::{BadRotationPolicy, RotationPolicy},
};
use oauth::{authorization_details::DetailType, metadata_document::RedirectReach, registration::RegistrationPolicy};

use crate::keys::KEYS_SECONDS;

/// A day, in seconds.
const DAY: i64 = 86_400;

/// Everything that a configuration decides for the OAuth endpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OauthSettings {
    /// Whether authorization requests must be pushed, whatever the client (RFC 9126 §5).
    pub pushed_requests_required: bool,
    /// Whether every DPoP proof must carry a nonce of ours. Otherwise only those from around the process's start must.
    pub dpop_nonce_always: bool,
    /// The types of authorization details that clients may ask for (RFC 9396).
    pub detail_types: Vec<DetailType>,
    /// Clients whose id is the address of a document about themselves. `None`: there are none.
    pub client_documents: Option<ClientDocuments>,
    /// Whether clients may register themselves, with an initial access token (RFC 7591).
    pub registration: bool,
    /// When signing keys change.
    pub rotation: RotationPolicy,
    /// PEM files of the makers whose authenticators count as attested. Empty: nobody earns `phrh`, and it is not promised.
    pub attestation_roots: Vec<PathBuf>,
    /// Where client certificates come from (RFC 8705).
    pub certificates: Certificates,
    /// Whether requests from this machine are limited like everybody's. Not so in the demonstration, where everybody comes from here.
    pub loopback_is_limited: bool,
}

/// Rules for clients whose id is the address of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientDocuments {
    /// Hosts of client ids (`app.example.com`, or `.example.com` for everything below a domain). Empty: any.
    pub hosts: Vec<String>,
    /// What such a client may ask for.
    pub policy: RegistrationPolicy,
    /// Where its answers may go.
    pub redirects: RedirectReach,
}

/// Where client certificates come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Certificates {
    /// Nowhere: no client proves itself by one.
    None,
    /// From a header that the listed proxies set, and never pass on from outside. Read only where TLS ends at a listed proxy.
    ProxyHeader {
        /// Its name in lower case, such as `client-cert` (RFC 9440).
        name: String,
        /// Whether the proxy checked the chain against authorities that may name clients. Without that a certificate is good for comparing
        /// keys only.
        chain_is_checked: bool,
    },
    /// From a listener of its own that asks for them (RFC 8705 §5), with the certificate files of the main one.
    Listener {
        /// Where to listen.
        listen: SocketAddr,
        /// Its origin as clients know it, such as `https://mtls.id.example.com`.
        origin: String,
        /// A PEM file of the authorities that may name clients. Without one a certificate is good for comparing keys only.
        authorities: Option<PathBuf>,
    },
}

impl Default for OauthSettings {
    fn default() -> Self {
        Self {
            pushed_requests_required: false,
            dpop_nonce_always: false,
            detail_types: Vec::new(),
            client_documents: None,
            registration: true,
            rotation: RotationPolicy {
                kinds: vec![KeyKind::Es256],
                publish_before_seconds: 2 * DAY,
                active_seconds: 60 * DAY,
                keep_after_seconds: 2 * DAY,
            },
            attestation_roots: Vec::new(),
            certificates: Certificates::None,
            loopback_is_limited: true,
        }
    }
}

/// Longest life of anything that is signed, in seconds: a client's access tokens may live that long.
const SIGNED_SECONDS_MAX: i64 = 3600;

impl OauthSettings {
    /// Whether keys can change by this policy without one failed verification.
    ///
    /// # Errors
    /// What stands against it.
    pub fn check_rotation(&self) -> Result<(), BadRotationPolicy> {
        self.rotation.check(i64::from(KEYS_SECONDS), SIGNED_SECONDS_MAX)
    }

    /// The origin of the listener that asks for client certificates, for metadata.
    pub(crate) fn mtls_origin(&self) -> Option<&str> {
        match &self.certificates {
            Certificates::Listener { origin, .. } => Some(origin),
            Certificates::None | Certificates::ProxyHeader { .. } => None,
        }
    }

    /// Whether an authority that may name clients is consulted by anybody.
    pub(crate) fn names_clients(&self) -> bool {
        match &self.certificates {
            Certificates::None => false,
            Certificates::ProxyHeader { chain_is_checked, .. } => *chain_is_checked,
            Certificates::Listener { authorities, .. } => authorities.is_some(),
        }
    }
}
