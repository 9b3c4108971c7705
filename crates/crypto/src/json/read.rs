//! The reader behind [`super::parse_object`]: the tokenizer is serde_json's, the rules are ours.

use std::{cell::Cell, collections::BTreeMap, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{BadJson, Object, Value};

/// Reads one object that fills `bytes`.
pub(super) fn object(bytes: &[u8], depth_max: usize) -> Result<Object, BadJson> {
    let fault = Cell::new(BadJson::NotAnObject);
    let mut source = serde_json::Deserializer::from_slice(bytes);
    let value = AnyValue { depth_left: depth_max, fault: &fault }.deserialize(&mut source).map_err(|_| fault.get())?;
    source.end().map_err(|_| BadJson::NotAnObject)?;
    match value {
        Value::Object(object) => Ok(object),
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) | Value::Text(_) | Value::Array(_) => {
            Err(BadJson::NotAnObject)
        }
    }
}

/// Reads any value. The library's errors can't carry ours, so the reason is left in `fault`.
#[derive(Clone, Copy)]
struct AnyValue<'f> {
    depth_left: usize,
    fault: &'f Cell<BadJson>,
}

impl AnyValue<'_> {
    fn refuse<E: Error>(self, why: BadJson) -> E {
        self.fault.set(why);
        E::custom(why)
    }

    /// One level further down.
    fn inside<E: Error>(self) -> Result<Self, E> {
        match self.depth_left.checked_sub(1) {
            Some(depth_left) => Ok(Self { depth_left, ..self }),
            None => Err(self.refuse(BadJson::TooDeep)),
        }
    }
}

impl<'de> DeserializeSeed<'de> for AnyValue<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnyValue<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        // What lies between the two types is too large for anything that we count; its neighbourhood is kept.
        Ok(i64::try_from(value).map_or(Value::Float(value as f64), Value::Integer))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        if value.is_finite() { Ok(Value::Float(value)) } else { Err(self.refuse(BadJson::NotAnObject)) }
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        // No room is reserved ahead: the library's hint would be the sender's word.
        let mut values = Vec::new();
        while let Some(value) = access.next_element_seed(inside)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut members = BTreeMap::new();
        while let Some(name) = access.next_key::<String>()? {
            if members.contains_key(&name) {
                return Err(self.refuse(BadJson::Duplicate));
            }
            let value = access.next_value_seed(inside)?;
            members.insert(name, value);
        }
        Ok(Value::Object(Object(members)))
    }
}
