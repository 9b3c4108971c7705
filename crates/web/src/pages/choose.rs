//! The account chooser (`prompt=select_account`): go on as the person who is signed in, or as another.

use askama::Template;
use model::JourneyId;

use crate::{Asks, Computer, PageKind, Site};

/// The account chooser. Its form posts `journey` and `who` (`same` or `other`) to `/sign-in/choose`.
#[derive(Debug, Clone, Template)]
#[template(path = "choose.html", whitespace = "minimize")]
pub struct ChooserPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// Who asks.
    pub asks: Asks,
    /// The journey that goes on.
    pub journey: JourneyId,
    /// The signed-in person's display name.
    pub person: String,
    /// Their sign-in name; empty when unknown.
    pub signin_name: String,
    /// Whose computer it is.
    pub computer: Computer,
}

impl ChooserPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Plain;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        super::rendered(self)
    }
}
