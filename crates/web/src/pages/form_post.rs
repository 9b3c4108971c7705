//! The answer to an application that wants it posted (OAuth 2.0 Form Post Response Mode §2): a form that a small module submits at once, and a
//! button for browsers without scripts. The standard's example submits from an `onload` attribute, which our policy rightly forbids.

use askama::Template;

use crate::{HiddenField, PageKind, Site};

/// The form. Pass [`crate::form_action_source`] of `action` to the policy, and answer 200.
#[derive(Debug, Clone, Template)]
#[template(path = "form_post.html", whitespace = "minimize")]
pub struct FormPostPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// Name of the application that gets the answer.
    pub application: String,
    /// Its redirect URI, checked.
    pub action: String,
    /// The answer's parameters.
    pub fields: Vec<HiddenField>,
}

impl FormPostPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Plain;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        super::rendered(self)
    }
}
