//! The makers of authenticators that this installation trusts: certificates, from PEM files.

use std::path::{Path, PathBuf};

use rustls::pki_types::{CertificateDer, pem::PemObject};

/// Certificates trusted at the most.
const ROOTS_MAX: usize = 500;

/// The certificates of all files, as DER.
///
/// # Errors
/// Which file can't be used, and why.
pub fn roots(files: &[PathBuf]) -> Result<Vec<Vec<u8>>, String> {
    let mut roots = Vec::new();
    for file in files {
        let before = roots.len();
        add(file, &mut roots).map_err(|why| format!("{}: {why}", file.display()))?;
        if roots.len() == before {
            return Err(format!("{}: it holds no certificate", file.display()));
        }
    }
    Ok(roots)
}

fn add(file: &Path, roots: &mut Vec<Vec<u8>>) -> Result<(), String> {
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| error.to_string())? {
        let certificate = certificate.map_err(|error| error.to_string())?;
        if roots.len() == ROOTS_MAX {
            return Err(format!("together the files hold more than {ROOTS_MAX} certificates"));
        }
        roots.push(certificate.as_ref().to_vec());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_and_their_faults_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("makers.pem");
        let made = rcgen::generate_simple_self_signed(["maker.example".to_owned()]).unwrap();
        std::fs::write(&file, made.cert.pem().repeat(2)).unwrap();
        assert_eq!(roots(std::slice::from_ref(&file)).unwrap(), vec![made.cert.der().to_vec(); 2]);
        std::fs::write(&file, "nothing").unwrap();
        assert!(roots(std::slice::from_ref(&file)).unwrap_err().contains("no certificate"));
        assert!(roots(&[folder.path().join("missing.pem")]).unwrap_err().contains("missing.pem"));
        assert_eq!(roots(&[]).unwrap(), Vec::<Vec<u8>>::new());
    }
}
