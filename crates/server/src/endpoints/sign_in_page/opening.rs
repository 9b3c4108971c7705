//! Beginning a journey.

use std::{net::IpAddr, sync::Arc};

use axum::{http::HeaderValue, response::Response};
use model::{ClientId, JourneyId, Tier, Timestamp};
use oauth::{Client, ParkedRequest};
use signin::{Purpose, ReturnTo, Start};

use super::page_of;
use crate::{
    ambient,
    limits::{LimitKind, RetryAfter},
    memory::journeys::Underway,
    requirement::Asked,
    respond,
    state::App,
    visitor::Visitor,
};

/// What is known when a journey begins.
pub(crate) struct Opening {
    purpose: Purpose,
    return_to: ReturnTo,
    authorize: Option<Arc<ParkedRequest>>,
    path: Option<ClientId>,
    tier: Tier,
    asked: Asked,
    choosing: bool,
    back: Option<&'static str>,
}

impl Opening {
    /// For a page of our own.
    pub(crate) fn new(purpose: Purpose, return_to: ReturnTo) -> Self {
        Self {
            purpose,
            return_to,
            authorize: None,
            path: None,
            tier: Tier::Standard,
            asked: Asked::default(),
            choosing: false,
            back: None,
        }
    }

    /// For an application, whose request waits meanwhile.
    pub(crate) fn for_application(self, parked: Arc<ParkedRequest>, client: &Client) -> Self {
        Self { authorize: Some(parked), path: Some(client.id.clone()), tier: client.tier, ..self }
    }

    /// For something that an application wants on a page of ours.
    pub(crate) fn at(self, client: &Client) -> Self {
        Self { path: Some(client.id.clone()), tier: client.tier, ..self }
    }

    /// What the application asks for beyond the policy.
    pub(crate) fn asking(self, asked: Asked) -> Self {
        Self { asked, ..self }
    }

    /// The person says first who they want to be.
    pub(crate) fn choosing(self) -> Self {
        Self { choosing: true, ..self }
    }

    /// Which page of ours to return to.
    pub(crate) fn back(self, path: &'static str) -> Self {
        Self { back: Some(path), ..self }
    }
}

/// Begins a journey in this browser and sends it to the sign-in page.
pub(crate) fn begin(app: &App, visitor: &Visitor, address: IpAddr, opening: Opening, now: Timestamp) -> Response {
    let (id, cookie) = match begun(app, visitor, address, opening, now) {
        Ok(begun) => begun,
        Err(wait) => return respond::too_many(app, wait.seconds),
    };
    let response = respond::see_other(&page_of(id));
    match cookie {
        Some(cookie) => respond::with_cookie(response, cookie),
        None => response,
    }
}

/// Begins a journey in this browser; a new browser gets a cookie to be set. Each takes a place in bounded memory and would push out somebody
/// else's, so each address may begin so many: whatever page it comes to.
///
/// # Errors
/// When it has begun enough.
pub(crate) fn begun(
    app: &App,
    visitor: &Visitor,
    address: IpAddr,
    opening: Opening,
    now: Timestamp,
) -> Result<(JourneyId, Option<HeaderValue>), RetryAfter> {
    app.limits.admit(LimitKind::JourneyOpened, address, now)?;
    let mut entropy = ambient::entropy();
    let (browser, cookie) = visitor.browser_or_new(app, &mut entropy);
    let Opening { purpose, return_to, authorize, path, tier, asked, choosing, back } = opening;
    let journey = signin::begin(Start { purpose, path, tier, return_to }, &browser, now, &mut entropy);
    let id = journey.id;
    app.journeys.begin(Underway { authorize, asked, choosing, back, ..Underway::plain(journey) }, now);
    Ok((id, cookie))
}
