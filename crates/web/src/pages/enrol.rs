//! The enrolment page. It is the same for everyone: its script reads the link's secret from the address's fragment, which browsers never
//! send, and learns from the ceremony API who enrols. Without a fragment it adds a passkey for the person who is signed in.

use askama::Template;

use crate::{PageKind, Site};

/// The enrolment page.
#[derive(Debug, Clone, Template)]
#[template(path = "enrol.html", whitespace = "minimize")]
pub struct EnrolPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
}

impl EnrolPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Ceremony;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        super::rendered(self)
    }
}
