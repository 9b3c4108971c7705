use model::{Entropy, entropy::ENTROPY_BYTES};

use super::*;

fn root() -> RootKey {
    RootKey::new(Secret::new(std::array::from_fn(|i| i as u8)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Computed by another implementation of RFC 5869: a change here would lose what every installation has stored.
#[test]
fn derivation_never_changes() {
    assert_eq!(
        hex(&*root().derive("hash", "session")),
        "86e939a06bf3f65cf4d305778aa0db10507aaf867b94a2a32e1504c38fccb2d9"
    );
    assert_eq!(
        hex(&*root().derive("seal", "session")),
        "13c072d0741304540cfa0be671af37e9de83348646821fda1a16e3df06084737"
    );
    assert_eq!(
        root().to_file_text().expose(),
        "lockgate-root-key-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh-_CpWa\n"
    );
}

#[test]
fn each_name_and_kind_has_its_own_key() {
    let root = root();
    assert_eq!(root.hash_key("a").hash("p", &[]), root.hash_key("a").hash("p", &[]));
    assert_ne!(root.hash_key("a").hash("p", &[]), root.hash_key("b").hash("p", &[]));
    let sealed = root.sealing_key("a").seal(b"", b"plain", &mut Entropy::new([5; ENTROPY_BYTES]));
    assert!(root.sealing_key("a").open(b"", &sealed).is_ok());
    assert!(root.sealing_key("b").open(b"", &sealed).is_err());
    let same_bytes_as_hash_key = SealingKey::new(&Secret::new(*root.derive("hash", "a")));
    assert!(same_bytes_as_hash_key.open(b"", &sealed).is_err());
}

#[test]
fn the_file_gives_the_same_key_back() {
    let text = root().to_file_text();
    for text in [text.expose().as_str(), text.expose().trim_end(), &text.expose().replace('\n', "\r\n")] {
        let again = RootKey::from_file_text(text).unwrap();
        assert_eq!(again.hash_key("x").hash("p", &[]), root().hash_key("x").hash("p", &[]));
    }
}

#[test]
fn a_damaged_file_is_refused_with_its_reason() {
    let good = root().to_file_text().expose().trim_end().to_owned();
    let check = |text: &str, expected| assert_eq!(RootKey::from_file_text(text).err(), Some(expected), "{text}");
    for end in 0..good.len() {
        let expected = if end < PREFIX.len() { BadRootKeyFile::NotARootKey } else { BadRootKeyFile::Damaged };
        check(&good[..end], expected);
    }
    for i in PREFIX.len()..good.len() {
        let other = if good.as_bytes()[i] == b'A' { "B" } else { "A" };
        check(&format!("{}{other}{}", &good[..i], &good[i + 1..]), BadRootKeyFile::Checksum);
    }
    check(&format!("{good}\n\n"), BadRootKeyFile::Damaged);
    check(&format!("{good}A"), BadRootKeyFile::Damaged);
    check(&format!(" {good}"), BadRootKeyFile::NotARootKey);
    check(&good.replace("key-1", "key-2"), BadRootKeyFile::NotARootKey);
    check("-----BEGIN PRIVATE KEY-----\n", BadRootKeyFile::NotARootKey);
}

#[test]
fn the_key_does_not_print_itself() {
    assert_eq!(format!("{:?} {:?}", root(), root().to_file_text()), "RootKey(…) Secret(…)");
}
