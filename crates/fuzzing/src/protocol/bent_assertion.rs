//! A client's assertion about itself after somebody bent it.

use ::oauth::{
    ClientAuth, RawParams,
    authentication::{AuthenticationFacts, Credentials, KeyFact, authenticate},
};

use super::stage::{ISSUER, KEYS, NOW, NOW_SECONDS, US, client, encoded, sign};
use crate::{
    Verdict,
    bend::{bend, scripts},
};

fn honest() -> String {
    let exp = NOW_SECONDS + 60;
    let claims = format!(r#"{{"iss":"app","sub":"app","aud":"{ISSUER}","jti":"one","iat":{NOW_SECONDS},"exp":{exp}}}"#);
    sign("client-authentication+jwt", "", claims.as_bytes())
}

pub(crate) fn check(script: &[u8]) -> Verdict {
    let honest = honest();
    let bent = String::from_utf8_lossy(&bend(honest.as_bytes(), script)).into_owned();
    let kind = encoded("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    let form = format!("client_assertion_type={kind}&client_assertion={}", encoded(&bent));
    let Ok(params) = RawParams::parse(&form) else { return Verdict::Refused };
    let Ok(credentials) = Credentials::read(None, &params, None) else { return Verdict::Refused };
    let known = client(ClientAuth::PrivateKeyJwt);
    let facts = AuthenticationFacts {
        issuer: &US,
        keys: &KEYS,
        client: Some(&known),
        client_keys: KeyFact::NotLoaded,
        assertion_spent: false,
    };
    let proved = authenticate(&credentials, &facts, "/token", NOW);
    assert_eq!(proved.is_ok(), bent == honest, "an assertion that the client never signed");
    let spent = AuthenticationFacts { assertion_spent: true, ..facts };
    assert!(authenticate(&credentials, &spent, "/token", NOW).is_err(), "a spent assertion");
    Verdict::of(&proved)
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    scripts()
}
