//! Messages of the RFCs and of another implementation, each beside its nearest neighbour that must be refused.

use std::sync::Arc;

use model::{Entropy, Timestamp};

use super::*;
use crate::{BadKey, JwtType, KeySet, SigningKey, b64u};

macro_rules! data {
    ($name:literal) => {
        include_str!(concat!("../../tests/data/jose/", $name)).trim_ascii_end()
    };
}

/// Algorithm, key, message.
const GOOD: [(Alg, &str, &str); 10] = [
    (Alg::Rs256, data!("rfc7515-a2-rs256.jwk"), data!("rfc7515-a2-rs256.jws")),
    (Alg::Es256, data!("rfc7515-a3-es256.jwk"), data!("rfc7515-a3-es256.jws")),
    (Alg::Es512, data!("rfc7515-a4-es512.jwk"), data!("rfc7515-a4-es512.jws")),
    (Alg::Ps384, data!("rfc7520-4-2-ps384.jwk"), data!("rfc7520-4-2-ps384.jws")),
    (Alg::EdDsa, data!("rfc8037-a4-eddsa.jwk"), data!("rfc8037-a4-eddsa.jws")),
    (Alg::Es384, data!("other-es384.jwk"), data!("other-es384.jws")),
    (Alg::Ps256, data!("other-rsa.jwk"), data!("other-ps256.jws")),
    (Alg::Ps384, data!("other-rsa.jwk"), data!("other-ps384.jws")),
    (Alg::Ps512, data!("other-rsa.jwk"), data!("other-ps512.jws")),
    (Alg::Rs256, data!("other-rsa.jwk"), data!("other-rs256.jws")),
];

const ES256: &str = data!("rfc7515-a3-es256.jws");

fn key(json: &str) -> PublicJwk {
    PublicJwk::parse(json.as_bytes()).unwrap()
}

fn parse(text: &str) -> Result<Jws<'_>, BadJws> {
    Jws::parse(text, JWS_BYTES_MAX)
}

fn ours() -> SigningKey {
    SigningKey::generate(Timestamp::from_seconds(1), &mut Entropy::new([7; 256]))
}

/// A message with any header, truly signed.
fn signed(header: &str, payload: &str) -> String {
    let input = format!("{}.{}", b64u(header.as_bytes()), b64u(payload.as_bytes()));
    format!("{input}.{}", b64u(&ours().sign_raw(input.as_bytes())))
}

fn refusal(header: &str) -> Option<BadJws> {
    let text = signed(header, "{}");
    parse(&text).err()
}

/// `text` with its header replaced.
fn with_header(text: &str, header: &str) -> String {
    format!("{}.{}", b64u(header.as_bytes()), text.split_once('.').unwrap().1)
}

#[test]
fn messages_of_the_rfcs_and_of_another_implementation_verify() {
    for (alg, jwk, text) in GOOD {
        let jws = parse(text).unwrap();
        assert_eq!((jws.header.alg, jws.verify(&key(jwk))), (alg, Ok(())), "{alg:?}");
    }
    let claims = parse(ES256).unwrap().claims().unwrap();
    assert_eq!(claims.text("iss"), Ok(Some("joe")));
    assert_eq!(claims.time("exp"), Ok(Some(Timestamp::from_seconds(1_300_819_380))));
    assert_eq!(claims.boolean("http://example.com/is_root"), Ok(Some(true)));
    assert!(parse(data!("rfc7515-a4-es512.jws")).unwrap().claims().is_err());
}

#[test]
fn no_message_verifies_under_another_key() {
    for (alg, _, text) in GOOD {
        let jws = parse(text).unwrap();
        let verified = GOOD.iter().filter(|(_, jwk, _)| jws.verify(&key(jwk)).is_ok()).count();
        // The one RSA key of the other implementation stands in the list four times.
        let expected = if text.contains("InR5cCI6") && !matches!(alg, Alg::Es384) { 4 } else { 1 };
        let expected = if jws.header.kid.is_some() { 1 } else { expected };
        assert_eq!(verified, expected, "{alg:?}");
    }
}

#[test]
fn a_message_with_any_letter_changed_is_refused() {
    for (alg, jwk, text) in GOOD {
        let key = key(jwk);
        for at in 0..text.len() {
            if text.as_bytes()[at] == b'.' {
                continue;
            }
            let other = if text.as_bytes()[at] == b'A' { "B" } else { "A" };
            let changed = format!("{}{other}{}", &text[..at], &text[at + 1..]);
            let accepted = parse(&changed).is_ok_and(|jws| jws.verify(&key).is_ok());
            assert!(!accepted, "{alg:?} letter {at}");
        }
    }
}

#[test]
fn a_message_can_not_choose_another_algorithm_for_its_key() {
    for (alg, jwk, text) in GOOD {
        for other in Alg::ALL.into_iter().filter(|other| *other != alg) {
            let text = with_header(text, &format!(r#"{{"alg":"{}"}}"#, other.as_str()));
            let verdict = parse(&text).unwrap().verify(&key(jwk));
            assert!(matches!(verdict, Err(BadJws::KeyUnfit | BadJws::Signature)), "{alg:?} as {other:?}: {verdict:?}");
        }
    }
    let jws = parse(data!("other-rs256.jws")).unwrap();
    let narrow = data!("other-rsa.jwk").replace('}', r#","alg":"PS256"}"#);
    assert_eq!(jws.verify(&key(&narrow)), Err(BadJws::KeyUnfit));
}

#[test]
fn algorithms_that_do_not_exist_here_are_refused() {
    for name in
        ["none", "None", "nOnE", "HS256", "HS384", "HS512", "RS384", "RS512", "RS1", "ES256K", "Ed448", "ed25519", ""]
    {
        assert_eq!(refusal(&format!(r#"{{"alg":"{name}"}}"#)), Some(BadJws::Algorithm), "{name}");
    }
    assert_eq!(parse(data!("refused-rs384.jws")).err(), Some(BadJws::Algorithm));
    // RFC 7515 appendix A.5: the unsecured message. Its missing signature would be refused as well.
    let unsecured = format!("{}.{}.", b64u(br#"{"alg":"none"}"#), b64u(b"{}"));
    assert_eq!(parse(&unsecured).err(), Some(BadJws::Algorithm));
    let bare = format!("{}.{}.", b64u(br#"{"alg":"ES256"}"#), b64u(b"{}"));
    assert_eq!(parse(&bare).err(), Some(BadJws::Malformed));
}

#[test]
fn a_public_key_is_no_shared_secret() {
    // The classic confusion: HMAC keyed with the text of the public key. There is no such algorithm to ask for.
    let text = with_header(data!("other-rs256.jws"), r#"{"alg":"HS256","typ":"JWT"}"#);
    assert_eq!(parse(&text).err(), Some(BadJws::Algorithm));
}

#[test]
fn foreign_forms_of_good_signatures_are_refused() {
    for (jwk, text) in [
        (data!("other-es384.jwk"), data!("refused-es384-der-signature.jws")),
        (data!("other-rsa.jwk"), data!("refused-ps256-long-salt.jws")),
    ] {
        assert_eq!(parse(text).unwrap().verify(&key(jwk)), Err(BadJws::Signature), "{text}");
    }
}

#[test]
fn headers_are_strict() {
    for (header, expected) in [
        (r#"{"alg":"ES256"}"#, None),
        (r#"{"alg":"ES256","jku":"https://evil.example/","x5u":7,"x5c":[],"more":{}}"#, None),
        (r#"{"alg":"ES256","alg":"ES256"}"#, Some(BadJws::Header(BadJson::Duplicate))),
        (r#"{"alg":"ES256","kid":"a","k\u0069d":"b"}"#, Some(BadJws::Header(BadJson::Duplicate))),
        (r#"{"alg":"ES256","a":{"b":{"c":{"d":{}}}}}"#, Some(BadJws::Header(BadJson::TooDeep))),
        ("[]", Some(BadJws::Header(BadJson::NotAnObject))),
        ("", Some(BadJws::Header(BadJson::NotAnObject))),
        ("{}", Some(BadJws::Member("alg"))),
        (r#"{"alg":null}"#, Some(BadJws::Member("alg"))),
        (r#"{"alg":["ES256"]}"#, Some(BadJws::Member("alg"))),
        (r#"{"alg":"ES256","kid":7}"#, Some(BadJws::Member("kid"))),
        (r#"{"alg":"ES256","typ":null}"#, Some(BadJws::Member("typ"))),
        (r#"{"alg":"ES256","cty":[]}"#, Some(BadJws::Member("cty"))),
        (r#"{"alg":"ES256","jwk":"x"}"#, Some(BadJws::Member("jwk"))),
        (r#"{"alg":"ES256","crit":["exp"],"exp":1}"#, Some(BadJws::Critical)),
        (r#"{"alg":"ES256","crit":[]}"#, Some(BadJws::Critical)),
        (r#"{"alg":"ES256","crit":null}"#, Some(BadJws::Critical)),
        (r#"{"alg":"ES256","b64":false}"#, Some(BadJws::Critical)),
        (r#"{"alg":"none","crit":["x"],"x":true}"#, Some(BadJws::Critical)),
    ] {
        assert_eq!(refusal(header), expected, "{header}");
    }
}

#[test]
fn only_three_canonical_segments_are_a_message() {
    let [header, payload, signature] = ES256.split('.').collect::<Vec<_>>()[..] else { panic!("three segments") };
    for hostile in [
        String::new(),
        ".".into(),
        "..".into(),
        format!("{header}.{payload}"),
        format!("{header}.{payload}.{signature}.{signature}"),
        format!("{header}.{payload}.{signature}.{payload}.{signature}"),
        format!(".{payload}.{signature}"),
        format!("{header}.{payload}.{signature}="),
        format!("{header}.{payload}.{signature}\n"),
        format!(" {ES256}"),
        format!("{header}.{payload}AAA.{signature}"),
        format!("{header}.{}+.{signature}", &payload[..payload.len() - 1]),
        format!("{header}.é.{signature}"),
    ] {
        let expected = if hostile.starts_with("..") || hostile.starts_with(&format!(".{payload}")) {
            BadJws::Header(BadJson::NotAnObject)
        } else {
            BadJws::Malformed
        };
        assert_eq!(parse(&hostile).err(), Some(expected), "{hostile}");
    }
    // Unused bits that are set: the same signature, spelled otherwise.
    let last = format!("{}R", &signature[..signature.len() - 1]);
    assert_eq!(parse(&format!("{header}.{payload}.{last}")).err(), Some(BadJws::Malformed));
    // An empty payload is a payload.
    assert_eq!(parse(&signed(r#"{"alg":"ES256"}"#, "")).map(|jws| jws.payload), Ok(vec![]));
}

#[test]
fn lengths_are_bounded_before_anything_is_decoded() {
    assert!(Jws::parse(ES256, ES256.len()).is_ok());
    assert_eq!(Jws::parse(ES256, ES256.len() - 1).err(), Some(BadJws::TooLong));
    assert_eq!(Jws::parse(&".".repeat(JWS_BYTES_MAX + 1), usize::MAX).err(), Some(BadJws::TooLong));
    let padded = |bytes: usize| format!(r#"{{"alg":"ES256"{}}}"#, " ".repeat(bytes - 15));
    assert_eq!(refusal(&padded(JWS_HEADER_BYTES_MAX)), None);
    assert_eq!(refusal(&padded(JWS_HEADER_BYTES_MAX + 1)), Some(BadJws::Header(BadJson::TooLong)));
    assert_eq!(refusal(&padded(JWS_HEADER_BYTES_MAX + 9)), Some(BadJws::Header(BadJson::TooLong)));
}

#[test]
fn a_proof_brings_its_own_key() {
    let key = ours();
    let header = format!(r#"{{"typ":"dpop+jwt","alg":"ES256","jwk":{}}}"#, key.jwk_json());
    let text = signed(&header, r#"{"htm":"POST"}"#);
    let jws = parse(&text).unwrap();
    assert!(jws.header.is_typ("dpop+jwt"));
    let verified = jws.verify_embedded().unwrap();
    assert_eq!(b64u(&verified.thumbprint_bytes()[..16]), key.kid());
    assert_eq!(jws.claims().unwrap().text("htm"), Ok(Some("POST")));

    assert_eq!(parse(ES256).unwrap().verify_embedded(), Err(BadJws::NoKey));
    let stolen = format!(r#"{{"alg":"ES256","jwk":{}}}"#, data!("rfc7515-a3-es256.jwk"));
    let text = signed(&stolen, "{}");
    assert_eq!(parse(&text).unwrap().verify_embedded(), Err(BadJws::Signature));
    let unfit = format!(r#"{{"alg":"ES256","jwk":{}}}"#, data!("other-rsa.jwk"));
    let text = signed(&unfit, "{}");
    assert_eq!(parse(&text).unwrap().verify_embedded(), Err(BadJws::KeyUnfit));
}

#[test]
fn an_embedded_key_is_checked_like_any_other() {
    for (jwk, expected) in [
        (r#"{"kty":"oct","k":"AAAA"}"#.to_owned(), BadJwk::Private),
        (data!("rfc7515-a3-es256.jwk").replace('}', r#","d":"AAAA"}"#), BadJwk::Private),
        (data!("rfc7515-a3-es256.jwk").replace('}', r#","use":"enc"}"#), BadJwk::Unsupported),
        (data!("rfc7515-a3-es256.jwk").replace("x_FE", "x_FF"), BadJwk::Key(BadKey::Point)),
        (data!("rsa-1024.jwk").to_owned(), BadJwk::Key(BadKey::Rsa)),
        ("{}".to_owned(), BadJwk::Member("kty")),
    ] {
        assert_eq!(refusal(&format!(r#"{{"alg":"ES256","jwk":{jwk}}}"#)), Some(BadJws::EmbeddedKey(expected)), "{jwk}");
    }
}

#[test]
fn types_are_compared_as_media_types() {
    let is = |typ: &str, expected: &str| {
        let text = signed(&format!(r#"{{"alg":"ES256","typ":"{typ}"}}"#), "{}");
        parse(&text).unwrap().header.is_typ(expected)
    };
    for typ in ["dpop+jwt", "DPoP+JWT", "application/dpop+jwt", "APPLICATION/dpop+jwt"] {
        assert!(is(typ, "dpop+jwt"), "{typ}");
    }
    for typ in ["", "jwt", "dpop", "dpop+jwt ", "text/dpop+jwt", "application/a/dpop+jwt", "application/"] {
        assert!(!is(typ, "dpop+jwt"), "{typ}");
    }
    assert!(!parse(ES256).unwrap().header.is_typ("JWT"));
}

#[test]
fn what_we_sign_others_can_read() {
    let keys = KeySet::new(vec![Arc::new(ours())]).unwrap();
    let token = keys.sign_jwt(JwtType::IdToken, r#"{"sub":"a"}"#);
    let jws = parse(&token).unwrap();
    let published = crate::JwkSet::parse(keys.jwks_json().as_bytes()).unwrap();
    assert!(published.verify(&jws).is_ok());
    assert!(jws.header.is_typ("JWT") && jws.header.kid.as_deref() == Some(keys.active().kid()));
}

#[test]
fn nothing_of_the_content_is_printed() {
    let text = signed(r#"{"alg":"ES256","kid":"ada","typ":"secret"}"#, r#"{"email":"ada@example.com"}"#);
    let jws = parse(&text).unwrap();
    assert_eq!(format!("{jws:?}"), "Jws { alg: Es256, .. }");
    assert_eq!(format!("{:?}", jws.header), "JwsHeader { alg: Es256, .. }");
}
