//! Second readers, from other libraries, to hold ours against.

use minicbor::{Decoder, data::Type};
use serde_json::Value;

/// The entries of a CBOR map as another reader sees them: each key as it is encoded, each value as a range of `bytes`.
pub(crate) fn cbor_entries(bytes: &[u8]) -> Option<Vec<(CborKey, std::ops::Range<usize>)>> {
    let mut decoder = Decoder::new(bytes);
    let count = decoder.map().ok()??;
    let mut entries = Vec::new();
    for _ in 0..count {
        let key = match decoder.datatype().ok()? {
            Type::String => CborKey::Text(decoder.str().ok()?.to_owned()),
            _ => CborKey::Int(decoder.i64().ok()?),
        };
        let begin = decoder.position();
        decoder.skip().ok()?;
        entries.push((key, begin..decoder.position()));
    }
    (decoder.position() == bytes.len()).then_some(entries)
}

/// A key of a CBOR map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CborKey {
    Int(i64),
    Text(String),
}

/// The one value under `key`, as encoded. Panics when there are two: a reader that took the map should have refused it.
pub(crate) fn cbor_member<'b>(bytes: &'b [u8], key: &CborKey) -> Option<&'b [u8]> {
    let entries = cbor_entries(bytes)?;
    let mut found = entries.into_iter().filter(|(known, _)| known == key);
    let (_, range) = found.next()?;
    assert!(found.next().is_none(), "a map that was taken says a key twice");
    Some(&bytes[range])
}

/// A byte string under a text key.
pub(crate) fn cbor_bytes<'b>(bytes: &'b [u8], key: &str) -> Option<&'b [u8]> {
    let member = cbor_member(bytes, &CborKey::Text(key.to_owned()))?;
    Decoder::new(member).bytes().ok()
}

/// A text under a text key.
pub(crate) fn cbor_text<'b>(bytes: &'b [u8], key: &str) -> Option<&'b str> {
    let member = cbor_member(bytes, &CborKey::Text(key.to_owned()))?;
    Decoder::new(member).str().ok()
}

/// The depth of a JSON value: an object of plain values has depth 1.
pub(crate) fn json_depth(value: &Value) -> usize {
    match value {
        Value::Array(values) => 1 + values.iter().map(json_depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(json_depth).max().unwrap_or(0),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}
