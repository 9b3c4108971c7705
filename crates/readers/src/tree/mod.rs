//! One tree for JSON, YAML and evaluated HCL: what a configuration reader looks at. Every node knows its line.

mod json;
mod yaml;

use cutover::{Cause, Template};

pub use json::parse_json;
pub use yaml::parse_yaml;

/// Deepest nesting of any document, in levels. Real exports stay below twenty.
pub const DEPTH_MAX: usize = 128;
/// Most nodes of one document after its aliases are followed: a bound on documents that unfold without end.
pub const NODES_MAX: usize = 20_000_000;

/// A value and the line that it starts on.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Line in its file, counted from 1.
    pub line: u32,
    /// A local YAML tag without its exclamation mark (`Ref`, `If` …).
    pub tag: Option<Box<str>>,
    /// The value.
    pub value: Value,
}

/// What stands at a place.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing, said outright.
    Null,
    /// True or false.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// A text with parts that are filled in elsewhere.
    Template(Template),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the file. A key that is said twice counts as its last.
    Map(Vec<(String, Node)>),
    /// Something is said here, but the file does not tell what it comes to.
    Unknown(Cause),
}

/// Why a document can't be read as what it seems to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct Malformed {
    /// Line, counted from 1.
    pub line: u32,
    /// What was wrong; never a piece of the document.
    pub reason: String,
}

impl Malformed {
    pub(crate) fn new(line: u32, reason: impl Into<String>) -> Self {
        Self { line, reason: reason.into() }
    }
}

impl Node {
    /// A node without a tag.
    #[must_use]
    pub fn new(line: u32, value: Value) -> Self {
        Self { line, tag: None, value }
    }

    /// The value of a key, if this is a map that has it; or a list of just one map, as which Terraform writes a block. Of something
    /// unknown every key is unknown, never absent.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            Value::Map(entries) => entries.iter().rev().find(|(name, _)| name == key).map(|(_, node)| node),
            Value::List(items) => match items.as_slice() {
                [only] if matches!(only.value, Value::Map(_) | Value::Unknown(_)) => only.get(key),
                _ => None,
            },
            Value::Unknown(_) => Some(self),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Template(_) => None,
        }
    }

    /// The value at the end of a path of keys.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The text, if this is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// True or false, also where a product writes it as a text.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match &self.value {
            Value::Bool(value) => Some(*value),
            Value::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// A whole number, also where a product writes it as a text.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        match &self.value {
            // The cast is exact: integers up to 2^53 are.
            #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and within 2^53")]
            Value::Number(value) if value.fract() == 0.0 && value.abs() < 9.0e15 => Some(*value as i64),
            Value::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// The items, if this is a list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// The entries, if this is a map.
    #[must_use]
    pub fn as_map(&self) -> Option<&[(String, Self)]> {
        match &self.value {
            Value::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// Whether this is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// How many nodes hang here, this one included.
    pub(crate) fn count(&self) -> usize {
        match &self.value {
            Value::List(items) => 1 + items.iter().map(Self::count).sum::<usize>(),
            Value::Map(entries) => 1 + entries.iter().map(|(_, node)| node.count()).sum::<usize>(),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::Template(_)
            | Value::Unknown(_) => 1,
        }
    }
}

/// What is known when a condition that nobody knows chooses between two. Of two lists everything is kept that may be there; of other
/// values only what both sides say.
pub(crate) fn either(yes: Node, no: Node, cause: Cause) -> Value {
    match (yes.value, no.value) {
        (Value::List(mut items), Value::List(others)) => {
            for other in others {
                if !items.iter().any(|item| item.value == other.value) {
                    items.push(other);
                }
            }
            Value::List(items)
        }
        (Value::List(items), Value::Null) | (Value::Null, Value::List(items)) => Value::List(items),
        (yes, no) if yes == no => yes,
        _ => Value::Unknown(cause),
    }
}
