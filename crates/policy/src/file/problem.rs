//! What stands against a configuration: where, what, and what would be right.

use std::fmt;

/// Longest text of the operator's that is said back, in characters.
const SHOWN_CHARS_MAX: usize = 64;

/// One thing that stands against the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where, by dotted path from the top of the file: `policy.rules.finance-keys.least`.
    pub path: String,
    /// What.
    pub fault: Fault,
}

/// What is wrong with a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// There is no such setting; these may stand there.
    UnknownKey {
        /// What was typed.
        typed: String,
        /// What is known.
        allowed: Vec<String>,
    },
    /// The value is none of these words.
    UnknownWord {
        /// What was typed.
        typed: String,
        /// What is known.
        allowed: Vec<String>,
    },
    /// Another kind of value belongs there.
    WrongKind {
        /// Which kind.
        wanted: &'static str,
    },
    /// The number is too small or too great.
    OutOfBounds {
        /// The smallest that is accepted.
        least: i64,
        /// The greatest that is accepted.
        most: i64,
    },
    /// The list or table holds more than it may.
    TooMany {
        /// As much is accepted.
        most: usize,
    },
    /// The list is empty, which could be read as "all" or as "none".
    EmptyList,
    /// The same thing twice.
    Repeated {
        /// Which.
        typed: String,
    },
    /// The name is not one ([`crate::NotAName`]).
    NotAName,
    /// A preset has a rule of that name.
    Taken,
    /// The text is empty, too long, or holds control characters.
    NotAText {
        /// As many characters are accepted.
        chars_max: usize,
    },
    /// A rule would allow something or ask nothing by this; only the base can allow.
    RuleAllows,
    /// The rule asks nothing.
    AsksNothing,
    /// The base would allow what no configuration can.
    BelowFloor,
    /// The base would ask less than that of the tier below.
    LooserThanLowerTier {
        /// That tier's word.
        lower: &'static str,
    },
    /// Another setting of the same table keeps this one from ever mattering.
    Contradicts {
        /// Which.
        with: &'static str,
    },
}

impl Problem {
    /// What was typed and what could have been meant, where the fault is a word that is not known: for "did you mean …?".
    #[must_use]
    pub fn choices(&self) -> Option<(&str, &[String])> {
        match &self.fault {
            Fault::UnknownKey { typed, allowed } | Fault::UnknownWord { typed, allowed } => Some((typed, allowed)),
            Fault::WrongKind { .. }
            | Fault::OutOfBounds { .. }
            | Fault::TooMany { .. }
            | Fault::EmptyList
            | Fault::Repeated { .. }
            | Fault::NotAName
            | Fault::Taken
            | Fault::NotAText { .. }
            | Fault::RuleAllows
            | Fault::AsksNothing
            | Fault::BelowFloor
            | Fault::LooserThanLowerTier { .. }
            | Fault::Contradicts { .. } => None,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.path, self.fault)
    }
}
impl std::error::Error for Problem {}

impl fmt::Display for Fault {
    /// A fragment that follows the setting's path.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey { allowed, .. } => write!(f, "is not a setting; there are {}", allowed.join(", ")),
            Self::UnknownWord { typed, allowed } => {
                write!(f, "says {typed:?}, which is none of {}", allowed.join(", "))
            }
            Self::WrongKind { wanted } => write!(f, "must be {wanted}"),
            Self::OutOfBounds { least, most } => write!(f, "must be between {least} and {most}"),
            Self::TooMany { most } => write!(f, "holds more than {most}"),
            Self::EmptyList => f.write_str("is empty, which says neither all nor none; leave it out to set no limit"),
            Self::Repeated { typed } => write!(f, "says {typed:?} twice"),
            Self::NotAName => write!(f, "is not a name: {}", crate::NotAName),
            Self::Taken => f.write_str("has the name of a preset's rule; choose another"),
            Self::NotAText { chars_max } => {
                write!(f, "must be 1 to {chars_max} characters without control characters")
            }
            Self::RuleAllows => {
                f.write_str("has no effect: rules only tighten; what is allowed is said in policy.base, for everyone")
            }
            Self::AsksNothing => f.write_str("asks nothing; say what it asks, or remove it"),
            Self::BelowFloor => f.write_str("allows what no configuration can allow on this tier"),
            Self::LooserThanLowerTier { lower } => write!(f, "asks less than the {lower} tier does"),
            Self::Contradicts { with } => write!(f, "can never matter, because of {with} beside it"),
        }
    }
}

/// Problems as they are found.
#[derive(Debug, Default)]
pub(super) struct Problems(Vec<Problem>);

impl Problems {
    pub(super) fn push(&mut self, path: &str, fault: Fault) {
        self.0.push(Problem { path: path.to_owned(), fault });
    }

    /// Reports each key that is not known, under `path`.
    pub(super) fn unknown_keys<'a>(&mut self, path: &str, keys: impl IntoIterator<Item = &'a String>, known: &[&str]) {
        for key in keys {
            let typed = shown(key);
            let allowed = known.iter().map(|word| (*word).to_owned()).collect();
            self.push(&format!("{path}.{typed}"), Fault::UnknownKey { typed, allowed });
        }
    }

    /// What `make` makes, if nothing stood against it before and nothing does then; all problems otherwise.
    pub(super) fn finish<T>(mut self, make: impl FnOnce(&mut Self) -> Option<T>) -> Result<T, Vec<Problem>> {
        if !self.0.is_empty() {
            return Err(self.0);
        }
        make(&mut self).ok_or(self.0)
    }
}

/// The operator's own text, fit to be said back in one line.
pub(super) fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(SHOWN_CHARS_MAX).collect()
}
