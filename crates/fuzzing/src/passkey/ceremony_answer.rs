//! The page's JSON, for either half of a ceremony.

use ::passkey::{AuthenticationResponse, RESPONSE_BYTES_MAX, RegistrationResponse};
use crypto::b64u;
use serde_json::Value;

use super::stage::{REGISTRATIONS, SIGNED, assertion_json, credential_id, registration_json};
use crate::Verdict;

pub(crate) fn check(json: &[u8]) -> Verdict {
    let created = RegistrationResponse::parse(json);
    let got = AuthenticationResponse::parse(json);
    let ids = [created.as_ref().ok().map(|r| r.credential_id()), got.as_ref().ok().map(|r| r.credential_id())];
    for id in ids.into_iter().flatten() {
        assert!(json.len() <= RESPONSE_BYTES_MAX);
        assert!((1..=1023).contains(&id.len()));
        assert!(std::str::from_utf8(json).is_ok());
        // What ours passes over, another reader may look into and refuse: numbers that fit nowhere, halves of pairs.
        let Ok(seen) = serde_json::from_slice::<Value>(json) else { continue };
        assert_eq!(seen["id"], b64u(id), "two readers see one id");
        assert_eq!(seen["rawId"], b64u(id));
        assert_eq!(seen["type"], "public-key");
    }
    if let Some(handle) = got.as_ref().ok().and_then(AuthenticationResponse::user_handle) {
        assert!(handle.len() <= 64);
    }
    if ids == [None, None] { Verdict::Refused } else { Verdict::Taken }
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let honest = &REGISTRATIONS[0];
    let id = credential_id(&honest.data).expect("an honest registration has an id");
    let created = registration_json(id, &honest.client_data, &honest.object);
    let got = assertion_json(&SIGNED.passkey.credential_id, &SIGNED.client_data, &SIGNED.data, &SIGNED.signature);
    let short = assertion_json(b"i", b"{}", b"d", b"s");
    vec![
        created.replace("\"usb\"", "\"usb\",\"usb\",\"cable\",\"tin-can\"").into_bytes(),
        created.into_bytes(),
        got.into_bytes(),
        short.replace("userHandle", "userhandle").into_bytes(),
        short.replacen("public-key", "password", 1).into_bytes(),
        short.into_bytes(),
    ]
}
