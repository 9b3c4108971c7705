//! The password page: who signs in, one field, and the way back to a passkey. It works as a plain form post.

use askama::Template;
use model::JourneyId;

use crate::{Asks, PageKind, SigninProblem, Site};

/// The password page. Its form posts `journey` and `password` (and `name`, for password managers; ignore it) to `/sign-in/password`.
#[derive(Debug, Clone, Template)]
#[template(path = "password.html", whitespace = "minimize")]
pub struct PasswordPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// Who asks.
    pub asks: Asks,
    /// The journey that goes on.
    pub journey: JourneyId,
    /// The sign-in name as it was typed, whether or not anybody has it.
    pub name: String,
    /// Why the page is shown again. `SignInFailed` and its kin stand beside the field.
    pub problem: Option<SigninProblem>,
}

impl PasswordPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Plain;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        super::rendered(self)
    }
}
