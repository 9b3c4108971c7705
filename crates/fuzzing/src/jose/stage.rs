//! A client with two keys, and what it signed.

use std::sync::LazyLock;

use crypto::{JwkSet, KeyKind, SigningKey, b64u};
use model::{Entropy, Timestamp};

/// Everything that the client ever signed, for its Ed25519 key first. Whatever else verifies under its keys is forged.
pub(crate) static MESSAGES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let claims = r#"{"iss":"app","sub":"app","aud":"https://id.example","jti":"1","iat":1793000000,"exp":1793000060}"#;
    KEYS.iter().map(|key| sign(key, "JWT", &format!(r#","kid":"{}""#, key.kid()), claims)).collect()
});

/// Messages that bring their key along, as DPoP proofs do (RFC 9449 §4.2).
pub(crate) static PROOFS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let claims = r#"{"jti":"1","htm":"POST","htu":"https://id.example/token","iat":1793000000}"#;
    KEYS.iter().map(|key| sign(key, "dpop+jwt", &format!(r#","jwk":{}"#, key.jwk_json()), claims)).collect()
});

/// The client's keys.
pub(crate) static KEYS: LazyLock<[SigningKey; 2]> = LazyLock::new(|| [key(KeyKind::EdDsa, 7), key(KeyKind::Es256, 8)]);

/// Their public halves, as the client registered them.
pub(crate) static SET: LazyLock<JwkSet> =
    LazyLock::new(|| JwkSet::parse(set_json().as_bytes()).expect("we read the keys that we write"));

/// A key that follows from `seed`.
pub(crate) fn key(kind: KeyKind, seed: u8) -> SigningKey {
    SigningKey::generate_kind(kind, Timestamp::from_seconds(1_793_000_000), &mut Entropy::new([seed; 256]))
}

pub(crate) fn set_json() -> String {
    format!(r#"{{"keys":[{},{}]}}"#, KEYS[0].jwk_json(), KEYS[1].jwk_json())
}

fn sign(key: &SigningKey, typ: &str, more: &str, claims: &str) -> String {
    let header = format!(r#"{{"alg":"{}","typ":"{typ}"{more}}}"#, key.alg().as_str());
    let input = format!("{}.{}", b64u(header.as_bytes()), b64u(claims.as_bytes()));
    let signature = key.sign_raw(input.as_bytes());
    format!("{input}.{}", b64u(&signature))
}
