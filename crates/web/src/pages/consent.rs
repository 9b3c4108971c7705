//! The consent page: who asks, what it gets, where the person goes next.

use askama::Template;
use model::JourneyId;

use crate::{Asks, ClientMark, Computer, PageKind, ScopeWords, Site};

/// The consent page. Its form posts `journey`, `csrf` and `answer` (`allow` or `deny`) to `/authorize/consent`.
#[derive(Debug, Clone, Template)]
#[template(path = "consent.html", whitespace = "minimize")]
pub struct ConsentPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// The application that asks.
    pub asks: Asks,
    /// How Lockgate came to know it.
    pub client: ClientMark,
    /// What it wants to do, one item per type that this installation knows (RFC 9396), in the type's own words.
    pub details: Vec<DetailWords>,
    /// What it asks for, from [`crate::scope_words`], without those scopes of which [`crate::tells_about_person`] is true.
    pub scopes: Vec<ScopeWords>,
    /// What it will be told about the person, in words ("name", "e-mail address").
    pub told: Vec<String>,
    /// What for, in the application's own words; empty when it says nothing.
    pub purpose: String,
    /// Other services at which it may use what it gets, by host or name (RFC 8707); empty when only its own.
    pub resources: Vec<String>,
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
    /// Whose computer it is.
    pub computer: Computer,
}

/// One item of `authorization_details`, as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailWords {
    /// One line: "Pay 12.50 EUR to Harbour Dues".
    pub text: String,
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
    /// Asked every time, because what is asked for is a single act.
    ThisTimeOnly,
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
