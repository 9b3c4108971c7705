//! One thing that stands against starting: where, what, and how to mend it.

use std::fmt;

/// Where a value or a problem is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// A line of the file, counted from 1.
    Line(usize),
    /// An environment variable.
    Variable(String),
    /// The file as a whole: something is missing.
    File,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Variable(name) => f.write_str(name),
            Self::File => f.write_str("the file"),
        }
    }
}

/// One thing that stands against starting. Never carries a secret: no setting holds one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    place: Place,
    what: String,
    fix: String,
}

impl Problem {
    pub(crate) fn new(place: Place, what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { place, what: what.into(), fix: fix.into() }
    }

    /// For sorting: problems with a line first, in order.
    pub(crate) fn line(&self) -> usize {
        match self.place {
            Place::Line(line) => line,
            Place::Variable(_) | Place::File => usize::MAX,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n  → {}", self.place, self.what, self.fix)
    }
}
