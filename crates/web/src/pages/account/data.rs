//! Who was told what about the person, at `/account/data`.

use askama::Template;

use super::AccountHolder;
use crate::{Moment, PageKind, Site};

/// The receipts.
#[derive(Debug, Clone, Template)]
#[template(path = "account/data.html", whitespace = "minimize")]
pub struct DataPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// Whose account.
    pub who: AccountHolder,
    /// Who was told something about them beyond an identifier, the latest first.
    pub receipts: Vec<ReceiptRow>,
    /// Days that a receipt is kept after it was last used.
    pub kept_days: u32,
}

/// One receipt: what one application was told for one purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptRow {
    /// Who was told.
    pub application: String,
    /// What, in words: "name, e-mail address and groups".
    pub what: String,
    /// What for, in the application's own words; empty when it said nothing.
    pub purpose: String,
    /// The first time.
    pub first: Moment,
    /// The latest time.
    pub last: Moment,
    /// How often.
    pub times: u64,
}

impl ReceiptRow {
    fn times_words(&self) -> String {
        match self.times {
            0 | 1 => "once".to_owned(),
            2 => "twice".to_owned(),
            times => format!("{times} times"),
        }
    }
}

impl DataPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Plain;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        crate::pages::rendered(self)
    }

    const fn here(&self) -> &'static str {
        "/account/data"
    }
}
