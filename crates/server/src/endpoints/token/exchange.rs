//! What a token exchange must know (RFC 8693): the tokens that are brought, and what the one of the subject rests on.

use std::sync::Arc;

use crypto::JwtType;
use model::Timestamp;
use oauth::{
    Client, ClientStatus, RefreshFamily, TokenRequest,
    exchange::{ExchangeFacts, PresentedToken, TokenFact},
    subject_map::MappedSubject,
};
use store::ReadError;

use crate::{
    ambient, clients,
    keys::Live,
    standing::{Grant, Loaded as Standing, requirement_met},
    state::App,
};

/// Facts for one exchange, loaded.
pub(super) struct Exchanging {
    subject: Brought,
    actor: Brought,
    family: Option<RefreshFamily>,
    family_client: Option<Arc<Client>>,
    standing: Standing,
    requirement_met: bool,
    actor_family: Option<RefreshFamily>,
    mapped: Option<MappedSubject>,
}

/// A token that was brought.
enum Brought {
    Nothing,
    Worthless,
    Token(Box<PresentedToken>),
}

fn holder_is_active(app: &App, token: &PresentedToken) -> bool {
    clients::known(app, token.client_id(), ambient::now()).is_some_and(|client| client.status == ClientStatus::Active)
}

impl Brought {
    /// Verified by our own keys, and not revoked by itself.
    fn read(app: &App, keys: &Live, text: Option<&str>) -> Self {
        let Some(text) = text else { return Self::Nothing };
        let Ok(claims) = keys.set.verify_jwt(JwtType::AccessToken, text) else { return Self::Worthless };
        match PresentedToken::parse(&claims) {
            Ok(token) if token.jti().is_some_and(|jti| app.store.token_revoked(&jti)) => Self::Worthless,
            // What a client holds that may not be used is worth nothing in other hands either.
            Ok(token) if !holder_is_active(app, &token) => Self::Worthless,
            Ok(token) => Self::Token(Box::new(token)),
            Err(_) => Self::Worthless,
        }
    }

    const fn fact(&self) -> TokenFact<'_> {
        match self {
            Self::Nothing => TokenFact::NotSent,
            Self::Worthless => TokenFact::Worthless,
            Self::Token(token) => TokenFact::Says(token),
        }
    }

    fn family(&self, app: &App) -> Result<Option<RefreshFamily>, ReadError> {
        match self {
            Self::Token(token) => token.family().map_or(Ok(None), |id| app.store.family(id)),
            Self::Nothing | Self::Worthless => Ok(None),
        }
    }
}

pub(super) fn load(
    app: &App,
    request: &TokenRequest<'_>,
    exchanger: Option<&Client>,
    now: Timestamp,
) -> Result<Exchanging, ReadError> {
    let keys = app.keys.live();
    let subject = Brought::read(app, &keys, request.subject_token());
    let actor = Brought::read(app, &keys, request.actor_token());
    let (family, actor_family) = (subject.family(app)?, actor.family(app)?);
    let family_client = family.as_ref().and_then(|family| clients::known(app, family.client.as_str(), now));
    let standing = match &family {
        Some(family) => Standing::of(app, &Grant::of_family(family, family_client.as_deref()), now)?,
        None => Standing::default(),
    };
    // What is demanded at the client that exchanges counts as well: it will hold a token of this person.
    let requirement_met = match (&family, &standing.person, exchanger) {
        (Some(family), Some(person), Some(client)) => {
            standing.requirement_met() && requirement_met(app, person, client, &family.authentication, now)?
        }
        (_, _, _) => false,
    };
    let mapped = match (&standing.person, exchanger) {
        (Some(person), Some(client)) => app.store.mapped_subject(client, person.id)?,
        (_, _) => None,
    };
    Ok(Exchanging { subject, actor, family, family_client, standing, requirement_met, actor_family, mapped })
}

impl Exchanging {
    pub(super) fn facts<'a>(&'a self, app: &'a App) -> ExchangeFacts<'a> {
        ExchangeFacts {
            issuer: &app.issuer,
            keys: &app.tokens,
            subject: self.subject.fact(),
            actor: self.actor.fact(),
            family: self.family.as_ref(),
            family_client: self.family_client.as_deref(),
            person: self.standing.person.as_ref(),
            consent: self.standing.consent(),
            credential: self.standing.credential(),
            requirement_met: self.requirement_met,
            session_live: self.standing.session_live(),
            actor_family: self.actor_family.as_ref(),
            confirmation: None,
            mapped_subject: self.mapped.as_ref().map(MappedSubject::as_str),
        }
    }
}
