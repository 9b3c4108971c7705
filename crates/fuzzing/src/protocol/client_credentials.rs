//! Client ids and secrets, in a header or in a form.

use ::oauth::{
    ClientAuth, RawParams,
    authentication::{AuthenticationFacts, Credentials, KeyFact, authenticate},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::stage::{KEYS, NOW, SECRET, US, client, encoded};
use crate::Verdict;

/// The form, a line end, the Authorization header; without a line end there is no header.
pub(crate) fn check(bytes: &[u8]) -> Verdict {
    let Ok(text) = std::str::from_utf8(bytes) else { return Verdict::Refused };
    let (form, header) = text.split_once('\n').map_or((text, None), |(form, header)| (form, Some(header)));
    let Ok(params) = RawParams::parse(form) else { return Verdict::Refused };
    let read = Credentials::read(header, &params, None);
    if let Ok(credentials) = &read {
        assert!(header.is_none() || params.one("client_secret") == Ok(None), "two methods in one request");
        let named = params.value("client_id");
        assert!(named.is_none() || credentials.client_id() == named, "two clients in one request");
        let known = client(ClientAuth::SecretBasic);
        let facts = AuthenticationFacts {
            issuer: &US,
            keys: &KEYS,
            client: Some(&known),
            client_keys: KeyFact::NotLoaded,
            assertion_spent: false,
        };
        let shown = header.map_or_else(|| params.value("client_secret").map(str::to_owned), secret_of);
        let right = credentials.client_id() == Some("app") && shown.as_deref() == Some(SECRET);
        assert_eq!(
            authenticate(credentials, &facts, "/token", NOW).is_ok(),
            right,
            "judged by something else than the secret"
        );
    }
    Verdict::of(&read)
}

/// The secret in a header, as another reader decodes it.
fn secret_of(header: &str) -> Option<String> {
    let token = header.split_once(' ')?.1.trim_matches(' ');
    let pair = String::from_utf8(BASE64_STANDARD.decode(token).ok()?).ok()?;
    let secret = pair.split_once(':')?.1.replace('&', "%26").replace('=', "%3D");
    let decoded = form_urlencoded::parse(format!("s={secret}").as_bytes()).next()?.1.into_owned();
    Some(decoded)
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let basic = |pair: String| format!("Basic {}", BASE64_STANDARD.encode(pair));
    let right = basic(format!("app:{}", encoded(SECRET)));
    vec![
        format!("grant_type=x\n{right}").into_bytes(),
        format!("client_id=app\n{}", right.replacen("Basic", "bAsIc", 1)).into_bytes(),
        format!("client_id=other\n{right}").into_bytes(),
        format!("client_secret=x\n{right}").into_bytes(),
        format!("client_id=app&client_secret={}", encoded(SECRET)).into_bytes(),
        format!("client_id=app\n{}", basic("app:%zz".to_owned())).into_bytes(),
        format!("\n{}", basic("app".to_owned())).into_bytes(),
        b"client_id=app\nBearer x".to_vec(),
        b"client_id=app".to_vec(),
    ]
}
