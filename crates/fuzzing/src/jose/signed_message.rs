//! Signed messages of others in their compact form.

use crypto::{
    Jws, b64u,
    jws::{JWS_BYTES_MAX, JWS_HEADER_BYTES_MAX},
};

use super::stage::{MESSAGES, PROOFS, SET};
use crate::Verdict;

pub(crate) fn check(bytes: &[u8]) -> Verdict {
    let Ok(text) = std::str::from_utf8(bytes) else { return Verdict::Refused };
    let parsed = Jws::parse(text, JWS_BYTES_MAX);
    if let Ok(jws) = &parsed {
        holds(jws, text);
    }
    Verdict::of(&parsed)
}

/// What holds of every message that was taken apart.
pub(super) fn holds(jws: &Jws<'_>, text: &str) {
    assert!(text.len() <= JWS_BYTES_MAX && !jws.signature.is_empty());
    // One text for one message: nothing was passed over, and nothing could be spelled differently.
    let header = jws.signing_input.split('.').next().unwrap_or_default();
    assert!(header.len() <= JWS_HEADER_BYTES_MAX.div_ceil(3) * 4);
    assert_eq!(format!("{header}.{}.{}", b64u(&jws.payload), b64u(&jws.signature)), text);
    if SET.verify(jws).is_ok() {
        assert!(was_signed(jws, text), "the client never signed this");
    }
    if let Some(key) = &jws.header.jwk {
        super::public_jwk::is_sound(key);
        if SET.keys().contains(key) && jws.verify_embedded().is_ok() {
            assert!(was_signed(jws, text), "the client never signed this");
        }
    }
    // Whatever the claims are, asking for them ends in an answer.
    if let Ok(claims) = jws.claims() {
        let _ = (claims.text("iss"), claims.one_or_more("aud"), claims.time("exp"), claims.member("cnf"));
    }
}

/// Whether the client signed that. Its Ed25519 key makes one signature for each message. An ECDSA one may be replaced by its
/// mirror image by anybody, which changes nothing of what was signed, so only what was signed counts there.
fn was_signed(jws: &Jws<'_>, text: &str) -> bool {
    let known = || MESSAGES.iter().chain(PROOFS.iter());
    match jws.header.alg {
        crypto::Alg::Es256 => known().any(|honest| honest.starts_with(&format!("{}.", jws.signing_input))),
        _ => known().any(|honest| honest == text),
    }
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let texts = MESSAGES.iter().chain(PROOFS.iter());
    let mut seeds: Vec<Vec<u8>> = texts.map(|text| text.clone().into_bytes()).collect();
    for header in [
        r#"{"alg":"none"}"#,
        r#"{"alg":"HS256","typ":"JWT"}"#,
        r#"{"alg":"EdDSA","crit":["b64"],"b64":false}"#,
        r#"{"alg":"EdDSA","kid":1}"#,
        r#"{"alg":"PS256","jku":"https://evil.example/keys"}"#,
    ] {
        seeds.push(format!("{}.e30.AAAA", b64u(header.as_bytes())).into_bytes());
    }
    seeds
}
