//! Attestation certificates: reading one, and the rules for those of the `packed` format (WebAuthn L3 §8.2.1).

use crypto::{Algorithm, BadKey, PublicKey};
use model::Timestamp;
use x509_cert::{
    Version,
    der::{
        Decode, Encode, Reader, SliceReader,
        asn1::{ObjectIdentifier, OctetStringRef},
    },
    ext::{
        Extension,
        pkix::{BasicConstraints, KeyUsage},
    },
    name::Name,
};

use crate::Fault;

/// `id-fido-gen-ce-aaguid`: the authenticator model that a certificate speaks for.
const FIDO_AAGUID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.45724.1.1.4");
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");

// Attributes of a subject (RFC 5280 appendix A.1).
const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
const ORGANISATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const UNIT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.11");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// The unit that §8.2.1 prescribes.
const ATTESTATION_UNIT: &[u8] = b"Authenticator Attestation";

// How certificates say that they are signed (RFC 5758 §3.2, RFC 4055 §5, RFC 8410 §3).
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");
const RSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// Most bytes in one certificate.
const CERTIFICATE_BYTES_MAX: usize = 16 * 1024;

/// A certificate, parsed, with the bytes that its issuer signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Certificate {
    der: Vec<u8>,
    signed: Vec<u8>,
    parsed: x509_cert::Certificate,
}

/// The `basicConstraints` of a certificate (RFC 5280 §4.2.1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Authority {
    /// The extension is missing.
    Unsaid,
    /// It may issue nothing.
    No,
    /// It may issue, with at most so many authorities below it.
    Yes { path_length: Option<u8> },
}

impl Certificate {
    /// Reads one DER certificate.
    ///
    /// # Errors
    /// [`Fault::AttestationCertificate`].
    pub(crate) fn parse(der: &[u8]) -> Result<Self, Fault> {
        if der.len() > CERTIFICATE_BYTES_MAX {
            return Err(Fault::AttestationCertificate);
        }
        let parsed = x509_cert::Certificate::from_der(der).map_err(|_| Fault::AttestationCertificate)?;
        let signed = signed_part(der).map_err(|_| Fault::AttestationCertificate)?.to_vec();
        // RFC 5280 §4.1.1.2: both places name the same signature algorithm.
        if parsed.signature_algorithm != parsed.tbs_certificate.signature {
            return Err(Fault::AttestationCertificate);
        }
        Ok(Self { der: der.to_vec(), signed, parsed })
    }

    /// The certificate as it came.
    pub(super) fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whom it speaks for.
    pub(super) fn subject(&self) -> &Name {
        &self.parsed.tbs_certificate.subject
    }

    /// Who says so.
    pub(super) fn issuer(&self) -> &Name {
        &self.parsed.tbs_certificate.issuer
    }

    /// Its key, to be used with `algorithm`.
    ///
    /// # Errors
    /// When the key is broken or of another kind.
    pub(super) fn public_key(&self, algorithm: Algorithm) -> Result<PublicKey, BadKey> {
        let spki = self.parsed.tbs_certificate.subject_public_key_info.to_der().map_err(|_| BadKey::Encoding)?;
        PublicKey::from_spki_der(algorithm, &spki)
    }

    /// Whether `issuer`'s key signed it. Names, dates and authority are other questions.
    pub(super) fn signed_by(&self, issuer: &Self) -> bool {
        let Some(algorithm) = signature_algorithm(&self.parsed.signature_algorithm.oid) else { return false };
        let (Ok(key), Some(signature)) = (issuer.public_key(algorithm), self.parsed.signature.as_bytes()) else {
            return false;
        };
        key.verify(&self.signed, signature).is_ok()
    }

    /// RFC 5280 §4.1.2.5: both ends belong to the period.
    pub(super) fn valid_at(&self, now: Timestamp) -> bool {
        let Ok(now) = u64::try_from(now.seconds()) else { return false };
        let validity = &self.parsed.tbs_certificate.validity;
        (validity.not_before.to_unix_duration().as_secs()..=validity.not_after.to_unix_duration().as_secs())
            .contains(&now)
    }

    /// What it may issue.
    ///
    /// # Errors
    /// [`Fault::AttestationCertificate`] when the extension is broken or given twice.
    pub(super) fn authority(&self) -> Result<Authority, Fault> {
        let Some(extension) = self.extension(&BASIC_CONSTRAINTS)? else { return Ok(Authority::Unsaid) };
        let constraints =
            BasicConstraints::from_der(extension.extn_value.as_bytes()).map_err(|_| Fault::AttestationCertificate)?;
        Ok(if constraints.ca { Authority::Yes { path_length: constraints.path_len_constraint } } else { Authority::No })
    }

    /// RFC 5280 §4.2.1.3: whether its key may sign certificates. A certificate that does not say may.
    pub(super) fn may_sign_certificates(&self) -> bool {
        match self.extension(&KEY_USAGE) {
            Ok(None) => true,
            Ok(Some(extension)) => {
                KeyUsage::from_der(extension.extn_value.as_bytes()).is_ok_and(|usage| usage.key_cert_sign())
            }
            Err(_) => false,
        }
    }

    /// RFC 5280 §4.2: a critical extension that we don't understand spoils the certificate.
    pub(super) fn has_unknown_critical_extension(&self) -> bool {
        let understood = [BASIC_CONSTRAINTS, KEY_USAGE];
        self.extensions().iter().any(|extension| extension.critical && !understood.contains(&extension.extn_id))
    }

    /// §8.2.1: what a certificate must look like to sign `packed` statements, and §8.2 step 2 on the model it names.
    ///
    /// # Errors
    /// [`Fault::AttestationCertificate`].
    pub(super) fn check_packed_requirements(&self, aaguid: &[u8; 16]) -> Result<(), Fault> {
        let broken = Err(Fault::AttestationCertificate);
        if self.parsed.tbs_certificate.version != Version::V3 {
            return broken;
        }
        if self.subject_value(&COUNTRY)?.len() != 2
            || self.subject_value(&ORGANISATION)?.is_empty()
            || self.subject_value(&UNIT)? != ATTESTATION_UNIT
            || self.subject_value(&COMMON_NAME)?.is_empty()
        {
            return broken;
        }
        if self.authority()? != Authority::No {
            return broken;
        }
        if let Some(extension) = self.extension(&FIDO_AAGUID)? {
            // An OCTET STRING within the one that holds every extension's value.
            let named = OctetStringRef::from_der(extension.extn_value.as_bytes());
            if extension.critical || named.map_err(|_| Fault::AttestationCertificate)?.as_bytes() != aaguid {
                return broken;
            }
        }
        Ok(())
    }

    /// The text of a subject attribute, which must be there once.
    fn subject_value(&self, attribute: &ObjectIdentifier) -> Result<&[u8], Fault> {
        let mut found = self.subject().0.iter().flat_map(|part| part.0.iter()).filter(|value| value.oid == *attribute);
        match (found.next(), found.next()) {
            (Some(value), None) => Ok(value.value.value()),
            (None | Some(_), _) => Err(Fault::AttestationCertificate),
        }
    }

    /// RFC 5280 §4.2: an extension comes at most once.
    fn extension(&self, id: &ObjectIdentifier) -> Result<Option<&Extension>, Fault> {
        let mut found = self.extensions().iter().filter(|extension| extension.extn_id == *id);
        match (found.next(), found.next()) {
            (first, None) => Ok(first),
            (_, Some(_)) => Err(Fault::AttestationCertificate),
        }
    }

    fn extensions(&self) -> &[Extension] {
        self.parsed.tbs_certificate.extensions.as_deref().unwrap_or_default()
    }
}

/// The first element of the outer SEQUENCE, byte for byte: what the issuer signed (RFC 5280 §4.1.1.3).
fn signed_part(der: &[u8]) -> x509_cert::der::Result<&[u8]> {
    let mut reader = SliceReader::new(der)?;
    reader.sequence(|inner| {
        let signed = inner.tlv_bytes()?;
        inner.tlv_bytes()?; // signatureAlgorithm
        inner.tlv_bytes()?; // signature
        Ok(signed)
    })
}

fn signature_algorithm(oid: &ObjectIdentifier) -> Option<Algorithm> {
    [
        (ECDSA_SHA256, Algorithm::Es256),
        (ECDSA_SHA384, Algorithm::Es384),
        (ECDSA_SHA512, Algorithm::Es512),
        (RSA_SHA256, Algorithm::Rs256),
        (ED25519, Algorithm::EdDsa),
    ]
    .into_iter()
    .find(|(known, _)| known == oid)
    .map(|(_, algorithm)| algorithm)
}

#[cfg(test)]
mod tests {
    use testkit::{AAGUID, AttestationMaker, CertificateKnobs};

    use super::*;

    fn honest() -> Vec<u8> {
        AttestationMaker::new(0).certificate_der(&CertificateKnobs::default())
    }

    /// Replaces the first `from` in an honest certificate and asks for the requirements of `packed`.
    #[track_caller]
    fn check(from: &[u8], to: &[u8], expected: Result<(), Fault>) {
        let mut der = honest();
        let at = der.windows(from.len()).position(|window| window == from).expect("the certificate holds it");
        der[at..at + from.len()].copy_from_slice(to);
        let verdict = Certificate::parse(&der).and_then(|certificate| certificate.check_packed_requirements(&AAGUID));
        assert_eq!(verdict, expected);
    }

    #[test]
    fn requirements_of_packed() {
        let broken = Err(Fault::AttestationCertificate);
        check(&[0x30], &[0x30], Ok(())); // as it came
        check(&[0xa0, 3, 2, 1, 2], &[0xa0, 3, 2, 1, 1], broken); // version 2, extensions and all
        check(&[0x55, 0x1d, 0x13], &[0x55, 0x1d, 0x63], broken); // no basicConstraints
        // The issuer's name comes first, so its attributes are renamed along: the subject's last.
        let subject_only = |from: [u8; 3], to: [u8; 3]| {
            let mut der = honest();
            let at = der.windows(3).rposition(|window| window == from).expect("the subject holds it");
            der[at..at + 3].copy_from_slice(&to);
            Certificate::parse(&der).and_then(|certificate| certificate.check_packed_requirements(&AAGUID))
        };
        for attribute in [0x06, 0x0a, 0x0b, 0x03] {
            // Renamed to one that nobody asks for, and to one that then comes twice or lacks its match.
            assert_eq!(subject_only([0x55, 0x04, attribute], [0x55, 0x04, 0x2a]), broken, "{attribute}");
        }
        assert_eq!(subject_only([0x55, 0x04, 0x03], [0x55, 0x04, 0x0a]), broken);
    }

    #[test]
    fn both_places_name_one_signature_algorithm() {
        // ecdsa-with-SHA256 becomes ecdsa-with-SHA384 in the signed part only.
        let from = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
        let to = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03];
        check(&from, &to, Err(Fault::AttestationCertificate));
    }

    #[test]
    fn bytes_that_are_no_certificate() {
        let honest = honest();
        assert_eq!(Certificate::parse(&[]), Err(Fault::AttestationCertificate));
        assert_eq!(Certificate::parse(&[honest.clone(), vec![0]].concat()), Err(Fault::AttestationCertificate));
        for length in 0..honest.len() {
            assert_eq!(Certificate::parse(&honest[..length]), Err(Fault::AttestationCertificate));
        }
        assert_eq!(Certificate::parse(&vec![0x30; CERTIFICATE_BYTES_MAX + 1]), Err(Fault::AttestationCertificate));
    }
}
