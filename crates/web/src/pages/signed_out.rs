//! After signing out: says so, and says what it does not end.

use askama::Template;

use crate::{PageKind, Site};

/// The page after signing out.
#[derive(Debug, Clone, Template)]
#[template(path = "signed_out.html", whitespace = "minimize")]
pub struct SignedOutPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
}

impl SignedOutPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Plain;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        super::rendered(self)
    }
}
