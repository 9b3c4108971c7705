//! Where the person is signed in, at `/account/sessions`. Forms post `session` to `/account/sessions/end`, and nothing to
//! `/account/sessions/end-others` and `/account/sessions/end-all`.

use askama::Template;
use model::SessionId;

use super::{AccountHolder, overview::SigninRow};
use crate::{Moment, PageKind, Site};

/// Sessions and recent sign-ins.
#[derive(Debug, Clone, Template)]
#[template(path = "account/sessions.html", whitespace = "minimize")]
pub struct SessionsPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// Whose account.
    pub who: AccountHolder,
    /// Their live sessions, this one first.
    pub sessions: Vec<SessionRow>,
    /// Their latest sign-ins, newest first.
    pub signins: Vec<SigninRow>,
}

/// One signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Our id.
    pub id: SessionId,
    /// Whether it is the one that is looking.
    pub this_one: bool,
    /// What was used to sign in: the passkey as the person calls it, or "password and authenticator app"; empty when it is gone.
    pub with: String,
    /// When it began.
    pub created: Moment,
    /// When it was last used.
    pub seen: Moment,
    /// When it ends whatever happens.
    pub expires: Moment,
}

impl SessionsPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Plain;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        crate::pages::rendered(self)
    }

    const fn here(&self) -> &'static str {
        "/account/sessions"
    }

    fn others(&self) -> usize {
        self.sessions.iter().filter(|session| !session.this_one).count()
    }
}
