//! One public key, as a client registers it or a DPoP proof brings it.

use crypto::PublicJwk;
use serde_json::Value;

use super::stage::KEYS;
use crate::Verdict;

/// Members that only a private or a symmetric key has.
const PRIVATE: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

pub(crate) fn check(json: &[u8]) -> Verdict {
    let read = PublicJwk::parse(json);
    if let Ok(key) = &read {
        let seen: Value = serde_json::from_slice(json).expect("another reader takes the key as well");
        assert!(PRIVATE.iter().all(|name| seen.get(name).is_none()), "a private key was taken");
        is_sound(key);
        assert_eq!(key.thumbprint(), thumbprint(&seen), "two computations of one thumbprint");
        assert_eq!(key.kid(), seen.get("kid").and_then(Value::as_str));
    }
    Verdict::of(&read)
}

/// What holds of every key that was taken: it verifies something, and it is written back as the same key.
pub(super) fn is_sound(key: &PublicJwk) {
    assert!(key.algs().next().is_some(), "a key that verifies nothing");
    assert!(key.alg().is_none_or(|own| key.algs().eq([own])), "a key that says its algorithm verifies no other");
    let text = key.to_json();
    let again = PublicJwk::parse(text.as_bytes()).expect("what we write, we read");
    assert!(again == *key && again.to_json() == text);
    assert_eq!(
        (again.kid(), again.alg(), again.certificate_thumbprint(), again.thumbprint()),
        (key.kid(), key.alg(), key.certificate_thumbprint(), key.thumbprint())
    );
    for alg in key.algs() {
        assert!(key.verify(alg, b"a message that nobody signed", &[1; 64]).is_err());
    }
}

/// RFC 7638 §3.2, by another way: the required members in the order of their names.
fn thumbprint(key: &Value) -> String {
    let names: &[&str] = match key["kty"].as_str() {
        Some("EC") => &["crv", "kty", "x", "y"],
        Some("OKP") => &["crv", "kty", "x"],
        Some("RSA") => &["e", "kty", "n"],
        _ => panic!("a kind of key that we don't know was taken"),
    };
    let members: Vec<String> = names.iter().map(|name| format!("\"{name}\":{}", key[name])).collect();
    crypto::b64u(&crypto::sha256(format!("{{{}}}", members.join(",")).as_bytes()))
}

/// The RSA key of RFC 7638 §3.1.
const RSA: &str = r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#;

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let [ed, ec] = KEYS.each_ref().map(|key| key.jwk_json().to_owned());
    let with = |key: &str, more: &str| key.replacen('{', &format!("{{{more},"), 1).into_bytes();
    vec![
        with(&ed, r#""key_ops":["verify"]"#),
        with(&ec, r#""d":"AA""#),
        with(&ec, r#""x5t#S256":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA""#),
        with(&ed, r#""x5c":["MAA="]"#),
        ec.replace("\"sig\"", "\"enc\"").into_bytes(),
        RSA.replace("RS256", "PS512").into_bytes(),
        RSA.into(),
        br#"{"kty":"oct","k":"AAAA"}"#.to_vec(),
        ed.into_bytes(),
        ec.into_bytes(),
    ]
}
