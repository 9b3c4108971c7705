//! When an application asks to sign somebody out (OpenID Connect RP-Initiated Logout 1.0 §2): the person decides.

use askama::Template;

use crate::{HiddenField, PageKind, Site};

/// Asks whether to sign out. Its form posts `fields` and `answer` (`sign_out` or `stay`) to `/logout/answer`.
///
/// Either answer may end at the application's post-logout address: pass its [`crate::form_action_source`] to the policy.
#[derive(Debug, Clone, Template)]
#[template(path = "sign_out.html", whitespace = "minimize")]
pub struct SignOutPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// Name of the application that asks; empty when it didn't say.
    pub application: String,
    /// The signed-in person's display name.
    pub person: String,
    /// What the form posts back beside the answer.
    pub fields: Vec<HiddenField>,
}

impl SignOutPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Plain;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        super::rendered(self)
    }
}
