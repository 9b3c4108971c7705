//! The sign-in page in all its states, and what its plain forms post: one address for a journey, whatever it awaits.
//!
//! Start reading at [`show`]; then [`fallback`], which walks the weaker way in the order that `signin` asks for.

mod choose;
mod code;
mod fallback;
mod name;
mod not_now;
mod opening;
mod password;
mod show;

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use model::{JourneyId, Timestamp};
use oauth::RawParams;
use signin::{BrowserBinding, Refusal};
use web::{Asks, EnrolPage};

use crate::{ambient, clients, form::Form, memory::journeys::Underway, respond, state::App, visitor::Visitor};

pub(crate) use choose::choose;
pub(crate) use code::{recovery_code, totp_code};
pub(crate) use name::name;
pub(crate) use not_now::not_now;
pub(crate) use opening::{Opening, begin, begun};
pub(crate) use password::password;
pub(crate) use show::show;

/// `GET /enrol`: the same page for everyone; the link's secret stays in the fragment, which browsers do not send.
pub(crate) async fn enrol(State(app): State<Arc<App>>) -> Response {
    let html = EnrolPage { site: &app.site }.render();
    respond::page(&app, StatusCode::OK, EnrolPage::KIND, html, None)
}

pub(crate) fn journey_id(query: Option<&str>) -> Option<JourneyId> {
    RawParams::parse(query?).ok()?.value("j")?.parse().ok()
}

/// The journey that a form names, in the browser that posts it.
fn posted(app: &App, form: &Form, visitor: &Visitor, now: Timestamp) -> Result<(Underway, BrowserBinding), Refusal> {
    let id: JourneyId = form.value("journey").parse().map_err(|_| Refusal::JourneyUnknown)?;
    let underway = app.journeys.find(id, now).ok_or(Refusal::JourneyUnknown)?;
    let browser = visitor.browser.ok_or(Refusal::OtherBrowser)?;
    underway.journey.check(&browser, now)?;
    Ok((underway, browser))
}

/// The page of a journey that goes on.
fn page_of(id: JourneyId) -> String {
    format!("/sign-in?j={id}")
}

/// Who asks, as pages name it.
fn asks(app: &App, underway: &Underway) -> Asks {
    // A client that was read from a document is in memory only until somebody agreed to it.
    let now = ambient::now();
    let client = underway.journey.path.as_ref().and_then(|id| clients::known(app, id.as_str(), now));
    match (client, underway.journey.return_to) {
        (Some(client), _) => {
            Asks::Application { name: client.name.clone(), host: host(&client, underway).unwrap_or_default() }
        }
        (None, signin::ReturnTo::Tour) => Asks::Tour,
        (None, signin::ReturnTo::Account | signin::ReturnTo::Authorize) => Asks::MyAccount,
    }
}

/// Host that the waiting request will send the person back to.
fn host(client: &oauth::Client, underway: &Underway) -> Option<String> {
    let asked = parameter(underway, "redirect_uri").and_then(|uri| oauth::RedirectUri::parse(&uri).ok());
    let uri = asked.or_else(|| client.redirect_uris.first().cloned())?;
    Some(uri.host().to_owned())
}

/// A parameter of the request that waits.
fn parameter(underway: &Underway, name: &str) -> Option<String> {
    let request = underway.authorize.as_ref()?.request().ok()?;
    request.params().value(name).map(str::to_owned)
}
