//! TLS client certificates (RFC 8705 §2).

use crypto::{certificate::ClientCertificate, equal};
use model::Timestamp;

use super::{AuthenticationStop, ClientAuthFault, KeyFact, client_keys};
use crate::Client;

/// The certificate of a connection, whose private key the client proved to hold when the connection was made.
#[derive(Debug, Clone, Copy)]
pub struct ShownCertificate<'a> {
    /// What it says.
    pub certificate: &'a ClientCertificate,
    /// Who vouches for it.
    pub chain: Chain,
}

/// Who vouches for a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chain {
    /// An authority that the operator trusts to name clients.
    Trusted,
    /// Nobody that we know of: good for comparing keys, worthless for names.
    NotTrusted,
}

/// RFC 8705 §2.1: the certificate carries the one name that is registered, and an authority vouches for it.
pub(super) fn check_name(
    shown: Option<ShownCertificate<'_>>,
    client: &Client,
    now: Timestamp,
) -> Result<(), ClientAuthFault> {
    let shown = shown.ok_or(ClientAuthFault::CertificateMissing)?;
    match shown.chain {
        Chain::Trusted => {}
        // A name that anyone can write into a certificate of their own proves nothing.
        Chain::NotTrusted => return Err(ClientAuthFault::CertificateNotTrusted),
    }
    if !shown.certificate.valid_at(now) {
        return Err(ClientAuthFault::CertificateExpired);
    }
    let registered = client.settings.proof.tls_subject.as_ref().ok_or(ClientAuthFault::KeysMissing)?;
    let expected = registered.expected().map_err(|_| ClientAuthFault::KeysMissing)?;
    if shown.certificate.matches(&expected) { Ok(()) } else { Err(ClientAuthFault::CertificateWrong) }
}

/// RFC 8705 §2.2: the certificate is one of those in the client's keys. Its dates and its issuer don't matter (§2.2.1): it is
/// withdrawn by changing the keys.
pub(super) fn check_key(
    shown: Option<ShownCertificate<'_>>,
    client: &Client,
    loaded: KeyFact<'_>,
) -> Result<(), AuthenticationStop> {
    let shown = shown.ok_or(ClientAuthFault::CertificateMissing)?;
    let keys = client_keys(client, loaded)?;
    let known = keys.set.keys().iter().filter_map(crypto::jwk::PublicJwk::certificate_thumbprint);
    let fits = known.fold(false, |fits, thumbprint| fits | equal(&thumbprint, &shown.certificate.thumbprint));
    if fits { Ok(()) } else { Err(keys.none_fits(ClientAuthFault::CertificateWrong)) }
}
