//! A new set of recovery codes, shown once, as the answer to the post at `/account/recovery-codes`.

use std::fmt;

use askama::Template;

use super::AccountHolder;
use crate::{PageKind, Site, words};

/// The page that shows the codes, for keeping on paper or in a password manager.
#[derive(Debug, Clone, Template)]
#[template(path = "account/recovery_codes.html", whitespace = "minimize")]
pub struct RecoveryCodesPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// Whose account.
    pub who: AccountHolder,
    /// The codes.
    pub codes: ShownCodes,
}

/// Codes that this one page shows. They never print themselves elsewhere.
#[derive(Clone, PartialEq, Eq)]
pub struct ShownCodes(pub Vec<String>);

impl fmt::Debug for ShownCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ShownCodes({})", self.0.len())
    }
}

impl RecoveryCodesPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Plain;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        crate::pages::rendered(self)
    }

    const fn here(&self) -> &'static str {
        "/account/ways-to-sign-in"
    }

    fn counted(&self) -> String {
        words::counted(self.codes.0.len(), "recovery code")
    }
}
