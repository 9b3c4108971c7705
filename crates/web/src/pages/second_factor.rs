//! After the password: six digits of an authenticator app, or a recovery code. Both work as plain form posts.

use askama::Template;
use model::JourneyId;

use crate::{Asks, PageKind, SigninProblem, Site};

/// The second-factor page. Its form posts `journey` and `code` to `/sign-in/code` (app) or `/sign-in/recovery-code`.
///
/// It is shown after every password, right or wrong, and must say the same each time.
#[derive(Debug, Clone, Template)]
#[template(path = "second_factor.html", whitespace = "minimize")]
pub struct SecondFactorPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// Who asks.
    pub asks: Asks,
    /// The journey that goes on.
    pub journey: JourneyId,
    /// What is asked for.
    pub with: SecondFactor,
    /// The other way, if the requirement allows it: a link to `/sign-in?j={journey}&with=recovery_code` or `…&with=authenticator_app`.
    pub other: OtherFactor,
    /// Why the page is shown again, such as a code that is no code at all.
    pub problem: Option<SigninProblem>,
}

/// What is asked for after the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactor {
    /// Six digits of an authenticator app.
    AuthenticatorApp,
    /// One of the person's recovery codes.
    RecoveryCode,
}

/// Whether the page offers the other second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherFactor {
    /// There is only this one.
    Hidden,
    /// A link leads to the other.
    Offered,
}

impl SecondFactorPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Plain;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        super::rendered(self)
    }

    const fn by_app(&self) -> bool {
        matches!(self.with, SecondFactor::AuthenticatorApp)
    }

    const fn heading(&self) -> &'static str {
        match self.with {
            SecondFactor::AuthenticatorApp => "Enter your code",
            SecondFactor::RecoveryCode => "Use a recovery code",
        }
    }

    const fn offers_other(&self) -> bool {
        matches!(self.other, OtherFactor::Offered)
    }
}
