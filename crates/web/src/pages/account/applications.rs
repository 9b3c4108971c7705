//! Applications that can act for the person, at `/account/apps`. Withdrawing posts `client` to `/account/apps/withdraw`.

use askama::Template;
use model::ClientId;

use super::AccountHolder;
use crate::{ClientMark, LastUsed, Moment, PageKind, Site};

/// Applications and what each may do.
#[derive(Debug, Clone, Template)]
#[template(path = "account/applications.html", whitespace = "minimize")]
pub struct ApplicationsPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// Whose account.
    pub who: AccountHolder,
    /// Applications that they allowed something or that hold tokens.
    pub applications: Vec<ApplicationRow>,
}

/// One application that can act for the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationRow {
    /// Its id.
    pub client: ClientId,
    /// Its name.
    pub name: String,
    /// Where it lives; empty when on the person's own device.
    pub host: String,
    /// How Lockgate came to know it.
    pub mark: ClientMark,
    /// What it may do, from [`crate::scope_words`]' titles and the words of its authorization details.
    pub may: Vec<String>,
    /// What it may be told about the person, in words; empty when only an identifier.
    pub told: Vec<String>,
    /// When it was first allowed.
    pub allowed: Moment,
    /// When it last got a token.
    pub last_used: LastUsed,
    /// Whether it can still get tokens without the person present.
    pub connected: bool,
}

impl ApplicationsPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Plain;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        crate::pages::rendered(self)
    }

    const fn here(&self) -> &'static str {
        "/account/apps"
    }
}
