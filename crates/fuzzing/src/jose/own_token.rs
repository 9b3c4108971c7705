//! Our own tokens after somebody bent them, or used one where another is wanted.

use std::sync::{Arc, LazyLock};

use crypto::{JwtType, KeyKind, KeySet};

use super::stage::key;
use crate::{
    Verdict,
    bend::{bend, scripts},
};

const TYPES: [JwtType; 5] = [
    JwtType::AccessToken,
    JwtType::IdToken,
    JwtType::LogoutToken,
    JwtType::AuthorizationResponse,
    JwtType::Introspection,
];
const CLAIMS: &str = r#"{"iss":"https://id.example","sub":"p","aud":"app","exp":1793000300,"iat":1793000000}"#;

static SET: LazyLock<KeySet> =
    LazyLock::new(|| KeySet::new(vec![Arc::new(key(KeyKind::EdDsa, 9))]).expect("a set of one key"));
static TOKENS: LazyLock<[String; 5]> = LazyLock::new(|| TYPES.map(|typ| SET.sign_jwt(typ, CLAIMS)));

/// The first byte says which token it was and which it is taken for; the rest bends it.
pub(crate) fn check(bytes: &[u8]) -> Verdict {
    let Some((choice, script)) = bytes.split_first() else { return Verdict::Refused };
    let (made, wanted) = (usize::from(choice % 5), usize::from(choice / 5 % 5));
    let bent = bend(TOKENS[made].as_bytes(), script);
    let Ok(text) = std::str::from_utf8(&bent) else { return Verdict::Refused };
    let verified = SET.verify_jwt(TYPES[wanted], text);
    if let Ok(claims) = &verified {
        // An Ed25519 key makes one signature for each message.
        assert_eq!(text, TOKENS[wanted], "a token that we never signed, or signed for something else");
        assert_eq!(claims, CLAIMS.as_bytes());
    }
    Verdict::of(&verified)
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = (0..25).map(|choice| vec![choice]).collect();
    seeds.extend(scripts().into_iter().map(|script| [&[0], &script[..]].concat()));
    seeds
}
