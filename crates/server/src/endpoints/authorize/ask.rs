//! Asking the person: the request waits meanwhile.

use std::sync::Arc;

use axum::{http::StatusCode, response::Response};
use oauth::{AuthorizeNeed, ParkedRequest, SigninReason, StepUpReason, WantedProof};
use signin::{Purpose, ReturnTo};
use web::ErrorKind;

use super::{Asked, consent};
use crate::{
    endpoints::sign_in_page::{self, Opening},
    requirement, respond,
    state::App,
};

/// Parks the request and asks.
pub(super) fn ask(app: &App, asked: &Asked<'_>, need: AuthorizeNeed) -> Response {
    match need {
        AuthorizeNeed::SignIn { reason, wanted, .. } => match asked.resumed {
            // The sign-in page of the same journey, unless it is used up: then the request waits in a new one.
            Some(underway) if !matches!(underway.journey.state, signin::JourneyState::Finished) => {
                respond::see_other(&format!("/sign-in?j={}", underway.journey.id))
            }
            Some(_) | None => {
                let opening = Opening::new(Purpose::SignIn, ReturnTo::Authorize).asking(wishes(wanted, Vec::new()));
                let opening = match reason {
                    SigninReason::ChooseAccount if asked.visitor.session.is_some() => opening.choosing(),
                    SigninReason::ChooseAccount
                    | SigninReason::NoSession
                    | SigninReason::FreshProof
                    | SigninReason::TooOld
                    | SigninReason::OtherPerson => opening,
                };
                begin(app, asked, opening)
            }
        },
        AuthorizeNeed::StepUp { reason, wanted, says, .. } => {
            let Some(session) = asked.visitor.session.as_deref() else {
                return respond::error(app, StatusCode::GONE, ErrorKind::JourneyExpired, "");
            };
            // Who was just asked and showed the best that they have would be asked for ever.
            if asked.resumed.is_some_and(|underway| matches!(underway.journey.state, signin::JourneyState::Finished))
                && reason == StepUpReason::Requirement
            {
                return respond::error(app, StatusCode::FORBIDDEN, ErrorKind::OutOfStrength, "");
            }
            let opening = Opening::new(Purpose::FreshProof(session.id), ReturnTo::Authorize);
            begin(app, asked, opening.asking(wishes(wanted, says)))
        }
        AuthorizeNeed::Consent { client_name, host, redirect_uri, person, new, remembered, .. } => {
            let (Some(session), Some(client)) = (asked.visitor.session.as_deref(), asked.client.as_deref()) else {
                return respond::error(app, StatusCode::GONE, ErrorKind::JourneyExpired, "");
            };
            let (journey, cookie) = match asked.resumed {
                Some(underway) => (underway.journey.id, None),
                None => {
                    let opening = Opening::new(Purpose::SignIn, ReturnTo::Authorize);
                    let opening = opening.for_application(parked(asked), client);
                    match sign_in_page::begun(app, &asked.visitor, asked.address, opening, asked.now) {
                        Ok(begun) => begun,
                        Err(wait) => return respond::too_many(app, wait.seconds),
                    }
                }
            };
            app.journeys.show_consent(journey, person, new.clone(), asked.now);
            let page = consent::Consent { client, client_name, host, redirect_uri, new, remembered, journey };
            let response = page.show(app, asked, session);
            match cookie {
                Some(cookie) => respond::with_cookie(response, cookie),
                None => response,
            }
        }
    }
}

/// Begins a journey in which the request waits.
fn begin(app: &App, asked: &Asked<'_>, opening: Opening) -> Response {
    let Some(client) = asked.client.as_deref() else {
        return respond::error(app, StatusCode::BAD_REQUEST, ErrorKind::UnknownApplication, "");
    };
    let response = sign_in_page::begin(
        app,
        &asked.visitor,
        asked.address,
        opening.for_application(parked(asked), client),
        asked.now,
    );
    // What the old journey carried has moved on with the request, unless the new one must wait.
    if let Some(underway) = asked.resumed
        && response.status() != StatusCode::TOO_MANY_REQUESTS
    {
        app.journeys.end(underway.journey.id, asked.now);
    }
    response
}

fn parked(asked: &Asked<'_>) -> Arc<ParkedRequest> {
    Arc::new(ParkedRequest::new(asked.request, asked.now))
}

fn wishes(wanted: WantedProof, says: Vec<String>) -> requirement::Asked {
    requirement::Asked { least: wanted.strength, says }
}
