//! Client data: JSON that a browser writes, and that anybody else can write as well.

use serde_json::Value;
use testkit::catalogue::{ORIGIN, REGISTRATION_CHALLENGE};

use super::stage::{REGISTRATIONS, credential_id, register, registration_json};
use crate::Verdict;

pub(crate) fn check(client_data: &[u8]) -> Verdict {
    // Format `none`: nothing but the checks of the client data stands between these bytes and a new passkey.
    let honest = &REGISTRATIONS[0];
    let id = credential_id(&honest.data).expect("an honest registration has an id");
    let taken = register(&registration_json(id, client_data, &honest.object));
    if taken.is_ok() {
        let text = client_data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(client_data);
        assert!(std::str::from_utf8(text).is_ok());
        // What ours passes over, another reader may look into and refuse: numbers that fit nowhere, halves of pairs.
        let Ok(seen) = serde_json::from_slice::<Value>(text) else { return Verdict::Taken };
        assert_eq!(seen["type"], "webauthn.create");
        assert_eq!(seen["challenge"], crypto::b64u(&REGISTRATION_CHALLENGE));
        assert_eq!(seen["origin"], ORIGIN);
        assert!(matches!(seen["crossOrigin"], Value::Null | Value::Bool(false)), "a foreign frame");
        assert!(seen["topOrigin"].is_null(), "a foreign page around ours");
    }
    Verdict::of(&taken)
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let honest = String::from_utf8(REGISTRATIONS[0].client_data.clone()).expect("the kit writes UTF-8");
    let with = |more: &str| honest.replacen('{', &format!("{{{more},"), 1).into_bytes();
    vec![
        honest.clone().into_bytes(),
        [b"\xef\xbb\xbf", honest.as_bytes()].concat(),
        with(r#""tokenBinding":{"status":"supported"}"#),
        with(r#""topOrigin":"https://portal.example.com""#),
        with(r#""origin":"https://evil.example""#),
        with(r#""other_keys_can_be_added_here":"[[[[[[[[""#),
        honest.replace("https://", "https:\\u002f\\u002f").into_bytes(),
        honest.replace("false", "true").into_bytes(),
    ]
}
