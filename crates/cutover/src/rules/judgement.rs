//! What a rule says about a client, and on what it rests.

use crate::{DefaultRow, Fact, List, Source, Value};

/// What a rule says about a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// The client keeps the rule, or the rule does not concern it.
    Holds,
    /// It breaks the rule; at least one piece of evidence.
    Breaks(Vec<Evidence>),
    /// Nobody can tell from what was read; at least one reason.
    Unknown(Vec<Evidence>),
}

/// One thing that a judgement rests on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// What was found, or why it can't be known. For people.
    pub text: String,
    /// Where.
    pub source: Source,
    /// The row that it rests on, when the file itself is silent.
    pub default: Option<&'static DefaultRow>,
}

impl Evidence {
    /// That a fact is what it is; `say` puts a known value into words, `what` names the thing when it is unknown.
    pub(crate) fn of<T>(fact: &Fact<T>, what: &str, say: impl Fn(&T) -> String) -> Self {
        let (text, default) = match &fact.value {
            Value::Certain(value) => (say(value), None),
            Value::Default(value, row) => (say(value), Some(*row)),
            Value::Unknown(cause) => (format!("{what}: {cause}"), None),
        };
        Self { text, source: fact.source.clone(), default }
    }

    /// Why a list, or some of it, is unknown.
    pub(crate) fn of_gaps<T>(list: &List<T>, what: &str) -> Vec<Self> {
        let mut gaps: Vec<Self> = list
            .rest
            .iter()
            .map(|(cause, source)| Self { text: format!("{what}: {cause}"), source: source.clone(), default: None })
            .collect();
        for fact in &list.items {
            if fact.known().is_none() {
                gaps.push(Self::of(fact, what, |_| String::new()));
            }
        }
        gaps
    }
}
