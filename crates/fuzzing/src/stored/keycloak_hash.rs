//! Keycloak's two JSON texts, parted by a zero byte.

use crypto::password::StoredHash;

use super::password_hash::is_sound;
use crate::Verdict;

pub(crate) fn check(bytes: &[u8]) -> Verdict {
    let Ok(text) = std::str::from_utf8(bytes) else { return Verdict::Refused };
    let (how, what) = text.split_once('\0').unwrap_or((text, "{}"));
    let read = StoredHash::from_keycloak(how, what);
    if let Ok(hash) = &read {
        is_sound(hash);
    }
    Verdict::of(&read)
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let what = r#"{"value":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","salt":"AAAAAAAAAAAAAAAAAAAAAA==","additionalParameters":{}}"#;
    [
        r#"{"hashIterations":210000,"algorithm":"pbkdf2-sha512","additionalParameters":{}}"#,
        r#"{"hashIterations":27500,"algorithm":"pbkdf2-sha256"}"#,
        r#"{"hashIterations":5,"algorithm":"argon2","additionalParameters":{"hashLength":["32"],"memory":["7168"],"type":["id"],"version":["1.3"],"parallelism":["1"]}}"#,
        r#"{"hashIterations":4294967295,"algorithm":"pbkdf2"}"#,
        r#"{"hashIterations":1,"algorithm":"bcrypt"}"#,
    ]
    .map(|how| format!("{how}\0{what}").into_bytes())
    .to_vec()
}
