//! Reading ceremony requests: same origin, JSON, bounded, and only then parsed.

use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use model::{Entropy, JourneyId, Timestamp};
use serde::de::DeserializeOwned;
use signin::{BrowserBinding, Refusal};
use web::SigninProblem;

use super::{refused, said};
use crate::{
    ambient, body, guard,
    memory::journeys::{Moved, Underway},
    problem::Problem,
    state::App,
    visitor::{Address, Visitor},
};

/// Largest ceremony request, in bytes: an attestation with certificates is well below.
const REQUEST_BYTES_MAX: usize = 96 * 1024;

/// A checked ceremony request.
pub(crate) struct Ceremony<T> {
    pub(crate) visitor: Visitor,
    pub(crate) address: Address,
    pub(crate) now: Timestamp,
    pub(crate) entropy: Entropy,
    pub(crate) body: T,
}

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Ceremony<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        let (parts, stream) = request.into_parts();
        if !guard::is_json(&parts.headers) {
            return Err(Problem::bad_request("Send JSON with Content-Type application/json."));
        }
        if !guard::same_origin(&parts.headers, &app.settings.issuer) {
            return Err(said(SigninProblem::CrossOrigin));
        }
        let bytes = body::read(stream, REQUEST_BYTES_MAX).await.map_err(|_| said(SigninProblem::BadRequest))?;
        // An object and nothing else: the parser would also take a list of the members in their order.
        if !bytes.trim_ascii_start().starts_with(b"{") {
            return Err(said(SigninProblem::BadRequest));
        }
        let body = serde_json::from_slice(&bytes).map_err(|_| said(SigninProblem::BadRequest))?;
        let now = ambient::now();
        let address = Address::of(app, &parts);
        Ok(Self { visitor: Visitor::of(app, &parts.headers, now), address, now, entropy: ambient::entropy(), body })
    }
}

impl<T> Ceremony<T> {
    /// The browser's binding; without the cookie no journey can be this browser's.
    pub(crate) fn browser(&self) -> Result<BrowserBinding, Problem> {
        self.visitor.browser.ok_or_else(|| refused(&Refusal::OtherBrowser))
    }
}

/// The journey under this id, whoever's it is: the engine checks the browser.
pub(crate) fn journey(app: &App, id: &str, now: Timestamp) -> Result<Underway, Refusal> {
    let id: JourneyId = id.parse().map_err(|_| Refusal::JourneyUnknown)?;
    app.journeys.find(id, now).ok_or(Refusal::JourneyUnknown)
}

/// Stores a journey's next step, if nobody else moved it meanwhile.
pub(crate) fn advance(app: &App, from: &Underway, next: signin::Journey, now: Timestamp) -> Result<(), Refusal> {
    app.journeys.advance(next, from.journey.version, now).map_err(|Moved| Refusal::ChallengeSpent)
}
