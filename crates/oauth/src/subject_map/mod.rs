//! Subjects that people bring along: a client that migrates with its accounts keeps knowing each person by the identifier that it
//! has always known. An imported mapping wins over the computed subject, for one client or for a whole sector.
//!
//! [`csv`] reads a list, [`plan`] says line by line what it would do. Neither report repeats a name or a subject: line numbers
//! are enough for whoever holds the file.

pub mod csv;
pub mod plan;

use model::{ClientId, PersonId};

use crate::{Client, SubjectKind};

/// Longest subject, in bytes (OpenID Connect Core §2: at most 255 ASCII characters).
pub const SUBJECT_BYTES_MAX: usize = 255;

/// One person's identifier at one client, or in one sector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectMapping {
    /// Where it holds.
    pub place: MappedAt,
    /// Whose it is.
    pub person: PersonId,
    /// The identifier.
    pub subject: MappedSubject,
}

/// Where a mapping holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MappedAt {
    /// At one client.
    Client(ClientId),
    /// At every client of a pairwise sector.
    Sector(String),
}

impl MappedAt {
    /// The places to look in for `client`, the first that holds a mapping wins: the client itself, then its sector.
    pub fn of(client: &Client) -> impl Iterator<Item = Self> {
        let sector = match &client.subject {
            SubjectKind::Public => None,
            SubjectKind::Pairwise { sector } => Some(Self::Sector(sector.clone())),
        };
        std::iter::once(Self::Client(client.id.clone())).chain(sector)
    }
}

/// An imported identifier: 1 to 255 printable ASCII characters without spaces at the ends. It may be a mail address, so it does not print itself.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MappedSubject(String);

/// The text can't be a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected 1 to 255 printable ASCII characters")]
pub struct NotASubject;

impl MappedSubject {
    /// Checks the characters and the length.
    ///
    /// # Errors
    /// When it is empty, too long, or holds anything but printable ASCII.
    pub fn parse(text: &str) -> Result<Self, NotASubject> {
        let printable = text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        if text.is_empty() || text.len() > SUBJECT_BYTES_MAX || !printable || text.trim() != text {
            return Err(NotASubject);
        }
        Ok(Self(text.to_owned()))
    }

    /// The identifier, for a token or for storage.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for MappedSubject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MappedSubject(…)")
    }
}
