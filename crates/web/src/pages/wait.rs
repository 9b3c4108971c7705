//! When somebody has to wait: how long, and what still works meanwhile.

use askama::Template;

use crate::{PageKind, Site, words};

/// The waiting page, for 429 and for a busy 503. Send `Retry-After` with the same number of seconds.
#[derive(Debug, Clone, Template)]
#[template(path = "wait.html", whitespace = "minimize")]
pub struct WaitPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// Why.
    pub reason: WaitReason,
    /// How long; at least 1.
    pub seconds: u32,
    /// Where trying again begins, a path of our own such as `/sign-in?j=…`; GET.
    pub again: String,
}

/// Why somebody has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitReason {
    /// Too many passwords or codes were wrong. A passkey still works.
    TooManyTries,
    /// Too many device codes were wrong.
    TooManyDeviceCodes,
    /// More passwords are being checked than this installation can check at once. A passkey still works.
    Busy,
}

impl WaitReason {
    const fn title(self) -> &'static str {
        match self {
            Self::TooManyTries | Self::TooManyDeviceCodes => "Too many tries",
            Self::Busy => "Lockgate is busy",
        }
    }

    const fn detail(self) -> &'static str {
        match self {
            Self::TooManyTries => {
                "Passwords and codes are slowed down after wrong ones, to keep guessers out. Nothing is locked."
            }
            Self::TooManyDeviceCodes => "Codes are slowed down after wrong ones, to keep guessers out.",
            Self::Busy => {
                "Many people are signing in with a password just now. Nothing was checked and nothing counted."
            }
        }
    }

    const fn passkey_works(self) -> bool {
        match self {
            Self::TooManyTries | Self::Busy => true,
            Self::TooManyDeviceCodes => false,
        }
    }
}

impl WaitPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Plain;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        super::rendered(self)
    }

    fn duration(&self) -> String {
        words::duration(self.seconds.max(1))
    }
}
