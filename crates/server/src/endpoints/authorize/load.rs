//! The facts of an authorization request, loaded.

use std::sync::Arc;

use crypto::{BadToken, JwtType};
use model::{Person, Session};
use oauth::{AuthorizeFacts, Consent, ConsentPolicy, IdTokenHint, subject_map::MappedSubject};
use store::ReadError;

use super::Asked;
use crate::{
    memory::pushed::Pushed,
    requirement::{self, Met},
    state::App,
};

pub(super) struct Loaded {
    session: Option<Arc<Session>>,
    person: Option<Person>,
    consent: Option<Consent>,
    mapped: Option<MappedSubject>,
    hint: Option<Result<Vec<u8>, BadToken>>,
    pushed: Option<Pushed>,
    met: Met,
}

impl Loaded {
    pub(super) fn load(app: &App, asked: &Asked<'_>) -> Result<Self, ReadError> {
        let session = asked.visitor.session.clone();
        let person = match &session {
            Some(session) => app.store.person(session.authentication.person)?,
            None => None,
        };
        let client = asked.client.as_deref();
        let consent = match (&person, client) {
            (Some(person), Some(client)) if client.consent == ConsentPolicy::Ask => {
                app.store.consent(person.id, &client.id)?
            }
            (Some(_) | None, _) => None,
        };
        let mapped = match (&person, client) {
            (Some(person), Some(client)) => app.store.mapped_subject(client, person.id)?,
            (_, _) => None,
        };
        let met = match (&person, &session, client) {
            (Some(person), Some(session), Some(client)) => {
                requirement::session_serves(app, person, session, client.tier, asked.visitor.workstation, asked.now)?
            }
            (_, _, _) => Met::Yes,
        };
        // What the request itself says, not what stood around its wrapping.
        let hint = asked.request.params().value("id_token_hint");
        let hint = hint.map(|hint| app.keys.live().set.verify_jwt(JwtType::IdToken, hint));
        let pushed = asked.request.pushed().and_then(|key| app.oauth.pushed.find(&key, asked.now));
        Ok(Self { session, person, consent, mapped, hint, pushed, met })
    }

    pub(super) fn facts<'a>(&'a self, app: &'a App, asked: &'a Asked<'_>) -> AuthorizeFacts<'a> {
        let says: &[String] = match &self.met {
            Met::Yes => &[],
            Met::No { says } => says,
        };
        AuthorizeFacts {
            issuer: &app.issuer,
            keys: &app.tokens,
            client: asked.client.as_deref(),
            session: self.session.as_deref(),
            person: self.person.as_ref(),
            mapped_subject: self.mapped.as_ref().map(MappedSubject::as_str),
            consent: self.consent.as_ref(),
            reauthenticated_after: asked.resumed.and_then(|u| u.authorize.as_ref()).map(|parked| parked.parked()),
            consent_answer: asked.consent.clone(),
            id_token_hint: match &self.hint {
                None => IdTokenHint::NotSent,
                Some(Ok(claims)) => IdTokenHint::Claims(claims),
                Some(Err(_)) => IdTokenHint::Unverifiable,
            },
            pushed: Pushed::fact(asked.request.pushed(), self.pushed.as_ref()),
            par_required: app.settings.oauth.pushed_requests_required,
            detail_types: &app.settings.oauth.detail_types,
            requirement_met: self.met.is_met(),
            requirement_says: says,
        }
    }
}
