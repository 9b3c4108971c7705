//! The `claims` parameter.

use ::oauth::claims_request::{CLAIM_NAME_BYTES_MAX, CLAIM_VALUES_MAX, CLAIMS_BYTES_MAX, CLAIMS_MAX, ClaimsRequest};

use serde_json::Value;

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
        let again = ClaimsRequest::parse(&request.to_json()).expect("what we keep, we read");
        assert_eq!(outline(&again), outline(request), "what was kept asks for something else");
        if !wishes().any(|wish| wish.values.iter().any(|value| has_fraction(&parsed(value)))) {
            assert_eq!(&again, request, "what was kept reads differently");
        }
    }
    Verdict::of(&read)
}

/// What is asked for, without the values.
fn outline(request: &ClaimsRequest) -> Vec<(&str, bool, usize)> {
    let wishes = request.userinfo.iter().chain(&request.id_token);
    wishes.map(|wish| (wish.name.as_str(), wish.essential, wish.values.len())).collect()
}

fn parsed(value: &str) -> Value {
    serde_json::from_str(value).expect("a value is kept as JSON")
}

/// Whether a number is in it that is no whole one: reading such a number with very many digits and writing it again may move it by its
/// last binary digit.
fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(values) => values.iter().any(has_fraction),
        Value::Object(members) => members.values().any(has_fraction),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
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
