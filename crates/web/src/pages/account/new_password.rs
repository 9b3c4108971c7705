//! Setting or changing the password, at `/account/password`. Its form posts `password` there (and `name`, for password managers; ignore it).

use askama::Template;

use super::AccountHolder;
use crate::{PageKind, PasswordFlaw, SigninProblem, Site};

/// The page that takes a new password.
#[derive(Debug, Clone, Template)]
#[template(path = "account/new_password.html", whitespace = "minimize")]
pub struct NewPasswordPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// Whose account.
    pub who: AccountHolder,
    /// Whether there is a password already.
    pub changing: bool,
    /// The least length, in characters.
    pub characters_min: usize,
    /// What was wrong with the one that was typed.
    pub flaws: Vec<PasswordFlaw>,
    /// Anything else that stopped it.
    pub problem: Option<SigninProblem>,
}

impl NewPasswordPage<'_> {
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

    const fn refused(&self) -> bool {
        !self.flaws.is_empty() || self.problem.is_some()
    }
}
