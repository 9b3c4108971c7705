//! Password hashes of other systems. Only read here: comparing with one is slow on purpose, and bounded by what is read.

use crypto::password::{STORED_HASH_BYTES_MAX, StoredHash};

use crate::Verdict;

pub(crate) fn check(bytes: &[u8]) -> Verdict {
    let Ok(text) = std::str::from_utf8(bytes) else { return Verdict::Refused };
    let read = StoredHash::parse(text);
    if let Ok(hash) = &read {
        assert!(text.len() <= STORED_HASH_BYTES_MAX);
        is_sound(hash);
    }
    Verdict::of(&read)
}

/// It is stored in one form, whatever it was read from, and comparing with it takes bounded work.
pub(super) fn is_sound(hash: &StoredHash) {
    let text = hash.to_text();
    assert!(text.expose().len() <= STORED_HASH_BYTES_MAX, "it would not be read again");
    let again = StoredHash::parse(text.expose()).expect("what we store, we read");
    assert_eq!(again.to_text().expose(), text.expose());
    assert_eq!(again.scheme(), hash.scheme());
    if hash.scheme().starts_with("argon2") {
        let cost = |name: &str| {
            let from = text.expose().split_once(name).expect("Argon2's three costs are written").1;
            let digits: String = from.chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<u64>().expect("a cost is a number")
        };
        let (memory_kib, iterations, parallelism) = (cost("m="), cost("t="), cost("p="));
        assert!(memory_kib <= 256 * 1024 && memory_kib * iterations <= 1024 * 1024 && (1..=16).contains(&parallelism));
    }
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    [
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "argon2$argon2i$v=19$m=512,t=2,p=2$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2d$m=4294967295,t=4294967295,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
        "$2b$10$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui",
        "$2y$31$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui",
        "$pbkdf2-sha256$i=600000$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
        "$pbkdf2-sha512$25000$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
        "pbkdf2_sha256$1000000$salt$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "$scrypt$ln=17,r=8,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AQAAAAEAACcQAAAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
        "$6$salt$hash",
        "{SSHA}AAAA",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}
