//! What a command asks, and what it hears.

use std::fmt::Display;

use model::Secret;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    ClientsRequest, ExceptionsRequest, KeysRequest, PeopleRequest, RegistrationRequest, SubjectsRequest, secret_text,
};

/// Everything that can be asked.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// About people.
    People(PeopleRequest),
    /// About applications.
    Clients(ClientsRequest),
    /// About rules that are relaxed for an application.
    Exceptions(ExceptionsRequest),
    /// About signing keys.
    Keys(KeysRequest),
    /// About subjects that applications bring along.
    Subjects(SubjectsRequest),
    /// About who may register applications by themselves.
    Registration(RegistrationRequest),
    /// A link that marks a browser as one that several people share.
    WorkstationLink,
}

/// The answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Response {
    /// It was done, or looked at.
    Done(Reply),
    /// It was not; nothing has changed.
    Refused(Refused),
}

/// What to tell the operator.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// Sentences for people.
    pub lines: Vec<String>,
    /// Secrets that are shown now and never again.
    pub told_once: Vec<ToldOnce>,
    /// A table.
    pub listing: Option<Listing>,
    /// One thing in full, for programs.
    pub document: Option<Value>,
    /// Whether the answer is yes.
    pub verdict: Verdict,
}

/// Whether the answer is yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Done, or nothing stands against it.
    #[default]
    Yes,
    /// Looked at, and something stands against it.
    No,
}

/// A secret that is shown once.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldOnce {
    /// Whose it is: a client id or a sign-in name.
    pub whose: String,
    /// What it is, as a line before it.
    pub words: String,
    /// The secret.
    #[serde(with = "secret_text")]
    pub secret: Secret<String>,
}

/// A table: `columns` name the members of each row.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// Names of the columns, in lower case with underscores.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// In one sentence.
    pub what: String,
    /// Everything that stands against it, one by one, each with its cure.
    pub remarks: Vec<String>,
}

impl Reply {
    /// One sentence.
    pub(super) fn said(line: impl Display) -> Self {
        Self { lines: vec![line.to_string()], ..Self::default() }
    }

    /// A table and nothing else.
    pub(super) fn table(columns: &[&str], rows: Vec<Vec<Value>>) -> Self {
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        Self { listing: Some(Listing { columns, rows }), ..Self::default() }
    }

    /// One more sentence.
    pub(super) fn and(mut self, line: impl Display) -> Self {
        self.lines.push(line.to_string());
        self
    }

    /// And a secret.
    pub(super) fn telling(mut self, whose: &str, words: impl Display, secret: Secret<String>) -> Self {
        self.told_once.push(ToldOnce { whose: whose.to_owned(), words: words.to_string(), secret });
        self
    }
}

impl Refused {
    pub(super) fn new(what: impl Display) -> Self {
        Self { what: what.to_string(), remarks: Vec::new() }
    }

    pub(super) fn because(what: impl Display, remarks: Vec<String>) -> Self {
        Self { what: what.to_string(), remarks }
    }
}

/// For `map_err`: the store said no.
pub(super) fn failed<E: Display>(to: &'static str) -> impl Fn(E) -> Refused {
    move |error| Refused::new(format_args!("failed to {to}: {error}"))
}
