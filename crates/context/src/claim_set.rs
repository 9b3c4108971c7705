//! A set of claims.

use crate::Claim;

/// A set of claims, as bits. Storage keeps the names, not the bits, so that the list may grow anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ClaimSet(u32);

impl ClaimSet {
    /// The set without members.
    pub const EMPTY: Self = Self(0);

    /// Whether `claim` is in it.
    #[must_use]
    pub const fn contains(self, claim: Claim) -> bool {
        self.0 & claim.bit() != 0
    }

    /// The set with `claim` in it.
    #[must_use]
    pub const fn with(self, claim: Claim) -> Self {
        Self(self.0 | claim.bit())
    }

    /// Whether nothing is in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Its members, in the order of [`Claim::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Claim> {
        Claim::ALL.iter().copied().filter(move |claim| self.contains(*claim))
    }

    /// The claims that these scopes ask for (OpenID Connect Core §5.4). Other scopes ask for none.
    pub fn of_scopes<'a>(scopes: impl IntoIterator<Item = &'a str>) -> Self {
        let mut set = Self::EMPTY;
        for scope in scopes {
            set = Claim::ALL.iter().filter(|claim| claim.scope() == scope).fold(set, |set, claim| set.with(*claim));
        }
        set
    }

    /// The claims of these names; names that are no claims here are left out.
    pub fn of_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        names.into_iter().filter_map(Claim::from_name).collect()
    }

    /// The names, parted by single spaces: the form that storage keeps.
    #[must_use]
    pub fn to_names(self) -> String {
        let mut text = String::new();
        for claim in self.iter() {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(claim.name());
        }
        text
    }
}

impl FromIterator<Claim> for ClaimSet {
    fn from_iter<I: IntoIterator<Item = Claim>>(claims: I) -> Self {
        claims.into_iter().fold(Self::EMPTY, Self::with)
    }
}
