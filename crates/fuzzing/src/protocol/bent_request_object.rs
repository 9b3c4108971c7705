//! A signed authorization request after somebody bent it.

use ::oauth::{
    ClientAuth, PushedFact, RawParams, Resolution, ResolveFacts, authentication::KeyFact, authorize::resolve,
};

use super::{
    request_object_claims::{CLAIMS, TYP},
    stage::{NOW, US, client, encoded, sign},
};
use crate::{
    Verdict,
    bend::{bend, scripts},
};

pub(crate) fn check(script: &[u8]) -> Verdict {
    let honest = sign(TYP, "", CLAIMS.as_bytes());
    let bent = String::from_utf8_lossy(&bend(honest.as_bytes(), script)).into_owned();
    let query = format!("client_id=app&scope=orders&state=unsigned&request={}", encoded(&bent));
    let Ok(params) = RawParams::parse(&query) else { return Verdict::Refused };
    let known = client(ClientAuth::SecretBasic);
    let facts = ResolveFacts {
        issuer: &US,
        client: Some(&known),
        client_keys: KeyFact::NotLoaded,
        pushed: PushedFact::NotNamed,
    };
    match resolve(params, &facts, NOW) {
        Resolution::Request(request) if request.is_signed() => {
            assert_eq!(bent, honest, "a request that the client never signed");
            assert_eq!(request.params().value("state"), Some("signed"), "what stands outside counts");
            Verdict::Taken
        }
        Resolution::Request(_) => {
            // An empty parameter counts as omitted; everything else in `request` is an object or a refusal.
            assert!(bent.is_empty(), "an object that was passed over");
            Verdict::Refused
        }
        Resolution::Need(_) => panic!("the keys are registered"),
        Resolution::Refused(_) => Verdict::Refused,
    }
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    scripts()
}
