//! Strict JSON: objects that came from outside, read once, with every bound stated.
//!
//! Two readers that disagree on a document are an attack waiting to be found. So a name that stands twice is refused at
//! every depth (RFC 7515 §4, RFC 7519 §4 leave the choice between refusing and taking the last; we refuse), escapes are
//! undone before names are compared, nothing may follow the document, and nesting is bounded before it is entered.

mod claims;
mod read;

use std::collections::BTreeMap;

pub use claims::{BadClaim, CLAIMS_BYTES_MAX, CLAIMS_DEPTH_MAX, Claims};

/// Why a document was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadJson {
    /// More bytes than its reader allows.
    #[error("the JSON document is too long")]
    TooLong,
    /// Nested deeper than its reader allows.
    #[error("the JSON document is nested too deeply")]
    TooDeep,
    /// One object says a name twice.
    #[error("a JSON object says the same name twice")]
    Duplicate,
    /// Anything else than one JSON object in UTF-8 (RFC 8259).
    #[error("expected one JSON object")]
    NotAnObject,
}

/// How much a reader takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Most bytes.
    pub bytes_max: usize,
    /// Deepest nesting: an object of plain values has depth 1.
    pub depth_max: usize,
}

/// One JSON value.
#[derive(Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number written without fraction and exponent that fits.
    Integer(i64),
    /// Any other number; never infinite.
    Float(f64),
    /// A string.
    Text(String),
    /// An array.
    Array(Vec<Value>),
    /// An object.
    Object(Object),
}

impl Value {
    /// The string, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The elements, if it is an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Value]> {
        if let Self::Array(values) = self { Some(values) } else { None }
    }

    /// The object, if it is one.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }

    /// The strings, if it is an array of strings and nothing else.
    #[must_use]
    pub fn as_texts(&self) -> Option<Vec<&str>> {
        self.as_array()?.iter().map(Self::as_text).collect()
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Values may be personal or secret: only their kind is told.
        f.write_str(match self {
            Self::Null => "Null",
            Self::Bool(_) => "Bool(…)",
            Self::Integer(_) => "Integer(…)",
            Self::Float(_) => "Float(…)",
            Self::Text(_) => "Text(…)",
            Self::Array(_) => "Array(…)",
            Self::Object(_) => "Object(…)",
        })
    }
}

/// One JSON object, without duplicate names. The order of its members is not kept: it has no meaning (RFC 8259 §1).
#[derive(Clone, PartialEq, Default)]
pub struct Object(BTreeMap<String, Value>);

impl Object {
    /// The member of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Whether there is such a member, be it `null`.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The names, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The members, in the alphabetical order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Debug for Object {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Object({} members)", self.0.len())
    }
}

/// Reads `bytes` as one object.
///
/// # Errors
/// [`BadJson`]; the length is checked before anything is read.
pub fn parse_object(bytes: &[u8], bounds: Bounds) -> Result<Object, BadJson> {
    if bytes.len() > bounds.bytes_max {
        return Err(BadJson::TooLong);
    }
    read::object(bytes, bounds.depth_max)
}

/// `text` as a JSON string, quotes included.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests;
