//! Someone who signs in. No profile: names live sealed in storage and are opened only to be shown.

use crate::{PersonId, Timestamp};

/// A person, as rules see one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Our id. Never leaves Lockgate as a subject.
    pub id: PersonId,
    /// Whether they may sign in.
    pub status: PersonStatus,
    /// How they belong to the organisation.
    pub employment: Employment,
    /// Whether they hold administrative power somewhere.
    pub privileged: bool,
    /// Names of the groups they are in.
    pub groups: Vec<String>,
    /// WebAuthn `user.id`: 32 random bytes, never derived from a name (WebAuthn L3 §5.4.3, §14.6.1).
    pub user_handle: [u8; 32],
    /// When access ends by itself, where it does.
    pub ends: Option<Timestamp>,
    /// When the person was added.
    pub created: Timestamp,
}

impl Person {
    /// Active, and not past the end date.
    #[must_use]
    pub fn may_sign_in(&self, now: Timestamp) -> bool {
        self.status == PersonStatus::Active && self.ends.is_none_or(|ends| now < ends)
    }
}

/// Whether a person may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonStatus {
    /// May sign in.
    Active,
    /// May not, until enabled again.
    Disabled,
}

/// How a person belongs to the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Employment {
    /// Employed here.
    Workforce,
    /// Works here under contract.
    Contractor,
    /// Belongs to another organisation.
    Partner,
}

impl PersonStatus {
    /// The word used in storage and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }
    /// Reads the word written by [`Self::as_str`].
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Active, Self::Disabled].into_iter().find(|s| s.as_str() == word)
    }
}

impl Employment {
    /// The word used in storage and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Workforce => "workforce",
            Self::Contractor => "contractor",
            Self::Partner => "partner",
        }
    }
    /// Reads the word written by [`Self::as_str`].
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Workforce, Self::Contractor, Self::Partner].into_iter().find(|e| e.as_str() == word)
    }
}
