//! When an act would leave nothing to sign in with: says so, and asks once more.

use askama::Template;

use super::AccountHolder;
use crate::{PageKind, Site};

/// Asks again before the last way in is given up. Its form posts `confirm=yes` to the act's own address.
#[derive(Debug, Clone, Template)]
#[template(path = "account/confirm.html", whitespace = "minimize")]
pub struct ConfirmPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// Whose account.
    pub who: AccountHolder,
    /// What would be removed.
    pub act: StrandingAct,
}

/// An act that would leave nothing to sign in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StrandingAct {
    /// Removing the password.
    RemovePassword,
    /// Removing the authenticator app.
    RemoveAuthenticatorApp,
    /// Removing the recovery codes.
    RemoveRecoveryCodes,
}

impl StrandingAct {
    /// The address that the act's form posts to.
    #[must_use]
    pub const fn action(self) -> &'static str {
        match self {
            Self::RemovePassword => "/account/password/remove",
            Self::RemoveAuthenticatorApp => "/account/authenticator-app/remove",
            Self::RemoveRecoveryCodes => "/account/recovery-codes/remove",
        }
    }

    const fn what(self) -> &'static str {
        match self {
            Self::RemovePassword => "password",
            Self::RemoveAuthenticatorApp => "authenticator app",
            Self::RemoveRecoveryCodes => "recovery codes",
        }
    }
}

impl ConfirmPage<'_> {
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
}
