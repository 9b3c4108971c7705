//! Who sends a request, as far as its cookies tell.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, HeaderValue, request::Parts},
};
use model::{Entropy, Session, Timestamp};
use signin::{BrowserBinding, Workstation};

use crate::{cookies::Cookie, limits::client_address, settings::Tls, state::App};

/// Minutes without use after which a session in a shared browser ends.
const SHARED_IDLE_MINUTES: u32 = (signin::limits::SHARED_WORKSTATION_SESSIONS.idle_seconds / 60) as u32;

/// The address that a request comes from, behind trusted proxies the one that they name. For limits only: nothing is allowed because of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Address(pub(crate) IpAddr);

impl FromRequestParts<Arc<App>> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        Ok(Self::of(app, parts))
    }
}

impl Address {
    /// Every listener says who is connected; only a router that is called in process knows no peer, and is its own.
    pub(crate) fn of(app: &App, parts: &Parts) -> Self {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        let trusted = match &app.settings.tls {
            Tls::BehindProxy { trusted } => trusted.as_slice(),
            Tls::None | Tls::Files { .. } => &[],
        };
        Self(client_address(peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)), &parts.headers, trusted))
    }
}

/// A browser with what its cookies say.
pub(crate) struct Visitor {
    /// The browser's binding, when it has sent our cookie.
    pub(crate) browser: Option<BrowserBinding>,
    /// Its live session.
    pub(crate) session: Option<Arc<Session>>,
    /// Whether an operator marked it as one that several people share.
    pub(crate) workstation: Workstation,
}

impl Visitor {
    /// Reads both cookies. A session counts as used by this.
    pub(crate) fn of(app: &App, headers: &HeaderMap, now: Timestamp) -> Self {
        let browser = app
            .cookies
            .read(headers, Cookie::Browser)
            .and_then(|value| BrowserBinding::from_cookie(&app.hashes.signin, value));
        let mark = app.cookies.read(headers, Cookie::Workstation);
        let workstation = Workstation::of_browser(&app.hashes.signin, mark);
        Self { browser, session: Self::session(app, headers, now), workstation }
    }

    /// Whose computer it is, as pages say it.
    pub(crate) fn computer(&self) -> web::Computer {
        match self.workstation {
            Workstation::Own => web::Computer::Own,
            Workstation::Shared => web::Computer::Shared { idle_minutes: SHARED_IDLE_MINUTES },
        }
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
