//! Binding tokens to keys (RFC 9449 §5 and §6, RFC 8705 §3): which key a new token is bound to, and whether the right one is shown.

use crypto::equal;

use crate::{Client, Confirmation, authentication::ShownCertificate, client::SenderRule, dpop::DpopProof};

/// The keys that a request shows: a verified proof, and the certificate of its connection.
#[derive(Debug, Clone, Copy, Default)]
pub struct ShownKeys<'a> {
    /// The proof, verified and spent.
    pub proof: Option<&'a DpopProof>,
    /// The certificate.
    pub certificate: Option<ShownCertificate<'a>>,
}

/// Why a token is not issued to, or not taken from, whoever shows these keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BindingFault {
    /// A DPoP proof is needed.
    #[error("a request that needs a dpop proof, without one")]
    ProofMissing,
    /// A client certificate is needed.
    #[error("a request that needs a client certificate, without one")]
    CertificateMissing,
    /// One of the two is needed.
    #[error("a request that needs a dpop proof or a client certificate, without either")]
    KeyMissing,
    /// It is another key.
    #[error("a key other than the one that the grant or the token is bound to")]
    OtherKey,
}

/// What a new access token of `client` is bound to.
///
/// # Errors
/// When the client's tokens must be bound, and the request shows nothing to bind them to.
pub fn for_new_token(client: &Client, shown: ShownKeys<'_>) -> Result<Option<Confirmation>, BindingFault> {
    let key = shown.proof.map(|proof| Confirmation::Jkt(proof.jkt));
    // RFC 8705 §3: a certificate binds where that was agreed; a connection may have one for other reasons.
    let certificate = shown.certificate.map(|shown| Confirmation::X5t(shown.certificate.thumbprint));
    match client.settings.proof.sender {
        SenderRule::Any => Ok(key),
        SenderRule::Dpop => key.map(Some).ok_or(BindingFault::ProofMissing),
        SenderRule::Mtls => certificate.map(Some).ok_or(BindingFault::CertificateMissing),
        SenderRule::DpopOrMtls => key.or(certificate).map(Some).ok_or(BindingFault::KeyMissing),
    }
}

/// Whether a grant that is bound to `bound` may be used with the key of the new token, `shown`.
///
/// # Errors
/// When the grant is bound, and this is no key or the wrong one.
pub fn for_refresh(
    client: &Client,
    bound: Option<Confirmation>,
    shown: Option<Confirmation>,
) -> Result<(), BindingFault> {
    match (bound, shown) {
        (None, _) => Ok(()),
        (Some(Confirmation::Jkt(_)), None) => Err(BindingFault::ProofMissing),
        (Some(Confirmation::X5t(_)), None) => Err(BindingFault::CertificateMissing),
        // RFC 9449 §5, RFC 8705 §7.1: a client that proves itself is bound by that, and may change its key. It may not go back to
        // tokens that are bound to nothing, or a thief of its secret could.
        (Some(_), Some(_)) if client.is_confidential() => Ok(()),
        // RFC 9449 §5, RFC 8705 §4: what binds a public client's refresh token is the key alone.
        (Some(bound), Some(shown)) => same(bound, shown),
    }
}

/// Whether a token that is bound to `bound` is shown together with its key.
///
/// # Errors
/// When it is bound, and its key is not shown.
pub fn for_presented_token(bound: Option<Confirmation>, shown: ShownKeys<'_>) -> Result<(), BindingFault> {
    match bound {
        None => Ok(()),
        Some(Confirmation::Jkt(thumbprint)) => {
            let proof = shown.proof.ok_or(BindingFault::ProofMissing)?;
            same(Confirmation::Jkt(thumbprint), Confirmation::Jkt(proof.jkt))
        }
        Some(Confirmation::X5t(thumbprint)) => {
            let shown = shown.certificate.ok_or(BindingFault::CertificateMissing)?;
            same(Confirmation::X5t(thumbprint), Confirmation::X5t(shown.certificate.thumbprint))
        }
    }
}

fn same(bound: Confirmation, shown: Confirmation) -> Result<(), BindingFault> {
    let equal = match (bound, shown) {
        (Confirmation::Jkt(a), Confirmation::Jkt(b)) | (Confirmation::X5t(a), Confirmation::X5t(b)) => equal(&a, &b),
        (Confirmation::Jkt(_), Confirmation::X5t(_)) | (Confirmation::X5t(_), Confirmation::Jkt(_)) => false,
    };
    if equal { Ok(()) } else { Err(BindingFault::OtherKey) }
}
