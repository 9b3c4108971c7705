//! Distinguished names as text (RFC 4514), as administrators register them for clients.

use crypto::{DistinguishedName, certificate::DN_BYTES_MAX};

use crate::Verdict;

pub(crate) fn check(bytes: &[u8]) -> Verdict {
    let Ok(text) = std::str::from_utf8(bytes) else { return Verdict::Refused };
    let read = text.parse::<DistinguishedName>();
    if let Ok(name) = &read {
        assert!(text.len() <= DN_BYTES_MAX);
        is_sound(name);
    }
    Verdict::of(&read)
}

/// A name that is written and read again is the same name; no two names are written alike.
pub(super) fn is_sound(name: &DistinguishedName) {
    let text = name.to_string();
    // Escapes make a text longer than the one it was read from, up to three times.
    if text.len() <= DN_BYTES_MAX && !name.is_empty() {
        let again: DistinguishedName = text.parse().expect("what we write, we read");
        assert!(again == *name && again.to_string() == text, "another name was read from {text:?}");
    }
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    [
        "CN=app,O=Example",
        "cn = app + uid=7 , dc=example,dc=org",
        r"CN=a\,b\+c\ ,OU=\#x\20\c3\a9",
        "1.2.3.4=#0c0161",
        "2.5.4.3=#0c0161",
        "EMAILADDRESS=a@b.example,C=NL",
        "CN=#0c0161",
        "CN=",
        "CN=a;b",
        "X=a",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}
