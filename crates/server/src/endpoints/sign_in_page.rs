//! The sign-in page, and the enrolment page that an enrolment link opens.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use model::{JourneyId, Tier, Timestamp};
use oauth::{ParkedRequest, RawParams};
use signin::{Purpose, ReturnTo, Start};
use web::{Asks, EnrolPage, ErrorKind, SignInNotice, SignInPage, SignInReason};

use crate::{ambient, memory::journeys::Underway, respond, state::App, visitor::Visitor};

/// Begins a journey in this browser and sends it to the sign-in page.
pub(crate) fn begin(
    app: &App,
    visitor: &Visitor,
    purpose: Purpose,
    return_to: ReturnTo,
    authorize: Option<(Arc<ParkedRequest>, &oauth::Client)>,
    now: Timestamp,
) -> Response {
    let (id, cookie) = begun(app, visitor, purpose, return_to, authorize, now);
    let response = respond::see_other(&format!("/sign-in?j={id}"));
    match cookie {
        Some(cookie) => respond::with_cookie(response, cookie),
        None => response,
    }
}

/// Begins a journey in this browser; a new browser gets a cookie to be set.
pub(crate) fn begun(
    app: &App,
    visitor: &Visitor,
    purpose: Purpose,
    return_to: ReturnTo,
    authorize: Option<(Arc<ParkedRequest>, &oauth::Client)>,
    now: Timestamp,
) -> (JourneyId, Option<axum::http::HeaderValue>) {
    let mut entropy = ambient::entropy();
    let (browser, cookie) = visitor.browser_or_new(app, &mut entropy);
    let (path, tier) = match &authorize {
        Some((_, client)) => (Some(client.id.clone()), client.tier),
        None => (None, Tier::Standard),
    };
    let journey = signin::begin(Start { purpose, path, tier, return_to }, &browser, now, &mut entropy);
    let id = journey.id;
    let authorize = authorize.map(|(parked, _)| parked);
    app.journeys.begin(Underway { authorize, ..Underway::plain(journey) }, now);
    (id, cookie)
}

/// `GET /sign-in?j=…`
pub(crate) async fn show(State(app): State<Arc<App>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let now = ambient::now();
    let visitor = Visitor::of(&app, &headers, now);
    let Some(id) = journey_id(query.as_deref()) else {
        if visitor.session.is_some() {
            return respond::see_other("/account");
        }
        return begin(&app, &visitor, Purpose::SignIn, ReturnTo::Account, None, now);
    };
    let underway = app.journeys.find(id, now);
    let usable = underway.as_ref().zip(visitor.browser.as_ref()).filter(|(u, b)| u.journey.check(b, now).is_ok());
    match usable {
        Some((underway, _)) => page(&app, underway),
        None => over(&app, &visitor, underway.as_ref(), now),
    }
}

fn page(app: &App, underway: &Underway) -> Response {
    let html = SignInPage {
        site: &app.site,
        asks: asks(app, underway),
        journey: underway.journey.id,
        reason: match underway.journey.purpose {
            Purpose::FreshProof(_) => SignInReason::ConfirmItsYou,
            Purpose::SignIn | Purpose::Enrol(_) | Purpose::AddPasskey(_) => SignInReason::SignIn,
        },
        notice: SignInNotice::Nothing,
        name: login_hint(underway),
    }
    .render();
    respond::page(app, StatusCode::OK, SignInPage::KIND, html, None)
}

/// The journey is over, or another browser's. What an application asked for can't be picked up again: the application has to ask anew.
fn over(app: &App, visitor: &Visitor, underway: Option<&Underway>, now: Timestamp) -> Response {
    match underway {
        Some(u) if u.authorize.is_some() => respond::error(app, StatusCode::GONE, ErrorKind::JourneyExpired, ""),
        Some(_) | None if visitor.session.is_some() => respond::see_other("/account"),
        Some(_) | None => begin(app, visitor, Purpose::SignIn, ReturnTo::Account, None, now),
    }
}

fn asks(app: &App, underway: &Underway) -> Asks {
    let client = underway.journey.path.as_ref().and_then(|id| app.store.client(id.as_str()));
    match (client, underway.journey.return_to) {
        (Some(client), _) => {
            Asks::Application { name: client.name.clone(), host: host(&client, underway).unwrap_or_default() }
        }
        (None, ReturnTo::Tour) => Asks::Tour,
        (None, ReturnTo::Account | ReturnTo::Authorize) => Asks::MyAccount,
    }
}

/// Host that the waiting request will send the person back to.
fn host(client: &oauth::Client, underway: &Underway) -> Option<String> {
    let parked = underway.authorize.as_ref()?;
    let params = parked.params().ok()?;
    let asked = params.value("redirect_uri").and_then(|uri| oauth::RedirectUri::parse(uri).ok());
    let uri = asked.or_else(|| client.redirect_uris.first().cloned())?;
    Some(uri.host().to_owned())
}

fn login_hint(underway: &Underway) -> String {
    let hint = || -> Option<String> {
        let params = underway.authorize.as_ref()?.params().ok()?;
        params.value("login_hint").filter(|hint| hint.chars().count() <= 254).map(str::to_owned)
    };
    hint().unwrap_or_default()
}

pub(crate) fn journey_id(query: Option<&str>) -> Option<JourneyId> {
    RawParams::parse(query?).ok()?.value("j")?.parse().ok()
}

/// `GET /enrol`: the same page for everyone; the link's secret stays in the fragment, which browsers do not send.
pub(crate) async fn enrol(State(app): State<Arc<App>>) -> Response {
    let html = EnrolPage { site: &app.site }.render();
    respond::page(&app, StatusCode::OK, EnrolPage::KIND, html, None)
}
