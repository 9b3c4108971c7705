//! One DER certificate, read before anybody knows whose it is.

use crypto::{
    CertificateSubject, ClientCertificate,
    certificate::{ALTERNATIVE_NAMES_MAX, CERTIFICATE_BYTES_MAX},
};
use testkit::{AaguidExtension, AttestationMaker, CertificateKnobs};

use super::distinguished_name;
use crate::Verdict;

pub(crate) fn check(der: &[u8]) -> Verdict {
    let read = ClientCertificate::parse(der);
    if let Ok(certificate) = &read {
        assert!(der.len() <= CERTIFICATE_BYTES_MAX);
        assert_eq!(certificate.thumbprint, crypto::sha256(der));
        let names = certificate.dns.len() + certificate.uris.len() + certificate.ips.len() + certificate.emails.len();
        assert!(names <= ALTERNATIVE_NAMES_MAX);
        distinguished_name::is_sound(&certificate.subject);
        // A certificate bears each of its own names; an empty subject and an address without a mailbox are no names.
        assert_eq!(
            certificate.matches(&CertificateSubject::Dn(certificate.subject.clone())),
            !certificate.subject.is_empty()
        );
        let own = certificate.dns.iter().cloned().map(CertificateSubject::Dns);
        let own = own.chain(certificate.uris.iter().cloned().map(CertificateSubject::Uri));
        let own = own.chain(certificate.ips.iter().copied().map(CertificateSubject::Ip));
        let own = own.chain(
            certificate.emails.iter().filter(|address| address.contains('@')).cloned().map(CertificateSubject::Email),
        );
        for name in own {
            assert!(certificate.matches(&name));
        }
    }
    Verdict::of(&read)
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let maker = AttestationMaker::new(0);
    let knobs = |knobs| maker.certificate_der(&knobs);
    vec![
        maker.root_der(),
        maker.root_with_path_length(Some(1)),
        knobs(CertificateKnobs::default()),
        knobs(CertificateKnobs {
            aaguid: AaguidExtension::Critical,
            unknown_critical: true,
            ..CertificateKnobs::default()
        }),
        knobs(CertificateKnobs { version_3: false, ..CertificateKnobs::default() }),
        knobs(CertificateKnobs { extension_twice: true, ..CertificateKnobs::default() }),
        named(&maker.root_der()),
    ]
}

/// A certificate with one alternative name of each kind, made from another by adding the extension (RFC 5280 §4.2.1.6). Its
/// signature is wrong then, which is not this reader's question.
fn named(der: &[u8]) -> Vec<u8> {
    let names =
        b"\x30\x29\x81\x05a@b.c\x82\x05a.b.c\x86\x0bspiffe://a/\x87\x04\x7f\x00\x00\x01\xa4\x04\x30\x02\x05\x00";
    let names = [&names[..1], &[u8::try_from(names.len() - 2).expect("short")], &names[2..]].concat();
    let extension = tlv(0x30, &[b"\x06\x03\x55\x1d\x11".to_vec(), tlv(0x04, &[names])]);
    // Certificate ::= SEQUENCE { tbs, algorithm, signature }; the extensions are the last part of tbs, tagged [3].
    let (tbs, after) =
        children(content(der)).split_first().map(|(tbs, after)| (tbs.clone(), after.concat())).expect("a certificate");
    let mut parts = children(content(&tbs));
    let last = parts.pop().expect("a certificate has parts");
    let mut extensions = children(content(content(&last)));
    extensions.push(extension);
    parts.push(tlv(0xa3, &[tlv(0x30, &extensions)]));
    tlv(0x30, &[tlv(0x30, &parts), after])
}

/// One DER value of those parts, of at most 65535 bytes.
fn tlv(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    let inside = parts.concat();
    let length = u16::try_from(inside.len()).expect("a small certificate");
    let length = match length {
        0..0x80 => vec![length as u8],
        0x80..0x100 => vec![0x81, length as u8],
        _ => [&[0x82], &length.to_be_bytes()[..]].concat(),
    };
    [&[tag], &length[..], &inside].concat()
}

/// Where the contents of the first DER value begin, and where they end.
fn bounds(der: &[u8]) -> (usize, usize) {
    let (begin, length) = match der[1] {
        0x81 => (3, usize::from(der[2])),
        0x82 => (4, usize::from(u16::from_be_bytes([der[2], der[3]]))),
        short => (2, usize::from(short)),
    };
    (begin, begin + length)
}

fn content(der: &[u8]) -> &[u8] {
    let (begin, end) = bounds(der);
    &der[begin..end]
}

fn children(mut inside: &[u8]) -> Vec<Vec<u8>> {
    let mut children = Vec::new();
    while !inside.is_empty() {
        let (child, rest) = inside.split_at(bounds(inside).1);
        children.push(child.to_vec());
        inside = rest;
    }
    children
}
