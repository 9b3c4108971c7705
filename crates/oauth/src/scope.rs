//! Scopes (RFC 6749 §3.3): one token, and a set of them as one cheap text.

use std::{fmt, sync::Arc};

/// Longest scope parameter accepted, in bytes.
pub const SCOPE_BYTES_MAX: usize = 1024;

/// Asks for an ID token (OpenID Connect Core §3.1.2.1).
pub const OPENID: &str = "openid";
/// Asks that refreshing outlive the session (OpenID Connect Core §11).
pub const OFFLINE_ACCESS: &str = "offline_access";

/// The text is not a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected scope names of printable ASCII without quotes and backslashes, parted by single spaces")]
pub struct NotAScope;

/// One scope token: `1*NQCHAR` (RFC 6749 appendix A.4).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(Arc<str>);

impl Scope {
    /// Checks the characters and the length.
    ///
    /// # Errors
    /// When `text` is empty, longer than [`SCOPE_BYTES_MAX`], or holds a character outside NQCHAR.
    pub fn parse(text: &str) -> Result<Self, NotAScope> {
        if is_token(text) && text.len() <= SCOPE_BYTES_MAX { Ok(Self(text.into())) } else { Err(NotAScope) }
    }
    /// The scope as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scope({})", self.0)
    }
}
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A set of scopes: sorted, without repetition, parted by single spaces. Cheap to clone; may be empty.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ScopeSet(Arc<str>);

impl ScopeSet {
    /// The empty set.
    #[must_use]
    pub fn empty() -> Self {
        Self("".into())
    }

    /// Reads a scope parameter or a stored set. Order and repetition carry no meaning (RFC 6749 §3.3).
    ///
    /// # Errors
    /// When `text` is longer than [`SCOPE_BYTES_MAX`], or a token is empty or holds a character outside NQCHAR.
    pub fn parse(text: &str) -> Result<Self, NotAScope> {
        if text.len() > SCOPE_BYTES_MAX {
            return Err(NotAScope);
        }
        if text.is_empty() {
            return Ok(Self::empty());
        }
        let mut sorted = true;
        let mut previous = "";
        for token in text.split(' ') {
            if !is_token(token) {
                return Err(NotAScope);
            }
            sorted &= previous < token;
            previous = token;
        }
        // What storage holds is sorted already, and so is most of what clients send.
        if sorted { Ok(Self(text.into())) } else { Ok(Self::of(text.split(' ').collect())) }
    }

    /// The set of these scopes.
    pub fn from_scopes<'a>(scopes: impl IntoIterator<Item = &'a Scope>) -> Self {
        Self::of(scopes.into_iter().map(Scope::as_str).collect())
    }

    fn of(mut tokens: Vec<&str>) -> Self {
        tokens.sort_unstable();
        tokens.dedup();
        Self(tokens.join(" ").into())
    }

    /// The set as a scope parameter.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// Its tokens, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(' ').filter(|token| !token.is_empty())
    }
    /// Whether it holds `scope`.
    #[must_use]
    pub fn contains(&self, scope: &str) -> bool {
        self.iter().any(|token| token == scope)
    }
    /// Whether everything in it is in `other`.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.iter().all(|token| other.contains(token))
    }
    /// Everything in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        if other.is_subset(self) { self.clone() } else { Self::of(self.iter().chain(other.iter()).collect()) }
    }
    /// What is in this set and not in `other`.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        Self::of(self.iter().filter(|token| !other.contains(token)).collect())
    }
    /// What of this set `keep` agrees to.
    #[must_use]
    pub fn filtered(&self, keep: impl Fn(&str) -> bool) -> Self {
        if self.iter().all(&keep) { self.clone() } else { Self::of(self.iter().filter(|token| keep(token)).collect()) }
    }
}

impl fmt::Debug for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ScopeSet({})", self.0)
    }
}
impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// RFC 6749 appendix A: NQCHAR is %x21, %x23-5B and %x5D-7E.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\')
}
