//! Beginning a journey.

use std::sync::Arc;

use axum::{http::HeaderValue, response::Response};
use model::{ClientId, JourneyId, Tier, Timestamp};
use oauth::{Client, ParkedRequest};
use signin::{Purpose, ReturnTo, Start};

use super::page_of;
use crate::{ambient, memory::journeys::Underway, requirement::Asked, respond, state::App, visitor::Visitor};

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
pub(crate) fn begin(app: &App, visitor: &Visitor, opening: Opening, now: Timestamp) -> Response {
    let (id, cookie) = begun(app, visitor, opening, now);
    let response = respond::see_other(&page_of(id));
    match cookie {
        Some(cookie) => respond::with_cookie(response, cookie),
        None => response,
    }
}

/// Begins a journey in this browser; a new browser gets a cookie to be set.
pub(crate) fn begun(
    app: &App,
    visitor: &Visitor,
    opening: Opening,
    now: Timestamp,
) -> (JourneyId, Option<HeaderValue>) {
    let mut entropy = ambient::entropy();
    let (browser, cookie) = visitor.browser_or_new(app, &mut entropy);
    let Opening { purpose, return_to, authorize, path, tier, asked, choosing, back } = opening;
    let journey = signin::begin(Start { purpose, path, tier, return_to }, &browser, now, &mut entropy);
    let id = journey.id;
    app.journeys.begin(Underway { authorize, asked, choosing, back, ..Underway::plain(journey) }, now);
    (id, cookie)
}
