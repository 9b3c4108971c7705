//! Client certificates, as far as OAuth asks about them (RFC 8705): a thumbprint, and the names that one speaks for.
//!
//! What it must not do: decide whether a certificate is trusted. Who presented it held its key when the connection was
//! made; whether an authority vouches for it is the question of the listener that made the connection.

mod dn;

use std::net::IpAddr;

use model::Timestamp;
use x509_cert::{
    Certificate,
    der::{Any, Decode, Encode, Tag, TagNumber, Tagged, asn1::ObjectIdentifier},
};

pub use dn::{DN_BYTES_MAX, DistinguishedName, NotADn};

use crate::sha256;

/// Most bytes of one certificate.
pub const CERTIFICATE_BYTES_MAX: usize = 16 * 1024;
/// Most alternative names of one certificate.
pub const ALTERNATIVE_NAMES_MAX: usize = 100;

const SUBJECT_ALTERNATIVE_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");

// The kinds of `GeneralName` (RFC 5280 §4.2.1.6).
const RFC822_NAME: TagNumber = TagNumber::N1;
const DNS_NAME: TagNumber = TagNumber::N2;
const URI: TagNumber = TagNumber::N6;
const IP_ADDRESS: TagNumber = TagNumber::N7;

/// Why a certificate was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadCertificate {
    /// More than [`CERTIFICATE_BYTES_MAX`] bytes.
    #[error("the certificate is too long")]
    TooLong,
    /// Not one DER certificate (RFC 5280 §4.1), or one that says an extension twice.
    #[error("expected one DER certificate")]
    Malformed,
    /// Its alternative names are malformed, or more than [`ALTERNATIVE_NAMES_MAX`].
    #[error("the certificate's alternative names are malformed or too many")]
    AlternativeNames,
}

/// The thumbprint of a certificate: SHA-256 of its DER (`x5t#S256`, RFC 8705 §3.1, RFC 7515 §4.1.8).
#[must_use]
pub fn certificate_thumbprint(der: &[u8]) -> [u8; 32] {
    sha256(der)
}

/// The `SubjectPublicKeyInfo` of a certificate, as DER.
pub(crate) fn public_key_der(der: &[u8]) -> Result<Vec<u8>, BadCertificate> {
    parse(der)?.tbs_certificate.subject_public_key_info.to_der().map_err(|_| BadCertificate::Malformed)
}

/// What a client's certificate says.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    /// See [`certificate_thumbprint`].
    pub thumbprint: [u8; 32],
    /// Whom it was issued to. May be empty, when the alternative names say it (RFC 5280 §4.1.2.6).
    pub subject: DistinguishedName,
    /// Alternative names that are host names.
    pub dns: Vec<String>,
    /// Alternative names that are URIs.
    pub uris: Vec<String>,
    /// Alternative names that are addresses.
    pub ips: Vec<IpAddr>,
    /// Alternative names that are mail addresses.
    pub emails: Vec<String>,
    /// First moment of its validity.
    pub not_before: Timestamp,
    /// Last second of its validity.
    pub not_after: Timestamp,
}

/// The one name by which a client's certificate is known (RFC 8705 §2.1.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateSubject {
    /// `tls_client_auth_subject_dn`.
    Dn(DistinguishedName),
    /// `tls_client_auth_san_dns`.
    Dns(String),
    /// `tls_client_auth_san_uri`.
    Uri(String),
    /// `tls_client_auth_san_ip`.
    Ip(IpAddr),
    /// `tls_client_auth_san_email`.
    Email(String),
}

impl ClientCertificate {
    /// Reads one DER certificate.
    ///
    /// # Errors
    /// [`BadCertificate`].
    pub fn parse(der: &[u8]) -> Result<Self, BadCertificate> {
        let parsed = parse(der)?.tbs_certificate;
        let mut read = Self {
            thumbprint: certificate_thumbprint(der),
            subject: DistinguishedName::from_name(&parsed.subject).map_err(|_| BadCertificate::Malformed)?,
            dns: Vec::new(),
            uris: Vec::new(),
            ips: Vec::new(),
            emails: Vec::new(),
            not_before: moment(parsed.validity.not_before.to_unix_duration().as_secs()),
            not_after: moment(parsed.validity.not_after.to_unix_duration().as_secs()),
        };
        let mut found =
            parsed.extensions.iter().flatten().filter(|extension| extension.extn_id == SUBJECT_ALTERNATIVE_NAME);
        if let Some(extension) = found.next() {
            // RFC 5280 §4.2: no extension stands twice.
            if found.next().is_some() {
                return Err(BadCertificate::Malformed);
            }
            read.take_names(extension.extn_value.as_bytes())?;
        }
        Ok(read)
    }

    /// Whether `now` lies in its validity, both ends included (RFC 5280 §4.1.2.5).
    #[must_use]
    pub fn valid_at(&self, now: Timestamp) -> bool {
        self.not_before.seconds() <= now.seconds() && now.seconds() <= self.not_after.seconds()
    }

    /// Whether the certificate bears this name. Wildcards stand for nothing: a certificate for `*.example` is not one
    /// for `a.example` here.
    #[must_use]
    pub fn matches(&self, expected: &CertificateSubject) -> bool {
        match expected {
            // A certificate without a subject never matches, not even a registration that lost its own.
            CertificateSubject::Dn(dn) => !dn.is_empty() && self.subject == *dn,
            // RFC 5280 §7.2: host names are compared without regard to case.
            CertificateSubject::Dns(name) => self.dns.iter().any(|own| own.eq_ignore_ascii_case(name)),
            CertificateSubject::Uri(uri) => self.uris.contains(uri),
            CertificateSubject::Ip(ip) => self.ips.contains(ip),
            CertificateSubject::Email(address) => self.emails.iter().any(|own| same_mailbox(own, address)),
        }
    }

    /// RFC 5280 §4.2.1.6. Names of other kinds are passed over: RFC 8705 knows no use for them.
    fn take_names(&mut self, der: &[u8]) -> Result<(), BadCertificate> {
        let bad = BadCertificate::AlternativeNames;
        let names = Vec::<Any>::from_der(der).map_err(|_| bad)?;
        if names.len() > ALTERNATIVE_NAMES_MAX {
            return Err(bad);
        }
        for name in names {
            // The four kinds that we want are written without further structure; a constructed one is none of them.
            let Tag::ContextSpecific { constructed: false, number } = name.tag() else { continue };
            match number {
                RFC822_NAME => self.emails.push(ascii(name.value()).ok_or(bad)?),
                DNS_NAME => self.dns.push(ascii(name.value()).ok_or(bad)?),
                URI => self.uris.push(ascii(name.value()).ok_or(bad)?),
                IP_ADDRESS => self.ips.push(address(name.value()).ok_or(bad)?),
                _ => {}
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Subjects and mail addresses may name a person.
        f.write_str("ClientCertificate(…)")
    }
}

fn parse(der: &[u8]) -> Result<Certificate, BadCertificate> {
    if der.len() > CERTIFICATE_BYTES_MAX {
        return Err(BadCertificate::TooLong);
    }
    Certificate::from_der(der).map_err(|_| BadCertificate::Malformed)
}

/// The library reads no year past 9999, so the number always fits.
fn moment(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
}

/// The letters of an `IA5String`.
fn ascii(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().filter(|text| text.is_ascii()).map(str::to_owned)
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let four: Option<[u8; 4]> = bytes.try_into().ok();
    let sixteen: Option<[u8; 16]> = bytes.try_into().ok();
    four.map(IpAddr::from).or(sixteen.map(IpAddr::from))
}

/// RFC 5280 §7.5: the domain without regard to case, the mailbox to the letter.
fn same_mailbox(a: &str, b: &str) -> bool {
    match (a.rsplit_once('@'), b.rsplit_once('@')) {
        (Some((a_box, a_domain)), Some((b_box, b_domain))) => a_box == b_box && a_domain.eq_ignore_ascii_case(b_domain),
        (Some(_) | None, _) => false,
    }
}

#[cfg(test)]
mod tests;
