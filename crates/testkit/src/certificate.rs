//! A maker of authenticators: a root, and attestation certificates under it (WebAuthn L3 §8.2.1).

use crate::{
    AAGUID, Algorithm,
    der::{self, element, integer, oid, sequence},
    key::Key,
    knobs::{AaguidExtension, CertificateKnobs, Validity},
    seed::Seed,
};

const FIDO_AAGUID: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0xe5, 0x1c, 0x01, 0x01, 0x04];
/// An arc set aside for examples (1.3.6.1.4.1.32473, RFC 5612).
const NOBODY_KNOWS: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x81, 0xfd, 0x59, 0x01];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
const COUNTRY: &[u8] = &[0x55, 0x04, 0x06];
const ORGANISATION: &[u8] = &[0x55, 0x04, 0x0a];
const UNIT: &[u8] = &[0x55, 0x04, 0x0b];
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];

/// A maker of authenticators, with a root of its own.
#[derive(Clone)]
pub struct AttestationMaker {
    seed: Seed,
    root: Key,
}

impl AttestationMaker {
    /// The maker that follows from `seed`. The same seed has the same root key; the root certificate's own signature
    /// differs each time, which no verifier of chains minds.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let seed = Seed::new(seed).child("maker", 0);
        Self { seed, root: Key::from_seed(Algorithm::Es256, seed) }
    }

    /// The root certificate, DER.
    #[must_use]
    pub fn root_der(&self) -> Vec<u8> {
        self.root_with_path_length(None)
    }

    /// The root certificate with a `pathLenConstraint`, DER.
    #[must_use]
    pub fn root_with_path_length(&self, path_length: Option<u8>) -> Vec<u8> {
        let name = name(None, "Testkit Root");
        let extensions = [basic_constraints(true, path_length), key_usage(true)].concat();
        certificate(&name, &name, &self.root, &self.root, Validity::Current, Some(&extensions), 1)
    }

    /// The certificate that such a statement's key has, DER.
    #[must_use]
    pub fn certificate_der(&self, knobs: &CertificateKnobs) -> Vec<u8> {
        self.issue(knobs).1.swap_remove(0)
    }

    /// A key for statements and its certificates, the key's own first. The root is not among them.
    pub(crate) fn issue(&self, knobs: &CertificateKnobs) -> (Key, Vec<Vec<u8>>) {
        let (mut issuer_key, mut issuer_name) = (self.root.clone(), name(None, "Testkit Root"));
        let mut path = Vec::new();
        for number in 0..knobs.intermediates {
            let key = Key::from_seed(Algorithm::Es256, self.seed.child("intermediate", number as u64));
            let subject = name(None, &format!("Testkit Intermediate {number}"));
            let extensions = [
                basic_constraints(knobs.intermediates_may_issue, None),
                key_usage(knobs.intermediates_sign_certificates),
            ]
            .concat();
            path.push(certificate(&issuer_name, &subject, &issuer_key, &key, Validity::Current, Some(&extensions), 2));
            (issuer_key, issuer_name) = (key, subject);
        }
        let key = Key::from_seed(knobs.algorithm, self.seed.child("attestation", 0));
        let subject = name(Some(knobs.unit), "Testkit Attestation");
        let extensions = leaf_extensions(knobs);
        let extensions = knobs.version_3.then_some(extensions.as_slice());
        if knobs.issuer_renamed {
            issuer_name = name(None, "Somebody Else");
        }
        let signer = if knobs.forged { issuer_key.another(self.seed) } else { issuer_key };
        path.push(certificate(&issuer_name, &subject, &signer, &key, knobs.validity, extensions, 3));
        path.reverse();
        (key, path)
    }
}

fn leaf_extensions(knobs: &CertificateKnobs) -> Vec<u8> {
    let mut extensions = basic_constraints(knobs.authority, None);
    let (model, critical) = match knobs.aaguid {
        AaguidExtension::Matching => (Some(AAGUID), false),
        AaguidExtension::Other => (Some([0x55; 16]), false),
        AaguidExtension::Critical => (Some(AAGUID), true),
        AaguidExtension::Missing => (None, false),
    };
    if let Some(model) = model {
        extensions.extend(extension(FIDO_AAGUID, critical, &element(der::OCTET_STRING, &model)));
    }
    if knobs.extension_twice {
        extensions.extend(basic_constraints(knobs.authority, None));
    }
    if knobs.unknown_critical {
        extensions.extend(extension(NOBODY_KNOWS, true, der::NULL));
    }
    extensions
}

/// RFC 5280 §4.2.1.9.
fn basic_constraints(authority: bool, path_length: Option<u8>) -> Vec<u8> {
    let path_length = path_length.map(|most| integer(&[most])).unwrap_or_default();
    let value = if authority { sequence(&[der::TRUE, &path_length]) } else { sequence(&[]) };
    extension(BASIC_CONSTRAINTS, true, &value)
}

/// RFC 5280 §4.2.1.3: keyCertSign is bit 5, digitalSignature bit 0.
fn key_usage(sign_certificates: bool) -> Vec<u8> {
    let usage: &[u8] = if sign_certificates { &[2, 0x04] } else { &[7, 0x80] };
    extension(KEY_USAGE, true, &element(der::BIT_STRING, usage))
}

fn extension(id: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let critical: &[u8] = if critical { der::TRUE } else { &[] };
    sequence(&[&oid(id), critical, &element(der::OCTET_STRING, value)])
}

fn name(unit: Option<&str>, common_name: &str) -> Vec<u8> {
    let part =
        |id: &[u8], tag: u8, text: &str| element(der::SET, &sequence(&[&oid(id), &element(tag, text.as_bytes())]));
    let unit = unit.map(|unit| part(UNIT, der::UTF8_STRING, unit)).unwrap_or_default();
    sequence(&[
        &part(COUNTRY, der::PRINTABLE_STRING, "AQ"),
        &part(ORGANISATION, der::UTF8_STRING, "Lockgate Testkit"),
        &unit,
        &part(COMMON_NAME, der::UTF8_STRING, common_name),
    ])
}

/// RFC 5280 §4.1. Version 1 when there are no extensions.
fn certificate(
    issuer: &[u8],
    subject: &[u8],
    issuer_key: &Key,
    key: &Key,
    validity: Validity,
    extensions: Option<&[u8]>,
    serial: u8,
) -> Vec<u8> {
    let (from, to) = match validity {
        Validity::Current => ("200101000000Z", "491231235959Z"),
        Validity::Past => ("200101000000Z", "201231235959Z"),
        Validity::Future => ("490101000000Z", "491231235959Z"),
    };
    let time = |text: &str| element(der::UTC_TIME, text.as_bytes());
    let version = extensions.map(|_| element(der::CONTEXT_0, &integer(&[2]))).unwrap_or_default();
    let extensions = extensions.map(|all| element(der::CONTEXT_3, &element(der::SEQUENCE, all))).unwrap_or_default();
    // Issuers are P-256 keys: ecdsa-with-SHA256 has no parameters (RFC 5758 §3.2).
    let algorithm = sequence(&[&oid(der::ECDSA_WITH_SHA256)]);
    let signed = sequence(&[
        &version,
        &integer(&[serial]),
        &algorithm,
        issuer,
        &sequence(&[&time(from), &time(to)]),
        subject,
        &key.spki(),
        &extensions,
    ]);
    sequence(&[&signed, &algorithm, &der::bits(&issuer_key.sign(&signed))])
}
