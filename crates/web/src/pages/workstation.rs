//! Marks a browser as a shared computer's. An operator opens a link whose secret stands in the fragment; the page's script posts it as
//! `{"token"}` to `/api/workstation` and loads the page again, which then says what is different now.

use askama::Template;

use crate::{Computer, PageKind, Site};

/// The page at `/shared-computer`. Without a fragment it only says how this browser is treated.
#[derive(Debug, Clone, Template)]
#[template(path = "workstation.html", whitespace = "minimize")]
pub struct WorkstationPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// Whose computer it is by now.
    pub computer: Computer,
}

impl WorkstationPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Plain;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        super::rendered(self)
    }
}
