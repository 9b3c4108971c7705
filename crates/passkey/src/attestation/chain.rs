//! Whether a maker's certificates lead to a root that we trust (WebAuthn L3 §7.1 step 24; RFC 5280 §6.1, the parts
//! that attestation needs).
//!
//! Revocation is not asked here: attestation certificates rarely carry a working address for it, and metadata does it
//! better. A name constraint or policy that is critical makes the chain untrusted, because we don't evaluate them.

use model::Timestamp;

use super::certificate::{Authority, Certificate};

/// Whether `path`, the signing certificate first, leads to one of `roots` (DER) at the time `now`.
///
/// Roots are trusted as they were configured: their own dates and signatures are not asked (RFC 5280 §6.1.1 (d)).
/// A root that is no certificate is trusted for nothing.
pub(crate) fn leads_to_root(path: &[Certificate], roots: &[Vec<u8>], now: Timestamp) -> bool {
    let roots: Vec<Certificate> = roots.iter().filter_map(|der| Certificate::parse(der).ok()).collect();
    for (depth, certificate) in path.iter().enumerate() {
        if !certificate.valid_at(now) || certificate.has_unknown_critical_extension() {
            return false;
        }
        // §7.1 step 24: the certificate may be trusted by itself.
        if roots.iter().any(|root| root.der() == certificate.der()) {
            return true;
        }
        if roots.iter().any(|root| issued(certificate, root, depth)) {
            return true;
        }
        let Some(issuer) = path.get(depth + 1) else { return false };
        if !issued(certificate, issuer, depth) {
            return false;
        }
    }
    false
}

/// Whether `issuer` may issue and did issue `certificate`, below which `depth` others stand.
fn issued(certificate: &Certificate, issuer: &Certificate, depth: usize) -> bool {
    let may_issue = match issuer.authority() {
        // RFC 5280 §4.2.1.9: so many authorities may stand between the issuer and the last certificate.
        Ok(Authority::Yes { path_length }) => path_length.is_none_or(|most| depth <= usize::from(most)),
        Ok(Authority::No | Authority::Unsaid) | Err(_) => false,
    };
    may_issue
        && issuer.may_sign_certificates()
        && certificate.issuer() == issuer.subject()
        && certificate.signed_by(issuer)
}
