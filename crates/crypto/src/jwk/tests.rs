use super::*;
use crate::{
    from_b64u,
    jws::{BadJws, Jws},
};

macro_rules! data {
    ($name:literal) => {
        include_str!(concat!("../../tests/data/jose/", $name)).trim_ascii_end()
    };
}

const EC: &str = data!("rfc7515-a3-es256.jwk");
const RSA: &str = data!("rfc7638-3-1.jwk");
const OKP: &str = data!("rfc8037-a4-eddsa.jwk");

fn key(json: &str) -> PublicJwk {
    PublicJwk::parse(json.as_bytes()).unwrap()
}

fn refusal(json: &str) -> Option<BadJwk> {
    PublicJwk::parse(json.as_bytes()).err()
}

/// `json` with more members.
fn with(json: &str, members: &str) -> String {
    format!("{},{members}}}", json.strip_suffix('}').unwrap())
}

/// `json` with one text replaced, which must be there.
fn changed(json: &str, from: &str, to: &str) -> String {
    assert!(json.contains(from), "{from} is not in {json}");
    json.replacen(from, to, 1)
}

fn set(keys: &[&str]) -> Result<JwkSet, BadJwk> {
    JwkSet::parse(format!(r#"{{"keys":[{}]}}"#, keys.join(",")).as_bytes())
}

#[test]
fn thumbprints_of_rfc_7638_and_rfc_8037() {
    assert_eq!(key(RSA).thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    assert_eq!(key(OKP).thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    // Computed by another implementation.
    assert_eq!(key(EC).thumbprint(), "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U");
    assert_eq!(from_b64u(&key(EC).thumbprint()).unwrap(), key(EC).thumbprint_bytes());
}

#[test]
fn a_thumbprint_is_of_the_numbers_alone() {
    for named in [with(EC, r#""kid":"a","use":"sig","alg":"ES256","more":[1]"#), changed(EC, "{", "{ \"kid\" : \"b\",")]
    {
        assert_eq!(key(&named).thumbprint(), key(EC).thumbprint());
        assert_eq!(key(&named), key(EC));
    }
    assert_ne!(key(RSA), key(EC));
}

#[test]
fn a_key_may_verify_what_its_kind_and_its_alg_allow() {
    let all = |json: &str| key(json).algs().map(Alg::as_str).collect::<Vec<_>>();
    assert_eq!(all(EC), ["ES256"]);
    assert_eq!(all(data!("other-es384.jwk")), ["ES384"]);
    assert_eq!(all(data!("rfc7515-a4-es512.jwk")), ["ES512"]);
    assert_eq!(all(OKP), ["EdDSA"]);
    assert_eq!(all(data!("other-rsa.jwk")), ["PS256", "PS384", "PS512", "RS256"]);
    assert_eq!(all(RSA), ["RS256"]);
    assert_eq!((key(RSA).alg(), key(EC).alg()), (Some(Alg::Rs256), None));
    assert_eq!((key(RSA).kid(), key(EC).kid()), (Some("2011-04-29"), None));
}

#[test]
fn a_key_that_does_not_fit_verifies_nothing() {
    let jws = data!("rfc7515-a3-es256.jws");
    let (signed, signature) = jws.rsplit_once('.').unwrap();
    let signature = from_b64u(signature).unwrap();
    assert_eq!(key(EC).verify(Alg::Es256, signed.as_bytes(), &signature), Ok(()));
    for alg in Alg::ALL {
        let verified = key(EC).verify(alg, signed.as_bytes(), &signature).is_ok();
        assert_eq!(verified, alg == Alg::Es256, "{alg:?}");
        assert_eq!(key(OKP).verify(alg, signed.as_bytes(), &signature), Err(BadSignature), "{alg:?}");
    }
}

#[test]
fn a_key_is_written_as_it_was_read() {
    for json in [
        EC.to_owned(),
        OKP.to_owned(),
        RSA.to_owned(),
        with(EC, r#""kid":"a\"b\u0000","use":"sig","key_ops":["verify"],"alg":"ES256""#),
        data!("rfc7517-b-x5c.jwk").to_owned(),
    ] {
        let (once, twice) = (key(&json), key(&key(&json).to_json()));
        assert_eq!(once, twice);
        assert_eq!(once.to_json(), twice.to_json());
        assert_eq!((once.kid(), once.alg()), (twice.kid(), twice.alg()));
        assert_eq!(once.certificate_thumbprint(), twice.certificate_thumbprint());
    }
    assert_eq!(
        key(&with(OKP, r#""kid":"1","alg":"EdDSA","use":"sig","key_ops":["verify","wrapKey"],"ext":true"#)).to_json(),
        concat!(
            r#"{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","use":"sig","#,
            r#""key_ops":["verify"],"alg":"EdDSA","kid":"1"}"#
        )
    );
}

#[test]
fn a_private_or_symmetric_key_is_refused_whatever_else_it_says() {
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"] {
        for json in [EC, RSA, OKP, r#"{"kty":"XX"}"#, r#"{"kty":"EC","crv":"P-256","use":"enc"}"#] {
            let private = with(json, &format!(r#""{member}":null"#));
            assert_eq!(refusal(&private), Some(BadJwk::Private), "{private}");
        }
    }
    assert_eq!(refusal(r#"{"kty":"oct","k":"AAAA"}"#), Some(BadJwk::Private));
    assert_eq!(refusal(r#"{"kty":"oct"}"#), Some(BadJwk::Private));
}

#[test]
fn what_we_verify_nothing_with_is_unsupported() {
    for json in [
        with(EC, r#""use":"enc""#),
        with(EC, r#""use":"SIG""#),
        with(EC, r#""key_ops":["sign"]"#),
        with(EC, r#""key_ops":[]"#),
        with(EC, r#""alg":"ES256K""#),
        with(EC, r#""alg":"none""#),
        with(EC, r#""alg":"HS256""#),
        with(data!("other-rsa.jwk"), r#""alg":"RSA-OAEP""#),
        with(data!("other-rsa.jwk"), r#""alg":"RS512""#),
        changed(EC, "P-256", "secp256k1"),
        changed(EC, "P-256", "p-256"),
        changed(OKP, "Ed25519", "X25519"),
        changed(OKP, "Ed25519", "Ed448"),
        changed(OKP, "OKP", "AKP"),
        changed(EC, "\"EC\"", "\"ec\""),
    ] {
        assert_eq!(refusal(&json), Some(BadJwk::Unsupported), "{json}");
    }
}

#[test]
fn an_alg_that_the_key_can_not_do_is_refused() {
    for (json, alg) in [(EC, "ES384"), (EC, "RS256"), (EC, "EdDSA"), (OKP, "ES256"), (data!("other-rsa.jwk"), "ES256")]
    {
        let json = with(json, &format!(r#""alg":"{alg}""#));
        assert_eq!(refusal(&json), Some(BadJwk::Key(BadKey::OtherKind)), "{json}");
    }
}

#[test]
fn members_that_are_missing_or_malformed_are_named() {
    for (json, member) in [
        ("{}".to_owned(), "kty"),
        (r#"{"kty":7}"#.to_owned(), "kty"),
        (r#"{"kty":"EC"}"#.to_owned(), "crv"),
        (r#"{"kty":"OKP"}"#.to_owned(), "crv"),
        (r#"{"kty":"EC","crv":"P-256"}"#.to_owned(), "x"),
        (r#"{"kty":"RSA","n":"AQAB"}"#.to_owned(), "e"),
        (changed(EC, "\"y\":\"", "\"y\":\"="), "y"),
        (changed(EC, "\"x\":\"f", "\"x\":\"+"), "x"),
        (changed(OKP, "11qY", ""), "x"),
        (with(EC, r#""kid":7"#), "kid"),
        (with(EC, r#""kid":null"#), "kid"),
        (with(EC, r#""use":["sig"]"#), "use"),
        (with(EC, r#""alg":{}"#), "alg"),
        (with(EC, r#""key_ops":"verify""#), "key_ops"),
        (with(EC, r#""key_ops":["verify","verify"]"#), "key_ops"),
        (with(EC, r#""key_ops":["verify",1]"#), "key_ops"),
        (with(EC, &format!(r#""kid":"{}""#, "k".repeat(KID_BYTES_MAX + 1))), "kid"),
        (with(EC, r#""x5t#S256":"AAAA""#), "x5t#S256"),
    ] {
        assert_eq!(refusal(&json), Some(BadJwk::Member(member)), "{json}");
    }
    assert_eq!(refusal(&with(EC, &format!(r#""kid":"{}""#, "k".repeat(KID_BYTES_MAX)))), None);
}

#[test]
fn numbers_that_are_no_key_are_refused() {
    let zero = "A".repeat(43);
    let point = [
        // Off the curve, twice; then points of small order.
        changed(EC, "x_FE", "x_FF"),
        format!(r#"{{"kty":"EC","crv":"P-256","x":"{zero}","y":"{zero}"}}"#),
        format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{zero}"}}"#),
        format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"AQ{}"}}"#, "A".repeat(41)),
    ];
    for json in point {
        assert_eq!(refusal(&json), Some(BadJwk::Key(BadKey::Point)), "{json}");
    }
    let length = [
        changed(EC, "P-256", "P-384"),
        changed(EC, "\"x\":\"", "\"x\":\"AAAA"),
        changed(data!("other-rsa.jwk"), "\"n\":\"", "\"n\":\"AAAA"),
        changed(data!("other-rsa.jwk"), "AQAB", "AAEAAQ"),
        changed(data!("other-rsa.jwk"), "AQAB", ""),
    ];
    for json in length {
        assert_eq!(refusal(&json), Some(BadJwk::Key(BadKey::Length)), "{json}");
    }
}

#[test]
fn rsa_keys_have_bounds() {
    for json in [data!("other-rsa.jwk"), data!("rsa-4096.jwk"), data!("rsa-exponent-3.jwk")] {
        assert_eq!(refusal(json), None, "{json}");
    }
    let rsa = data!("other-rsa.jwk");
    for json in [
        data!("rsa-1024.jwk").to_owned(),
        data!("rsa-8192.jwk").to_owned(),
        changed(rsa, "AQAB", "AQ"),
        changed(rsa, "AQAB", "AQAC"),
        changed(rsa, "AQAB", "AQAAAAE"),
    ] {
        assert_eq!(refusal(&json), Some(BadJwk::Key(BadKey::Rsa)), "{json}");
    }
    let even = data!("rsa-4096.jwk");
    let n = key(even).to_json();
    let n = n.split("\"n\":\"").nth(1).unwrap().split('"').next().unwrap();
    let mut bytes = from_b64u(n).unwrap();
    *bytes.last_mut().unwrap() &= 0xfe;
    assert_eq!(refusal(&changed(even, n, &b64u(&bytes))), Some(BadJwk::Key(BadKey::Rsa)));
}

#[test]
fn the_certificate_of_a_key_holds_that_key() {
    let json = data!("rfc7517-b-x5c.jwk");
    let thumbprint = "pJm2BBpkB8y7tCqrWM0X37WOmQTO8zQw-VpxVgBb21I";
    assert_eq!(key(json).certificate_thumbprint().map(|bytes| b64u(&bytes)).as_deref(), Some(thumbprint));
    assert_eq!(key(EC).certificate_thumbprint(), None);
    assert_eq!(refusal(&with(json, &format!(r#""x5t#S256":"{thumbprint}""#))), None);
    let named = with(EC, &format!(r#""x5t#S256":"{thumbprint}""#));
    assert_eq!(key(&named).certificate_thumbprint(), key(json).certificate_thumbprint());

    let chain = json.split("\"x5c\":").nth(1).unwrap().strip_suffix('}').unwrap();
    for (hostile, member) in [
        // Another key's certificate.
        (with(data!("other-rsa.jwk"), &format!(r#""x5c":{chain}"#)), "x5c"),
        (with(EC, &format!(r#""x5c":{chain}"#)), "x5c"),
        (with(json, &format!(r#""x5t#S256":"{}""#, "A".repeat(43))), "x5t#S256"),
        (changed(json, "MIID", "MIIE"), "x5c"),
        (changed(json, "==\"]", "\"]"), "x5c"),
        (with(EC, r#""x5c":[]"#), "x5c"),
        (with(EC, r#""x5c":"AAAA""#), "x5c"),
        (with(EC, r#""x5c":[7]"#), "x5c"),
        (with(EC, &format!(r#""x5c":["{}"]"#, "A".repeat(22 * 1024))), "x5c"),
        (with(EC, &format!(r#""x5c":[{}"AAAA"]"#, r#""AAAA","#.repeat(8))), "x5c"),
    ] {
        assert_eq!(refusal(&hostile), Some(BadJwk::Member(member)), "{hostile}");
    }
}

#[test]
fn a_key_is_bounded_and_strict_json() {
    assert_eq!(refusal(&with(EC, r#""kty":"EC""#)), Some(BadJwk::Json(BadJson::Duplicate)));
    assert_eq!(refusal(&with(EC, r#""more":{"a":{"b":{}}}"#)), Some(BadJwk::Json(BadJson::TooDeep)));
    assert_eq!(
        refusal(&with(EC, &format!("\"m\":\"{}\"", "x".repeat(JWK_BYTES_MAX)))),
        Some(BadJwk::Json(BadJson::TooLong))
    );
    assert_eq!(refusal("[]"), Some(BadJwk::Json(BadJson::NotAnObject)));
}

#[test]
fn a_set_keeps_what_verifies_and_counts_what_it_skips() {
    let encryption = with(EC, r#""use":"enc","kid":"e""#);
    let read = set(&[RSA, &encryption, EC, r#"{"kty":"XYZ","x":1}"#, data!("rsa-1024.jwk")]).unwrap();
    assert_eq!((read.keys().len(), read.skipped()), (2, 3));
    assert!(read.keys()[0] == key(RSA) && read.keys()[1] == key(EC));
    let again = JwkSet::parse(read.to_json().as_bytes()).unwrap();
    assert_eq!((again.keys().len(), again.skipped(), again.to_json()), (2, 0, read.to_json()));
    assert_eq!(set(&[]).unwrap().keys().len(), 0);
    assert_eq!(JwkSet::default().keys().len(), 0);
}

#[test]
fn the_set_of_rfc_7517_appendix_a_keeps_its_signature_key() {
    let encryption = concat!(
        r#"{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","#,
        r#""y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"enc","kid":"1"}"#
    );
    let read = set(&[encryption, RSA]).unwrap();
    assert_eq!((read.keys().len(), read.skipped(), read.keys()[0].kid()), (1, 1, Some("2011-04-29")));
}

#[test]
fn a_malformed_set_is_an_error() {
    let refusal = |json: &str| JwkSet::parse(json.as_bytes()).err();
    for json in ["{}", r#"{"keys":{}}"#, r#"{"keys":null}"#, r#"{"keys":[7]}"#, r#"{"keys":[[]]}"#] {
        assert_eq!(refusal(json), Some(BadJwk::NotASet), "{json}");
    }
    assert_eq!(refusal("[]"), Some(BadJwk::Json(BadJson::NotAnObject)));
    assert_eq!(refusal(r#"{"keys":[],"keys":[]}"#), Some(BadJwk::Json(BadJson::Duplicate)));
    assert_eq!(set(&[EC, "{}"]).err(), Some(BadJwk::Member("kty")));
    assert_eq!(set(&[EC, &changed(EC, "x_FE", "x_FF")]).err(), Some(BadJwk::Key(BadKey::Point)));
    assert_eq!(set(&[EC, &with(EC, r#""alg":"RS256""#)]).err(), Some(BadJwk::Key(BadKey::OtherKind)));
    assert_eq!(set(&[EC, r#"{"kty":"oct","k":"AAAA"}"#]).err(), Some(BadJwk::Private));
    assert_eq!(set(&[&with(EC, r#""use":"enc","d":"AAAA""#)]).err(), Some(BadJwk::Private));
}

#[test]
fn sets_are_bounded() {
    assert!(set(&[EC; JWK_SET_KEYS_MAX]).is_ok());
    assert_eq!(set(&[EC; JWK_SET_KEYS_MAX + 1]).err(), Some(BadJwk::TooManyKeys));
    let skipped = [r#"{"kty":"XYZ"}"#; JWK_SET_KEYS_MAX + 1];
    assert_eq!(set(&skipped).err(), Some(BadJwk::TooManyKeys));
    assert!(set(&[&with(EC, r#""key_ops":["verify"]"#)]).is_ok());
    assert_eq!(set(&[&with(EC, r#""m":[[]]"#)]).err(), Some(BadJwk::Json(BadJson::TooDeep)));
    let long = format!(r#"{{"keys":[]{}}}"#, " ".repeat(JWK_SET_BYTES_MAX));
    assert_eq!(JwkSet::parse(long.as_bytes()).err(), Some(BadJwk::Json(BadJson::TooLong)));
}

#[test]
fn a_signature_finds_its_key_by_name_and_kind() {
    let (es, rs) = (data!("rfc7515-a3-es256.jws"), data!("other-rs256.jws"));
    let parse = |text| Jws::parse(text, usize::MAX).unwrap();
    let other_point = data!("other-es384.jwk");
    let read = set(&[other_point, data!("other-rsa.jwk"), EC]).unwrap();
    assert_eq!(read.verify(&parse(es)), Ok(&key(EC)));
    assert_eq!(read.verify(&parse(rs)), Ok(&key(data!("other-rsa.jwk"))));
    assert_eq!(read.candidates(&parse(es).header).count(), 1);
    assert_eq!(set(&[other_point]).unwrap().verify(&parse(es)), Err(BadJws::NoKey));
    assert_eq!(set(&[data!("rfc7515-a2-rs256.jwk")]).unwrap().verify(&parse(rs)), Err(BadJws::Signature));
    // The key says that it is for PS256, so it is not tried for RS256.
    let ps_only = with(data!("other-rsa.jwk"), r#""alg":"PS256""#);
    assert_eq!(set(&[&ps_only]).unwrap().verify(&parse(rs)), Err(BadJws::NoKey));
    assert!(set(&[&ps_only]).unwrap().verify(&parse(data!("other-ps256.jws"))).is_ok());
}

#[test]
fn a_name_in_the_header_must_be_the_keys() {
    let jws = Jws::parse(data!("rfc7520-4-2-ps384.jws"), usize::MAX).unwrap();
    let named = data!("rfc7520-4-2-ps384.jwk");
    assert!(set(&[named]).unwrap().verify(&jws).is_ok());
    assert!(set(&[data!("other-rsa.jwk"), named]).unwrap().verify(&jws).is_ok());
    for renamed in [changed(named, "bilbo", "frodo"), changed(named, r#""kid":"bilbo.baggins@hobbiton.example","#, "")]
    {
        assert_eq!(set(&[&renamed]).unwrap().verify(&jws), Err(BadJws::NoKey));
    }
}

#[test]
fn only_four_keys_are_tried() {
    let jws = Jws::parse(data!("other-rs256.jws"), usize::MAX).unwrap();
    let (wrong, right) = (data!("rfc7515-a2-rs256.jwk"), data!("other-rsa.jwk"));
    assert!(set(&[wrong, wrong, wrong, right]).unwrap().verify(&jws).is_ok());
    assert_eq!(set(&[wrong, wrong, wrong, wrong, right]).unwrap().verify(&jws), Err(BadJws::Signature));
}

#[test]
fn a_key_prints_its_kind_only() {
    assert_eq!(format!("{:?}", key(RSA)), r#"PublicJwk { kty: "RSA", alg: Some(Rs256), .. }"#);
}
