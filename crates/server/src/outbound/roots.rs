//! The certificate authorities that are trusted outwards: the system's, and those of a file.

use std::{path::Path, sync::OnceLock};

use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};

use super::error::OutboundSetupError;

/// Most certificates read from an additional file.
const EXTRA_MAX: usize = 64;

/// The system's authorities and those in `extra_ca`, all readable. The system's are looked for once, where the system's own tools look
/// (`SSL_CERT_FILE` and `SSL_CERT_DIR` count). A system without any trusts the file alone; without both, no certificate is trusted.
pub(crate) fn roots(extra_ca: Option<&Path>) -> Result<Vec<CertificateDer<'static>>, OutboundSetupError> {
    let mut all = system().to_vec();
    if let Some(path) = extra_ca {
        all.extend(extra(path)?);
    }
    Ok(all)
}

fn system() -> &'static [CertificateDer<'static>] {
    static SYSTEM: OnceLock<Vec<CertificateDer<'static>>> = OnceLock::new();
    SYSTEM.get_or_init(|| {
        let found = rustls_native_certs::load_native_certs();
        if found.certs.is_empty() {
            tracing::warn!(
                "this system has no certificate authorities: fetches and mail trust only those of your own file"
            );
        }
        found.certs.into_iter().filter(usable).collect()
    })
}

fn extra(path: &Path) -> Result<Vec<CertificateDer<'static>>, OutboundSetupError> {
    let fault = |reason: String| OutboundSetupError::ExtraCa { path: path.to_owned(), reason };
    let mut found = Vec::new();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| fault(error.to_string()))? {
        let certificate = certificate.map_err(|error| fault(error.to_string()))?;
        if !usable(&certificate) {
            return Err(fault("a certificate in it can't be read".to_owned()));
        }
        if found.len() == EXTRA_MAX {
            return Err(fault(format!("it holds more than {EXTRA_MAX} certificates")));
        }
        found.push(certificate);
    }
    if found.is_empty() { Err(fault("it holds no certificate".to_owned())) } else { Ok(found) }
}

/// Whether the TLS library takes it as an authority.
fn usable(certificate: &CertificateDer<'static>) -> bool {
    RootCertStore::empty().add(certificate.clone()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(content: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        std::fs::write(&path, content).unwrap();
        extra(&path).unwrap_err().to_string()
    }

    #[test]
    fn a_file_that_names_no_authority_is_refused() {
        assert!(reason("").contains("no certificate"));
        assert!(reason("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").contains("can't be read"));
        assert!(extra(Path::new("/nowhere/ca.pem")).is_err());
    }

    #[test]
    fn authorities_of_a_file_join_those_of_the_system() {
        let authority = rcgen::generate_simple_self_signed(["ca.test".to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        std::fs::write(&path, authority.cert.pem()).unwrap();
        let all = roots(Some(&path)).unwrap();
        assert_eq!(all.len(), system().len() + 1);
        assert_eq!(all.last(), Some(authority.cert.der()));
    }
}
