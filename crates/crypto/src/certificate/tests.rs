use std::net::{Ipv4Addr, Ipv6Addr};

use super::*;

macro_rules! data {
    ($name:literal) => {
        include_bytes!(concat!("../../tests/data/certificates/", $name)).as_slice()
    };
}

const ALL_NAMES: &[u8] = data!("subject-and-all-names.der");

fn certificate(der: &[u8]) -> ClientCertificate {
    ClientCertificate::parse(der).unwrap()
}

fn dn(text: &str) -> DistinguishedName {
    text.parse().unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_certificate_says_what_another_implementation_put_in() {
    let read = certificate(ALL_NAMES);
    // Subject and digest as that implementation prints them.
    assert_eq!(read.subject.to_string(), r"CN=Lučić,OU=\ Ops#,O=Harbour\, Notes \+ Co.,C=DE");
    assert_eq!(hex(&read.thumbprint), "85338742d2905d650081536870767ca7e07dd25eb06c44142b5328e8f46c7989");
    assert_eq!(read.thumbprint, certificate_thumbprint(ALL_NAMES));
    assert_eq!(read.dns, ["App.example.com", "*.wild.example"]);
    assert_eq!(read.uris, ["spiffe://example.com/app"]);
    assert_eq!(read.emails, ["Ops@Example.com"]);
    let six = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 7);
    assert_eq!(read.ips, [IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7)), IpAddr::V6(six)]);
}

#[test]
fn a_certificate_is_valid_from_its_first_to_its_last_second() {
    let read = certificate(ALL_NAMES);
    let (first, last) = (1_767_225_600, 2_082_758_400);
    for (seconds, valid) in [(first - 1, false), (first, true), (last, true), (last + 1, false)] {
        assert_eq!(read.valid_at(Timestamp::from_seconds(seconds)), valid, "{seconds}");
    }
}

#[test]
fn a_name_matches_only_in_its_own_field() {
    let read = certificate(ALL_NAMES);
    let ip = |text: &str| CertificateSubject::Ip(text.parse().unwrap());
    for good in [
        CertificateSubject::Dn(dn(r"CN=Lučić, OU=\ Ops#, O=Harbour\, Notes \+ Co., C=DE")),
        CertificateSubject::Dns("app.EXAMPLE.com".into()),
        CertificateSubject::Dns("*.wild.example".into()),
        CertificateSubject::Uri("spiffe://example.com/app".into()),
        CertificateSubject::Email("Ops@example.COM".into()),
        ip("192.0.2.7"),
        ip("2001:DB8:0::7"),
    ] {
        assert!(read.matches(&good), "{good:?}");
    }
    for bad in [
        CertificateSubject::Dn(dn(r"CN=Lučić,OU=\ Ops#,O=Harbour\, Notes \+ Co.")),
        CertificateSubject::Dn(dn(r"C=DE,O=Harbour\, Notes \+ Co.,OU=\ Ops#,CN=Lučić")),
        CertificateSubject::Dn(dn(r"CN=lučić,OU=\ Ops#,O=Harbour\, Notes \+ Co.,C=DE")),
        CertificateSubject::Dns("app.example.com.".into()),
        CertificateSubject::Dns("a.wild.example".into()),
        CertificateSubject::Dns("example.com".into()),
        CertificateSubject::Dns("spiffe://example.com/app".into()),
        CertificateSubject::Uri("spiffe://example.com/App".into()),
        CertificateSubject::Uri("App.example.com".into()),
        CertificateSubject::Email("ops@example.com".into()),
        CertificateSubject::Email("Example.com".into()),
        ip("192.0.2.8"),
        ip("::ffff:192.0.2.7"),
    ] {
        assert!(!read.matches(&bad), "{bad:?}");
    }
}

#[test]
fn a_certificate_without_a_subject_matches_no_subject() {
    let read = certificate(data!("no-subject.der"));
    assert!(read.subject.is_empty() && read.subject.to_string().is_empty());
    assert!(!read.matches(&CertificateSubject::Dn(read.subject.clone())));
    assert!(read.matches(&CertificateSubject::Dns("app.example.com".into())));
}

#[test]
fn several_attributes_in_one_part_have_no_order() {
    let read = certificate(data!("several-attributes-in-one-part.der"));
    for text in [
        "emailAddress=ops@example.com,UID=u1+CN=app,DC=example",
        "E=ops@example.com, CN = app + uid=u1 , dc=example",
        "1.2.840.113549.1.9.1=ops@example.com,cn=app+UID=u1,DC=example",
        "1.2.840.113549.1.9.1=#160f6f7073406578616d706c652e636f6d,2.5.4.3=app+UID=u1,DC=example",
    ] {
        assert_eq!(read.subject, dn(text), "{text}");
    }
    assert_ne!(read.subject, dn("E=ops@example.com,CN=app,UID=u1,DC=example"));
    // A type without a name in RFC 4514 is written in numbers, and read back the same.
    let written = read.subject.to_string();
    assert!(written.starts_with("1.2.840.113549.1.9.1=#0c0f6f7073") && written.ends_with(",DC=example"), "{written}");
    assert_eq!(read.subject, dn(&written));
}

#[test]
fn the_examples_of_rfc_4514_section_4() {
    for text in [
        "UID=jsmith,DC=example,DC=net",
        "OU=Sales+CN=J.  Smith,DC=example,DC=net",
        r#"CN=James \"Jim\" Smith\, III,DC=example,DC=net"#,
        r"CN=Before\0dAfter,DC=example,DC=net",
        "1.3.6.1.4.1.1466.0=#04024869",
        r"CN=Lu\C4\8Di\C4\87",
    ] {
        let name = dn(text);
        assert_eq!(name, dn(&name.to_string()), "{text}");
    }
    assert_eq!(dn(r"CN=Lu\C4\8Di\C4\87").to_string(), "CN=Lučić");
    assert_eq!(dn(r"CN=Before\0dAfter,DC=example").to_string(), r"CN=Before\0dAfter,DC=example");
    assert_eq!(dn(r"CN=\#a\ ").to_string(), r"CN=\#a\ ");
    assert_eq!(dn("1.3.6.1.4.1.1466.0=#04024869").to_string(), "1.3.6.1.4.1.1466.0=#04024869");
}

/// 2⁶⁴ + 3 and 2³² + 3 are no other spellings of 3, and no digits are so many that reading them stops the program.
#[test]
fn types_with_numbers_past_their_size_are_refused() {
    assert_eq!(dn("2.5.4.3=#0c0161"), dn("CN=a"));
    let long = "5".repeat(60);
    for oid in [
        "1.2.268435456",
        "1.2.4294967295",
        "2.5.4.4294967299",
        "2.5.4.18446744073709551619",
        "4294967298.5.4.3",
        "2.5.4.03",
        "2.5.4.+3",
        &long,
    ] {
        assert_eq!(format!("{oid}=#0c0161").parse::<DistinguishedName>(), Err(NotADn), "{oid}");
    }
    assert_eq!(dn("1.2.268435455=#0c0161").to_string(), "1.2.268435455=#0c0161");
}

/// The same in a certificate: 2.5.4.3 with its last number written in 33 bits would be shown as 2.5.4.3.
#[test]
fn types_with_numbers_past_their_size_are_refused_in_certificates() {
    let name = |oid: &[u8]| {
        let attribute = [&[0x06, oid.len() as u8][..], oid, &[0x0c, 1, b'a']].concat();
        let part = [&[0x31, attribute.len() as u8 + 2, 0x30, attribute.len() as u8][..], &attribute].concat();
        x509_cert::name::Name::from_der(&[&[0x30, part.len() as u8][..], &part].concat()).unwrap()
    };
    assert!(DistinguishedName::from_name(&name(&[0x55, 0x04, 0x03])).unwrap() == dn("CN=a"));
    assert_eq!(DistinguishedName::from_name(&name(&[0x55, 0x04, 0x90, 0x80, 0x80, 0x80, 0x03])), Err(NotADn));
}

#[test]
fn texts_that_are_no_name_are_refused() {
    let long = format!("CN={}", "x".repeat(DN_BYTES_MAX));
    let many = vec!["CN=a"; 65].join(",");
    for text in [
        "",
        "CN",
        "CN=",
        "CN=a,",
        ",CN=a",
        "CN=a,,O=b",
        "CN=a+",
        "XX=a",
        "=a",
        "2.5.4=",
        "CN=a;O=b",
        "CN=\"a\"",
        "CN=a<b",
        r"CN=a\",
        r"CN=a\x",
        r"CN=a\4",
        r"CN=\ff",
        "CN=#",
        "CN=#0",
        "CN=#zz",
        "CN=#0c0261",
        "CN=#0c016100",
        "CN=a\0",
        &long,
        &many,
    ] {
        assert_eq!(text.parse::<DistinguishedName>(), Err(NotADn), "{text}");
    }
}

#[test]
fn certificates_are_bounded_and_whole() {
    let refusal = |der: &[u8]| ClientCertificate::parse(der).err();
    assert_eq!(refusal(&vec![0x30; CERTIFICATE_BYTES_MAX + 1]), Some(BadCertificate::TooLong));
    assert_eq!(refusal(&[ALL_NAMES, &[0]].concat()), Some(BadCertificate::Malformed));
    for end in 0..ALL_NAMES.len() {
        assert_eq!(refusal(&ALL_NAMES[..end]), Some(BadCertificate::Malformed), "cut at {end}");
    }
    assert_eq!(refusal(data!("too-many-names.der")), Some(BadCertificate::AlternativeNames));
    assert_eq!(refusal(data!("address-of-five-bytes.der")), Some(BadCertificate::AlternativeNames));
}

#[test]
fn no_byte_flipped_makes_a_panic() {
    for at in 0..ALL_NAMES.len() {
        for bit in [0x01, 0x80] {
            let mut changed = ALL_NAMES.to_vec();
            changed[at] ^= bit;
            if let Ok(read) = ClientCertificate::parse(&changed) {
                assert_ne!(read.thumbprint, certificate_thumbprint(ALL_NAMES), "byte {at}");
                assert_eq!(read.subject.to_string().parse(), Ok(read.subject), "byte {at}");
            }
        }
    }
}

#[test]
fn a_certificate_does_not_print_itself() {
    let read = certificate(ALL_NAMES);
    assert_eq!(format!("{read:?} {:?}", read.subject), "ClientCertificate(…) DistinguishedName(…)");
}
