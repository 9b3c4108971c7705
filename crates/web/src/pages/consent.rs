//! The consent page: who asks, what it gets, where the person goes next.

use askama::Template;
use model::JourneyId;

use crate::{Asks, PageKind, ScopeWords, Site};

/// The consent page. Its form posts `journey`, `csrf` and `answer` (`allow` or `deny`) to `/authorize/consent`.
#[derive(Debug, Clone, Template)]
#[template(path = "consent.html", whitespace = "minimize")]
pub struct ConsentPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// The application that asks.
    pub asks: Asks,
    /// What it asks for, from [`crate::scope_words`].
    pub scopes: Vec<ScopeWords>,
    /// The signed-in person's display name.
    pub person: String,
    /// Where either answer leads.
    pub destination: Destination,
    /// Whether the answer is remembered.
    pub memory: ConsentMemory,
    /// The journey that the answer belongs to.
    pub journey: JourneyId,
    /// A value that only this browser's page knows; posted back with the answer.
    pub csrf: String,
}

/// Where the browser goes after the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// A site.
    Host(String),
    /// Something on the person's own device: a loopback address or a private scheme.
    ThisDevice,
}

/// Whether the answer is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentMemory {
    /// An "Allow" holds until withdrawn, and is not asked for again.
    Remembered,
    /// Asked every time, because an application on a device can't prove which one it is.
    AskedEachTime,
}

impl ConsentPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Plain;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        super::rendered(self)
    }
}
