//! The consent page: what a yes would allow, in words.

use axum::{http::StatusCode, response::Response};
use context::{Claim, ClaimSet};
use model::{JourneyId, Session};
use oauth::{Client, RedirectKind, RedirectUri, Shown, client::ClientOrigin, metadata_document::shown_host};
use web::{Asks, ClientMark, ConsentMemory, ConsentPage, Destination, DetailWords, ErrorKind};

use super::{Asked, form_token};
use crate::{endpoints::account, respond, state::App};

/// What the consent page is made of.
pub(super) struct Consent<'a> {
    pub(super) client: &'a Client,
    pub(super) client_name: String,
    pub(super) host: String,
    pub(super) redirect_uri: String,
    pub(super) new: Shown,
    pub(super) remembered: bool,
    pub(super) journey: JourneyId,
}

impl Consent<'_> {
    pub(super) fn show(self, app: &App, asked: &Asked<'_>, session: &Session) -> Response {
        let Ok(person) = account::greeting(app, session) else {
            return respond::error(app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "");
        };
        let on_device = RedirectUri::parse(&self.redirect_uri).map_or(true, |uri| match uri.kind() {
            RedirectKind::Https | RedirectKind::Localhost => false,
            RedirectKind::Loopback | RedirectKind::PrivateScheme => true,
        });
        // Who it is comes first; the rest stays in the order of its names.
        let mut scopes: Vec<&str> = self.new.scope.iter().filter(|scope| !web::tells_about_person(scope)).collect();
        scopes.sort_by_key(|scope| *scope != "openid");
        let html = ConsentPage {
            site: &app.site,
            client: mark(self.client),
            details: self.new.details.iter().map(|detail| DetailWords { text: detail.text.clone() }).collect(),
            scopes: scopes.into_iter().map(web::scope_words).collect(),
            told: told(&self.new, self.client),
            purpose: self.client.settings.purpose.clone(),
            resources: asked.request.params().values("resource").map(str::to_owned).collect(),
            person,
            memory: memory(&self.new, self.remembered),
            asks: Asks::Application {
                name: self.client_name,
                host: if on_device { String::new() } else { self.host.clone() },
            },
            destination: if on_device { Destination::ThisDevice } else { Destination::Host(self.host) },
            journey: self.journey,
            csrf: form_token(app, self.journey, session),
            computer: asked.visitor.computer(),
        }
        .render();
        // Browsers hold a form post's redirects to form-action, so the page must name where either answer leads.
        let form_action = web::form_action_source(&self.redirect_uri);
        respond::page(app, StatusCode::OK, ConsentPage::KIND, html, form_action.as_deref())
    }
}

/// How we came to know the client.
pub(crate) fn mark(client: &Client) -> ClientMark {
    match &client.settings.origin {
        ClientOrigin::Operator => ClientMark::Registered,
        ClientOrigin::Registered { .. } => ClientMark::RegisteredItself,
        ClientOrigin::MetadataDocument { .. } => {
            ClientMark::Document { host: shown_host(client).unwrap_or_default().to_owned() }
        }
    }
}

/// The facts about the person that the client would be told, in words: what it asks for, as far as it may ever be told.
fn told(new: &Shown, client: &Client) -> Vec<String> {
    let asked = ClaimSet::of_scopes(new.scope.iter()).or(ClaimSet::of_names(new.claims.iter().map(String::as_str)));
    let allowed = ClaimSet::of_names(client.settings.claims.iter().map(String::as_str));
    // A check mark goes without saying beside what it is about, as on receipts.
    let told = asked.and(allowed);
    let says = |claim: &Claim| match claim {
        Claim::EmailVerified => !told.contains(Claim::Email),
        Claim::PhoneNumberVerified => !told.contains(Claim::PhoneNumber),
        _ => true,
    };
    told.iter().filter(says).map(Claim::words).map(str::to_owned).collect()
}

fn memory(new: &Shown, remembered: bool) -> ConsentMemory {
    match (remembered, new.details.is_empty()) {
        (true, _) => ConsentMemory::Remembered,
        (false, false) => ConsentMemory::ThisTimeOnly,
        (false, true) => ConsentMemory::AskedEachTime,
    }
}
