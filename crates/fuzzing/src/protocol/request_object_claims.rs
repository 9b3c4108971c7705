//! What a client may put into a request object that it signs.

use ::oauth::{
    ClientAuth, PushedFact, RawParams, Resolution, ResolveFacts,
    authentication::KeyFact,
    authorize::resolve,
    params::{LOWERED_BYTES_MAX, PUSHED_BYTES_MAX},
};
use serde_json::Value;

use super::stage::{NOW, US, client, sign};
use crate::Verdict;

pub(super) const TYP: &str = "oauth-authz-req+jwt";
pub(super) const CLAIMS: &str = r#"{"iss":"app","aud":"https://id.example.com","client_id":"app","nbf":1800000000,"exp":1800000060,"response_type":"code","redirect_uri":"https://app.example.com/cb","scope":"openid","state":"signed","nonce":"n","code_challenge":"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM","code_challenge_method":"S256"}"#;

pub(crate) fn check(claims: &[u8]) -> Verdict {
    let query = format!("client_id=app&state=unsigned&request={}", sign(TYP, "", claims));
    let Ok(params) = RawParams::parse_within(&query, PUSHED_BYTES_MAX) else { return Verdict::Refused };
    let known = client(ClientAuth::SecretBasic);
    let facts = ResolveFacts {
        issuer: &US,
        client: Some(&known),
        client_keys: KeyFact::NotLoaded,
        pushed: PushedFact::NotNamed,
    };
    match resolve(params, &facts, NOW) {
        Resolution::Request(request) => {
            assert!(request.is_signed());
            let seen: Value = serde_json::from_slice(claims).expect("another reader takes the claims as well");
            assert!(seen["client_id"] == "app" && seen["iss"] == "app");
            let mut bytes = 0;
            for name in ["response_type", "redirect_uri", "scope", "state", "nonce", "prompt", "login_hint"] {
                // Nothing is added, and nothing is taken from outside.
                let inside = request.params().value(name).unwrap_or_default();
                assert_eq!(seen.get(name).and_then(Value::as_str).unwrap_or_default(), inside, "{name}");
                bytes += inside.len();
            }
            assert!(bytes <= LOWERED_BYTES_MAX);
            assert_eq!(request.params().value("request"), None, "a request inside a request");
            Verdict::Taken
        }
        Resolution::Need(_) => panic!("the keys are registered"),
        Resolution::Refused(_) => Verdict::Refused,
    }
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let with = |more: &str| CLAIMS.replacen('{', &format!("{{{more},"), 1).into_bytes();
    vec![
        CLAIMS.into(),
        with(r#""max_age":300,"claims":{"id_token":{"email":{"essential":true}}}"#),
        with(r#""resource":["https://api.example.com/","https://b.example/"]"#),
        with(r#""authorization_details":[{"type":"payment","amount":1.0e2}]"#),
        with(r#""request_uri":"urn:x""#),
        with(r#""sub":"app""#),
        CLAIMS.replace("1800000060", "1900000000").into_bytes(),
        CLAIMS.replace("\"signed\"", "7").into_bytes(),
        br#"{"iss":"app"}"#.to_vec(),
    ]
}
