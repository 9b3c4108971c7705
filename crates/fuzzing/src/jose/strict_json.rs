//! The strict JSON reader, under every document that clients send.

use crypto::json::{BadJson, Bounds, Object, Value, parse_object};
use serde_json::Value as Other;

use crate::{Verdict, differ::json_depth};

const BOUNDS: Bounds = Bounds { bytes_max: 4 * 1024, depth_max: 8 };

pub(crate) fn check(bytes: &[u8]) -> Verdict {
    let read = parse_object(bytes, BOUNDS);
    assert_eq!(read == Err(BadJson::TooLong), bytes.len() > BOUNDS.bytes_max);
    if let Ok(object) = &read {
        let seen: Other = serde_json::from_slice(bytes).expect("another reader takes the document as well");
        assert!(json_depth(&seen) <= BOUNDS.depth_max);
        assert!(same_members(object, &seen), "two readers see different documents");
        let again = seen.to_string();
        let bounds = Bounds { bytes_max: usize::MAX, ..BOUNDS };
        assert!(parse_object(again.as_bytes(), bounds).is_ok_and(|object| same_members(&object, &seen)));
    }
    Verdict::of(&read)
}

fn same_members(ours: &Object, theirs: &Other) -> bool {
    let Other::Object(theirs) = theirs else { return false };
    ours.len() == theirs.len()
        && ours.iter().all(|(name, value)| theirs.get(name).is_some_and(|other| same(value, other)))
}

fn same(ours: &Value, theirs: &Other) -> bool {
    match (ours, theirs) {
        (Value::Null, Other::Null) => true,
        (Value::Bool(ours), Other::Bool(theirs)) => ours == theirs,
        (Value::Integer(ours), Other::Number(theirs)) => theirs.as_i64() == Some(*ours),
        (Value::Float(ours), Other::Number(theirs)) => {
            // Writing and reading a float again may move it by the last digit.
            ours.is_finite() && theirs.as_f64().is_some_and(|theirs| (ours - theirs).abs() <= ours.abs() * 1e-14)
        }
        (Value::Text(ours), Other::String(theirs)) => ours == theirs,
        (Value::Array(ours), Other::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
        }
        (Value::Object(ours), theirs) => same_members(ours, theirs),
        _ => false,
    }
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    [
        r#"{}"#,
        r#" {"n":null,"t":true,"i":-7,"f":1.5e3,"s":"\u00e9\"\ud83d\ude00","a":[1,"b",[]],"o":{"x":{}}} "#,
        r#"{"a":{"b":{"c":{"d":{"e":{"f":{"g":{}}}}}}}}"#,
        r#"{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{}}}}}}}}}"#,
        r#"{"a":1,"\u0061":2}"#,
        r#"{"a":9223372036854775807,"b":9223372036854775808,"c":-9223372036854775809,"d":1e308,"e":-0,"f":5e-324}"#,
        r#"{"a":1e400}"#,
        r#"{"a":"\ud800"}"#,
        r#"{"a":[[[[[[[[[]"#,
        r#"[{}]"#,
        r#"{}{}"#,
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}
