//! Who sends a request, as far as its cookies tell.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue};
use model::{Entropy, Session, Timestamp};
use signin::BrowserBinding;

use crate::{cookies::Cookie, state::App};

/// A browser with what its cookies say.
pub(crate) struct Visitor {
    /// The browser's binding, when it has sent our cookie.
    pub(crate) browser: Option<BrowserBinding>,
    /// Its live session.
    pub(crate) session: Option<Arc<Session>>,
}

impl Visitor {
    /// Reads both cookies. A session counts as used by this.
    pub(crate) fn of(app: &App, headers: &HeaderMap, now: Timestamp) -> Self {
        let browser = app
            .cookies
            .read(headers, Cookie::Browser)
            .and_then(|value| BrowserBinding::from_cookie(&app.hashes.signin, value));
        Self { browser, session: Self::session(app, headers, now) }
    }

    /// The live session alone, for requests that need nothing else.
    pub(crate) fn session(app: &App, headers: &HeaderMap, now: Timestamp) -> Option<Arc<Session>> {
        let value = app.cookies.read(headers, Cookie::Session)?;
        let hash = signin::session_cookie_hash(&app.hashes.signin, value)?;
        app.store.use_session(&hash, now)
    }

    /// The browser's binding; a browser without one gets a cookie to be set with the answer.
    pub(crate) fn browser_or_new(&self, app: &App, entropy: &mut Entropy) -> (BrowserBinding, Option<HeaderValue>) {
        match self.browser {
            Some(browser) => (browser, None),
            None => {
                let (value, browser) = BrowserBinding::fresh(&app.hashes.signin, entropy);
                (browser, Some(app.cookies.set(Cookie::Browser, &value, None)))
            }
        }
    }
}
