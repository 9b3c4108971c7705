//! Hashes that other systems made of one password, and the nearest that are not taken. The hashes were made with passlib
//! 1.7.4, Django 5.2, argon2-cffi, the `bcrypt` module of Python and OpenSSL's PBKDF2, at costs that suit a test.

use model::Secret;

use super::*;

const PASSWORD: &str = "correct horse é battery";

/// Scheme, where it comes from, and the hash.
const TAKEN: [(&str, &str, &str); 20] = [
    (
        "argon2id",
        "argon2-cffi",
        "$argon2id$v=19$m=64,t=2,p=2$MDEyMzQ1Njc4OWFiY2RlZg$s9nOREm1oc+7423ER9OcgmWDjgl9lG4+iVrox9lkxnQ",
    ),
    (
        "argon2i",
        "argon2-cffi",
        "$argon2i$v=19$m=64,t=2,p=2$MDEyMzQ1Njc4OWFiY2RlZg$qIlyye1+LTCgYVRI1iZ7yg4FiGD90SJF/0ztuuMOiFk",
    ),
    (
        "argon2d",
        "argon2-cffi",
        "$argon2d$v=19$m=64,t=2,p=2$MDEyMzQ1Njc4OWFiY2RlZg$TIoH7+sBxfNvfhJTEPnbna9J0M4t6QW0AL3FCTmkddg",
    ),
    (
        "argon2i",
        "version 1.0",
        "$argon2i$v=16$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$Q8T63kIf1dmp2sTf3kjvvxjldYK3nV6sB16IvKn0YlU",
    ),
    (
        "argon2i",
        "version 1.0, unsaid",
        "$argon2i$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$Q8T63kIf1dmp2sTf3kjvvxjldYK3nV6sB16IvKn0YlU",
    ),
    (
        "argon2id",
        "Django",
        "argon2$argon2id$v=19$m=64,t=2,p=2$c2FsdHNhbHRzYWx0$AJU4oLesixfo8JIBEZZOAI5gzpi8JHNzvuMKR1WmkAQ",
    ),
    ("bcrypt", "2a", "$2a$04$VSKDKNrzm8NTYTeaO2zuveaE5SkpUL1HwLMBDs31IewjQTqMifWiW"),
    ("bcrypt", "2b", "$2b$04$s8t5LqUvvnYLisoMLNF2XOGDvhj.zMlLDt9AXDDpxg4j2qfPBXCiK"),
    ("bcrypt", "2y", "$2y$04$/QtjkNjq0qRqFsyuR1.cmuR/nwpdI2Jd2SHmfxH4cGd6xaQSujuUO"),
    ("pbkdf2-sha1", "passlib", "$pbkdf2$50$5VyLcW5tLaV0jpHSGuMcAw$HhSJdnzVj9Xoiwvt8dckmrr/quc"),
    (
        "pbkdf2-sha256",
        "passlib",
        "$pbkdf2-sha256$50$0ForpRTi3FtLqZUyhrCWUg$2a1yppuJbzPjM8j42PUkfjU3mCjZrPn31jIbKkrxwp4",
    ),
    (
        "pbkdf2-sha512",
        "passlib",
        "$pbkdf2-sha512$50$zbnXOseYU.p9T2ntfW.tNQ$1mtr.xE7AboFPyfZdEkV0sPeu1z.v.APqSYaVbhx4ETxR5kzm9vGboU7xbMq8UOsQ.5aU/52F02OyUhp8G7dlA",
    ),
    (
        "pbkdf2-sha256",
        "PHC",
        "$pbkdf2-sha256$i=80,l=32$AAECAwQFBgcICQoLDA0ODw$FTL0Dm0V/Lhu80b1awLSM0YUmn8o3TVPpm6YIInctak",
    ),
    ("pbkdf2-sha256", "Django", "pbkdf2_sha256$50$saltsaltsalt$YL4coA5Si+kKfSirFUEpLWvHQlZoB44kJMJ9Trqt+Tw="),
    ("pbkdf2-sha1", "Django", "pbkdf2_sha1$50$saltsaltsalt$otGivQVK0wNPDiEk8mQ+toTCmSU="),
    ("pbkdf2-sha1", "ASP.NET 2", "AAABAgMEBQYHCAkKCwwNDg9IZK4YyPREUX7plCP6urB0tEaGP/6Dt/APgp33E5X23w=="),
    (
        "pbkdf2-sha1",
        "ASP.NET 3",
        "AQAAAAAAAAA8AAAAEAABAgMEBQYHCAkKCwwNDg+qXRyQeUP5VqZiWAId9prRrQ3VDluvDI29WXnLnDP1WA==",
    ),
    (
        "pbkdf2-sha256",
        "ASP.NET 3",
        "AQAAAAEAAAA8AAAAEAABAgMEBQYHCAkKCwwNDg+wRRVVW7RG/sT3bK8Vqy0vnYzwd5x8DPHBrroNd6r4zA==",
    ),
    (
        "pbkdf2-sha512",
        "ASP.NET 3",
        "AQAAAAIAAAA8AAAAEAABAgMEBQYHCAkKCwwNDg+qP7bdofC6mKU5koYrwU4apQOub0Ekg+PZgsfpvZt15A==",
    ),
    ("scrypt", "passlib", "$scrypt$ln=4,r=8,p=1$3ft/zxmDUCqllDJmDOG8Fw$4IPlzUtzn6oRP2HA6dolgbmLnB6cxmTfqL9zXZHQ1jE"),
];

fn password(text: &str) -> Password {
    Password::parse(Secret::new(text.to_owned())).unwrap()
}

fn cheap() -> Params {
    Params::new(8, 1, 1).unwrap()
}

/// The password matches, its neighbours don't, and what we store of it says the same.
fn check_taken(stored: &StoredHash, scheme: &str, whose: &str) {
    assert_eq!(stored.scheme(), scheme, "{whose}");
    assert!(verify(stored, &password(PASSWORD), cheap()).ok, "{whose} {scheme}");
    for wrong in ["correct horse é batterz", "correct horse e battery", "x"] {
        assert_eq!(verify(stored, &password(wrong), cheap()), Verified { ok: false, needs_upgrade: false }, "{whose}");
    }
    let text = stored.to_text();
    assert!(text.expose().len() <= STORED_HASH_BYTES_MAX && text.expose().starts_with('$'), "{whose}");
    let again = StoredHash::parse(text.expose()).unwrap();
    assert!(verify(&again, &password(PASSWORD), cheap()).ok, "{whose} {scheme}, as stored");
    assert_eq!(again.to_text().expose(), text.expose(), "{whose}");
}

#[test]
fn what_other_systems_stored_is_checked() {
    for (scheme, whose, text) in TAKEN {
        let stored = StoredHash::parse(text).unwrap_or_else(|fault| panic!("{whose} {scheme}: {fault}"));
        check_taken(&stored, scheme, whose);
        let verified = verify(&stored, &password(PASSWORD), cheap());
        assert_eq!(verified.needs_upgrade, scheme != "argon2id" || whose == "Django", "{whose} {scheme}");
        assert_eq!(format!("{stored:?}"), format!("StoredHash({scheme}, …)"));
    }
}

#[test]
fn keycloak_keeps_its_hashes_in_two_columns() {
    let pbkdf2 =
        |algorithm: &str| format!(r#"{{"hashIterations":70,"algorithm":"{algorithm}","additionalParameters":{{}}}}"#);
    let argon2 = r#"{"hashIterations":5,"algorithm":"argon2","additionalParameters":{"hashLength":["32"],"memory":["64"],"type":["id"],"version":["1.3"],"parallelism":["1"]}}"#;
    let secret =
        |value: &str| format!(r#"{{"value":"{value}","salt":"AAECAwQFBgcICQoLDA0ODw==","additionalParameters":{{}}}}"#);
    for (scheme, credential, value) in [
        (
            "pbkdf2-sha1",
            pbkdf2("pbkdf2"),
            "VJysJKz4t8qe3BWGckyq7pub2fEEfi1505O1aw2uTsZ+hw0QzN9DoV7jr/ZHOQCiplfOhBz/Csi/gqvHmHf8SQ==",
        ),
        (
            "pbkdf2-sha256",
            pbkdf2("pbkdf2-sha256"),
            "X/PCJpYxklYqcxagRD8iT+cgvCmVQfdaGcPUfOFdzSV8tFDbFf/b/uDGABMZy29lYJDmozYimetm34I4RuT6lA==",
        ),
        (
            "pbkdf2-sha512",
            pbkdf2("pbkdf2-sha512"),
            "Ld80MpjnQTiQO3eLMTT5lXlhkQgMMoiaWry4atqEPHNkD0SS/wXM7lqet4Vuh6RpZAD/z6exMawqPpXHiqzqew==",
        ),
        ("argon2id", argon2.to_owned(), "sGftuiq57runj2wwXLgiT5CUo0uWoA1/M3EVo7VeqyU="),
    ] {
        let stored = StoredHash::from_keycloak(&credential, &secret(value)).unwrap();
        check_taken(&stored, scheme, "Keycloak");
    }
    let refused = |credential: &str, secret: &str| StoredHash::from_keycloak(credential, secret).err();
    let some = secret("sGftuiq57runj2wwXLgiT5CUo0uWoA1/M3EVo7VeqyU=");
    assert!(matches!(refused(&pbkdf2("bcrypt-plugin"), &some), Some(BadHash::Unsupported(_))));
    let huge = argon2.replace("\"64\"", "\"1000000\"");
    assert_eq!(refused(&huge, &some), Some(BadHash::TooCostly));
    for damaged in [
        argon2.replace("\"id\"", "\"x\""),
        argon2.replace("\"1.3\"", "\"1.4\""),
        argon2.replace("\"64\"", ""),
        argon2.replace("\"64\"", "\"64\",\"64\""),
        argon2.replace('5', "-5"),
        String::new(),
        "[]".to_owned(),
    ] {
        assert_eq!(refused(&damaged, &some), Some(BadHash::Malformed), "{damaged}");
    }
    assert_eq!(refused(argon2, "{}"), Some(BadHash::Malformed));
    assert_eq!(refused(argon2, &format!("{some}{}", " ".repeat(4096))), Some(BadHash::TooLong));
}

#[test]
fn what_would_stall_us_is_refused_before_any_work() {
    let (salt, output) = ("MDEyMzQ1Njc4OWFiY2RlZg", "s9nOREm1oc+7423ER9OcgmWDjgl9lG4+iVrox9lkxnQ");
    for cost in [
        "$argon2id$v=19$m=262145,t=1,p=1",
        "$argon2id$v=19$m=262144,t=5,p=1",
        "$argon2id$v=19$m=8,t=4294967295,p=1",
        "$argon2id$v=19$m=99999999999,t=1,p=1",
        "$argon2id$v=19$m=262144,t=1,p=17",
        "$pbkdf2-sha256$i=3000001",
        "$pbkdf2-sha1$i=1500001", // two blocks of output
        "$pbkdf2-sha256$4294967296",
        "$pbkdf2-sha512$i=1200001",
        "$scrypt$ln=19,r=8,p=1",
        "$scrypt$ln=10,r=65,p=1",
        "$scrypt$ln=1,r=1,p=65",
        "$scrypt$ln=64,r=1,p=1",
        "$scrypt$ln=18,r=8,p=3",
    ] {
        let text = format!("{cost}${salt}${output}");
        assert_eq!(StoredHash::parse(&text).err(), Some(BadHash::TooCostly), "{text}");
    }
    let bcrypt = "$2b$15$s8t5LqUvvnYLisoMLNF2XOGDvhj.zMlLDt9AXDDpxg4j2qfPBXCiK";
    assert_eq!(StoredHash::parse(bcrypt).err(), Some(BadHash::TooCostly));
    assert_eq!(StoredHash::parse(&"$".repeat(513)).err(), Some(BadHash::TooLong));
    // The dearest that is taken is exactly at the bound.
    for cost in ["$argon2id$v=19$m=262144,t=4,p=1", "$pbkdf2-sha256$i=3000000", "$scrypt$ln=18,r=8,p=2"] {
        assert!(StoredHash::parse(&format!("{cost}${salt}${output}")).is_ok(), "{cost}");
    }
}

#[test]
fn what_is_damaged_or_says_nothing_is_refused() {
    let (salt, output) = ("MDEyMzQ1Njc4OWFiY2RlZg", "s9nOREm1oc+7423ER9OcgmWDjgl9lG4+iVrox9lkxnQ");
    let check = |text: String, expected: BadHash| assert_eq!(StoredHash::parse(&text).err(), Some(expected), "{text}");
    for cost in [
        "$argon2id$v=19$m=64,t=2",
        "$argon2id$v=19$m=64,t=2,p=2,m=64",
        "$argon2id$v=19$m=64,t=0,p=1",
        "$argon2id$v=19$m=15,t=1,p=2",
        "$argon2id$v=19$m=+64,t=1,p=2",
        "$argon2id$v=19$v=19$m=64,t=2,p=2",
        "$pbkdf2-sha256$i=0",
        "$pbkdf2-sha256$i=80,l=31",
        "$pbkdf2-sha256$",
        "$scrypt$ln=0,r=8,p=1",
        "$scrypt$ln=4,r=0,p=1",
        "pbkdf2_sha256$x",
    ] {
        check(format!("{cost}${salt}${output}"), BadHash::Malformed);
    }
    check(format!("$argon2id$v=19$m=64,t=2,p=2${salt}${output}$x"), BadHash::Malformed);
    check(format!("$argon2id$v=19$m=64,t=2,p=2${salt}${output}!"), BadHash::Malformed);
    check(format!("$pbkdf2-sha256$i=80$${output}"), BadHash::TooWeak);
    check(format!("$pbkdf2-sha256$i=80${salt}$AAAA"), BadHash::TooWeak);
    check(format!("$argon2id$v=19$m=64,t=2,p=2$AAAA${output}"), BadHash::TooWeak);
    check(format!("$scrypt$ln=4,r=8,p=1${}${output}", "A".repeat(172)), BadHash::TooLong);
    for text in ["", "!", "plain text", "$", "$x", "$nothing$else", "hello$world", "AgAA", "AAAA"] {
        check(text.to_owned(), BadHash::Unrecognised);
    }
    for text in [
        "AQ==",
        "AQAAAAMAAAA8AAAAEAABAgMEBQYHCAkKCwwNDg8=",
        "$2b$04$short",
        "$2b$03$s8t5LqUvvnYLisoMLNF2XOGDvhj.zMlLDt9AXDDpxg4j2qfPBXCiK",
    ] {
        check(text.to_owned(), BadHash::Malformed);
    }
}

#[test]
fn what_is_not_taken_is_called_by_its_name() {
    let name = |text: &str| match StoredHash::parse(text) {
        Err(BadHash::Unsupported(name)) => name,
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(name("$6$rounds=5000$salt$hash"), "SHA-512-crypt");
    assert_eq!(name("$fbscrypt$v=1,n=14,r=8,p=1$salt$hash"), "Firebase's scrypt, which needs the project's signer key");
    assert_eq!(name("{SSHA}aGFzaA=="), "a userPassword of an LDAP directory");
    assert_eq!(
        name("$2x$04$s8t5LqUvvnYLisoMLNF2XOGDvhj.zMlLDt9AXDDpxg4j2qfPBXCiK"),
        "bcrypt by an implementation that mistook characters outside ASCII"
    );
    assert_eq!(name("$bcrypt-sha256$v=2,t=2b,r=12$salt$hash"), "bcrypt over SHA-256");
    // A keyed Argon2 needs a key that the text doesn't hold.
    assert_eq!(name("$argon2id$v=19$m=64,t=2,p=2,keyid=AAAA$MDEyMzQ1Njc4OWFiY2RlZg$AAAA"), "an unknown parameter");
}

#[test]
fn a_hash_cut_or_changed_anywhere_is_read_within_bounds_or_not_at_all() {
    for (_, whose, text) in TAKEN {
        for at in 0..text.len() {
            let cut = &text[..at];
            let mut changed = text.as_bytes().to_vec();
            for other in [b'$', b'=', b',', b'9', b'A', b' '] {
                changed[at] = other;
                let changed = std::str::from_utf8(&changed).unwrap();
                for damaged in [cut, changed] {
                    // What is still read stays what it was read as.
                    if let Ok(stored) = StoredHash::parse(damaged) {
                        let text = stored.to_text();
                        let again = StoredHash::parse(text.expose()).unwrap_or_else(|_| panic!("{whose}: {damaged}"));
                        assert_eq!(again.to_text().expose(), text.expose(), "{whose}: {damaged}");
                    }
                }
            }
        }
    }
}
