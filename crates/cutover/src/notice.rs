//! What a scan has to say about files and not about clients.

use crate::Source;

/// Something that the person who scans should know.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// How bad it is.
    pub kind: NoticeKind,
    /// Where.
    pub source: Source,
    /// What, in one sentence for people. Never a value from the file that could be secret.
    pub text: String,
}

/// How bad a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeKind {
    /// The file, or a part of it, could not be read: clients may be missing.
    Unread,
    /// It was read, and something in it was left out or guessed at.
    Partial,
    /// Nothing is missing.
    Remark,
}

impl NoticeKind {
    /// The word for machines.
    #[must_use]
    pub const fn as_word(self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::Partial => "partial",
            Self::Remark => "remark",
        }
    }
}
