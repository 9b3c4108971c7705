//! Facts: a value, how certain it is, and where it was read.

use std::fmt;

use crate::{DefaultRow, Source};

/// What somebody's configuration says about one thing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact<T> {
    /// What, and how certainly.
    pub value: Value<T>,
    /// Where. For a default, and for what nobody said, the place where it would have stood: the client itself.
    pub source: Source,
}

/// A value and its certainty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value<T> {
    /// The file says so.
    Certain(T),
    /// The file is silent, and the product then does this.
    Default(T, &'static DefaultRow),
    /// It can't be known from what was read. Never to be taken for "no".
    Unknown(Cause),
}

/// Why something can't be known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The file is silent, and what the product then does is not known, or depends on something else.
    NotSaid,
    /// A variable or placeholder, filled in elsewhere; its name.
    Variable(String),
    /// It depends on a condition; the condition as written, shortened.
    Condition(String),
    /// An expression that is not evaluated here; as written, shortened.
    Expression(String),
    /// The product's version decides, and the file does not name it.
    Version,
    /// Something is written, but it is none of the values that the product knows; as written, shortened.
    Unreadable(String),
    /// Places that were read disagree; what they say, in order.
    Disagreement(Vec<String>),
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSaid => f.write_str("not said"),
            Self::Variable(name) => write!(f, "depends on the variable {name}"),
            Self::Condition(text) => write!(f, "depends on a condition: {text}"),
            Self::Expression(text) => write!(f, "depends on an expression: {text}"),
            Self::Version => f.write_str("depends on the product's version"),
            Self::Unreadable(text) => write!(f, "not a value that the product knows: {text}"),
            Self::Disagreement(said) => write!(f, "places disagree: {}", said.join("; ")),
        }
    }
}

impl<T> Fact<T> {
    /// The file says so, there.
    pub fn certain(value: T, source: Source) -> Self {
        Self { value: Value::Certain(value), source }
    }

    /// The file is silent there, and `row` says what the product then does.
    pub fn default(value: T, row: &'static DefaultRow, source: Source) -> Self {
        Self { value: Value::Default(value, row), source }
    }

    /// It can't be known.
    pub fn unknown(cause: Cause, source: Source) -> Self {
        Self { value: Value::Unknown(cause), source }
    }

    /// The value, stated or by default; `None` when it is unknown.
    pub fn known(&self) -> Option<&T> {
        match &self.value {
            Value::Certain(value) | Value::Default(value, _) => Some(value),
            Value::Unknown(_) => None,
        }
    }

    /// The same certainty and place, with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Fact<U> {
        let value = match self.value {
            Value::Certain(value) => Value::Certain(change(value)),
            Value::Default(value, row) => Value::Default(change(value), row),
            Value::Unknown(cause) => Value::Unknown(cause),
        };
        Fact { value, source: self.source }
    }
}

/// A list of which some entries, or the end, may be unknown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct List<T> {
    /// The entries that were read. An entry that is unknown stands for one entry or for many.
    pub items: Vec<Fact<T>>,
    /// Said when the list itself is unknown, or may hold more than `items`.
    pub rest: Option<(Cause, Source)>,
}

impl<T> List<T> {
    /// A list that somebody wrote out.
    pub fn complete(items: Vec<Fact<T>>) -> Self {
        Self { items, rest: None }
    }

    /// A list of which nothing is known.
    pub fn unknown(cause: Cause, source: Source) -> Self {
        Self { items: Vec::new(), rest: Some((cause, source)) }
    }

    /// Whether every entry is known, and there are no others.
    pub fn is_complete(&self) -> bool {
        self.rest.is_none() && self.items.iter().all(|item| item.known().is_some())
    }
}
