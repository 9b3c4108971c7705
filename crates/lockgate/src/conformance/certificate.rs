//! A certificate that nobody but this machine will ever believe: for suites that want `https`.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};
use server::ambient;

use super::host_of;
use crate::asking::new_private_file;

/// How long it is good, in days: as long as programs take one (CA/Browser Forum BR §6.3.2 had 398).
const DAYS: i64 = 397;

/// Where it is.
pub(super) struct Made {
    pub(super) cert: PathBuf,
    pub(super) key: PathBuf,
}

/// The pair of an earlier start, so that whoever trusted it needs not do so again; or a fresh one.
pub(super) fn kept_or_made(folder: &Path, issuer: &str) -> Result<Made> {
    let made = Made { cert: folder.join("cert.pem"), key: folder.join("key.pem") };
    if made.cert.is_file() && made.key.is_file() {
        return Ok(made);
    }
    make(folder, issuer, &made).context("failed to make a certificate")?;
    Ok(made)
}

fn make(folder: &Path, issuer: &str, made: &Made) -> Result<()> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    let host = host_of(issuer).to_owned();
    if !names.contains(&host) {
        names.push(host);
    }
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, "Lockgate conformance profile");
    let day = |seconds: i64| -> Result<_> {
        let date = jiff::Timestamp::from_second(seconds)?.to_zoned(jiff::tz::TimeZone::UTC).date();
        // Months and days are small positive numbers.
        Ok(date_time_ymd(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs()))
    };
    let now = ambient::now();
    params.not_before = day(now.plus_seconds(-86_400).seconds())?;
    params.not_after = day(now.plus_seconds(DAYS * 86_400).seconds())?;
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    fs::create_dir_all(folder).with_context(|| format!("failed to make {}", folder.display()))?;
    // What is left of an interrupted start is no pair.
    for old in [&made.cert, &made.key] {
        match fs::remove_file(old) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
    }
    new_private_file(&made.key)?.write_all(key.serialize_pem().as_bytes())?;
    new_private_file(&made.cert)?.write_all(certificate.pem().as_bytes())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_made_once_and_its_key_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let made = kept_or_made(&folder.path().join("c"), "https://op.localhost:8443").unwrap();
        let first = fs::read_to_string(&made.cert).unwrap();
        assert!(first.starts_with("-----BEGIN CERTIFICATE-----"));
        let again = kept_or_made(&folder.path().join("c"), "https://op.localhost:8443").unwrap();
        assert_eq!(fs::read_to_string(again.cert).unwrap(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&made.key).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::remove_file(&made.key).unwrap();
        let anew = kept_or_made(&folder.path().join("c"), "https://op.localhost:8443").unwrap();
        assert_ne!(fs::read_to_string(anew.cert).unwrap(), first, "half a pair is none");
    }
}
