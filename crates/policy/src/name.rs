//! Names of rules and segments: short, plain, safe in a log and on a page.

use std::{fmt, sync::Arc};

/// Longest name, in bytes.
pub const NAME_BYTES_MAX: usize = 64;

/// The text is not a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected 1 to 64 lower-case letters, digits, dots, hyphens and underscores, beginning with a letter, and neither \"base\" nor \"floor\""
)]
pub struct NotAName;

/// Names that belong to us.
const RESERVED: [&str; 2] = ["floor", "base"];

fn check(text: &str) -> Result<Arc<str>, NotAName> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_');
    let fits = text.len() <= NAME_BYTES_MAX && text.as_bytes().first().is_some_and(u8::is_ascii_lowercase);
    if fits && text.bytes().all(plain) && !RESERVED.contains(&text) { Ok(text.into()) } else { Err(NotAName) }
}

/// A rule's name: its id in exceptions, logs and the API. Cheap to clone.
///
/// What was decided by no rule has a name as well, so that every answer to "why?" names something: [`Self::FLOOR`] and [`Self::BASE`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleName(Named);

/// In the order of who is named when several decide alike: first what can't be changed, then what holds for everyone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Named {
    Floor,
    Base,
    Rule(Arc<str>),
}

impl RuleName {
    /// What no configuration can lower, see [`crate::floor()`].
    pub const FLOOR: Self = Self(Named::Floor);
    /// What is asked of everyone on the tier.
    pub const BASE: Self = Self(Named::Base);

    /// Checks the characters and the length.
    ///
    /// # Errors
    /// [`NotAName`] for anything but 1 to [`NAME_BYTES_MAX`] of `a-z 0-9 . - _`, beginning with a letter; and for the names of base and floor.
    pub fn parse(text: &str) -> Result<Self, NotAName> {
        check(text).map(|name| Self(Named::Rule(name)))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Named::Floor => RESERVED[0],
            Named::Base => RESERVED[1],
            Named::Rule(name) => name,
        }
    }

    /// Whether this names a rule, which an exception can take away, and not base or floor.
    #[must_use]
    pub const fn is_rule(&self) -> bool {
        matches!(self.0, Named::Rule(_))
    }
}

/// A segment's name. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentName(Arc<str>);

impl SegmentName {
    /// Checks the characters and the length, as [`RuleName::parse`] does.
    ///
    /// # Errors
    /// [`NotAName`].
    pub fn parse(text: &str) -> Result<Self, NotAName> {
        check(text).map(Self)
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RuleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl fmt::Debug for RuleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RuleName({self})")
    }
}
impl fmt::Display for SegmentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl fmt::Debug for SegmentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SegmentName({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_ours_are_taken() {
        for good in ["a", "finance-keys", "aal3_administrator", "fido_high.above_standard", &"a".repeat(NAME_BYTES_MAX)]
        {
            assert_eq!(RuleName::parse(good).map(|name| name.as_str().to_owned()).as_deref(), Ok(good));
            assert_eq!(SegmentName::parse(good).map(|name| name.as_str().to_owned()).as_deref(), Ok(good));
        }
        for bad in ["", "base", "floor", "9lives", "Finance", "a b", "a\n", "ä", "-a", &"a".repeat(NAME_BYTES_MAX + 1)]
        {
            assert_eq!(RuleName::parse(bad), Err(NotAName), "{bad:?}");
            assert_eq!(SegmentName::parse(bad), Err(NotAName), "{bad:?}");
        }
    }

    #[test]
    fn what_cannot_be_changed_is_named_first() {
        let rule = RuleName::parse("a").expect("a name");
        assert!(RuleName::FLOOR < RuleName::BASE && RuleName::BASE < rule);
        assert!(rule.is_rule() && !RuleName::BASE.is_rule() && !RuleName::FLOOR.is_rule());
        assert_eq!((RuleName::FLOOR.as_str(), RuleName::BASE.as_str()), ("floor", "base"));
    }
}
