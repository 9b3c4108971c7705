//! The `claims` parameter.

use ::oauth::claims_request::{CLAIM_NAME_BYTES_MAX, CLAIM_VALUES_MAX, CLAIMS_BYTES_MAX, CLAIMS_MAX, ClaimsRequest};

use crate::Verdict;

pub(crate) fn check(bytes: &[u8]) -> Verdict {
    let Ok(text) = std::str::from_utf8(bytes) else { return Verdict::Refused };
    let read = ClaimsRequest::parse(text);
    if let Ok(request) = &read {
        assert!(text.len() <= CLAIMS_BYTES_MAX);
        let wishes = || request.userinfo.iter().chain(&request.id_token);
        assert!(wishes().count() <= CLAIMS_MAX);
        assert!(wishes().all(|wish| wish.name.len() <= CLAIM_NAME_BYTES_MAX && wish.values.len() <= CLAIM_VALUES_MAX));
        // It is kept with the grant and read from there at each refresh: what was written must be readable, and the same.
        let kept = request.to_json();
        let again = ClaimsRequest::parse(&kept);
        assert_eq!(again.as_ref(), Ok(request), "what was kept reads differently");
    }
    Verdict::of(&read)
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    [
        "{}",
        r#"{"userinfo":{"given_name":{"essential":true},"email":null},"id_token":{"acr":{"values":["phr","phrh"]},"sub":{"value":"x"}}}"#,
        r#"{"id_token":{"auth_time":{"essential":true,"value":1.5},"a":{"value":{"b":[1,null]}}},"other":1}"#,
        r#"{"userinfo":[]}"#,
        r#"{"userinfo":{"a":{"essential":"yes"}}}"#,
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}
