//! `POST /sign-in/choose`: who the person wants to be (`prompt=select_account`). Either way they prove it: a choice alone opens nothing.

use std::sync::Arc;

use axum::{body::Body, extract::State, http::HeaderMap, response::Response};

use super::{page_of, posted, show};
use crate::{ambient, endpoints::ceremony::sign_in::unavailable, form::Form, respond, state::App, visitor::Visitor};

/// `POST /sign-in/choose`
pub(crate) async fn choose(State(app): State<Arc<App>>, headers: HeaderMap, body: Body) -> Response {
    let form = match Form::read(&app, &headers, body).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let now = ambient::now();
    let visitor = Visitor::of(&app, &headers, now);
    let chosen = posted(&app, &form, &visitor, now).and_then(|(underway, _)| {
        let same = match (form.value("who"), &visitor.session) {
            ("same", Some(session)) => {
                app.store.signin_names(session.authentication.person).map_err(unavailable)?.into_iter().next()
            }
            (_, _) => None,
        };
        // Nothing typed is not the application's hint: whoever wants to be another must not find the first one's name.
        app.journeys.chosen(underway.journey.id, Some(same.as_deref().unwrap_or_default()), now);
        Ok(underway.journey.id)
    });
    match chosen {
        Ok(id) => respond::see_other(&page_of(id)),
        Err(refusal) => show::refused(&app, &visitor, None, &refusal, now),
    }
}
