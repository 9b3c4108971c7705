//! What the password step and the code step share: facts, the record of the attempt, and the answer when a session opens.

use std::{net::IpAddr, sync::Arc};

use axum::response::Response;
use model::{Capabilities, SigninMethod, Timestamp};
use signin::{Attempt, End, FallbackSignedIn, JourneyState, Named, Refusal, Requirement, throttle::Kind};

use super::page_of;
use crate::{
    cookies::Cookie,
    endpoints::ceremony::sign_in::{next, record, unavailable},
    held::Held,
    memory::journeys::Underway,
    requirement, respond,
    state::App,
    throttling,
};

/// Everything about the person who was named, or the same look-ups for nobody, and what this path asks of them.
pub(super) struct Facts {
    pub(super) held: Held,
    pub(super) requirement: Requirement,
}

impl Facts {
    pub(super) fn load(app: &App, underway: &Underway, named: Named, now: Timestamp) -> Result<Self, Refusal> {
        let held = Held::load(app, named.person()).map_err(unavailable)?;
        let requirement = requirement::of(app, held.person.as_ref(), underway.journey.tier, now);
        Ok(Self { held, requirement: underway.asked.on(requirement) })
    }
}

/// One try of the weaker way, for its record.
pub(super) struct Try<'a> {
    pub(super) app: &'a Arc<App>,
    pub(super) underway: &'a Underway,
    pub(super) named: Named,
    pub(super) kind: Kind,
    pub(super) address: IpAddr,
    pub(super) now: Timestamp,
}

impl Try<'_> {
    /// Records a refusal. Plain forms say nothing of timings and capabilities.
    pub(super) fn refused(&self, refusal: &Refusal) {
        let method = match self.kind {
            Kind::Password | Kind::Passkey => SigninMethod::Password,
            Kind::Totp => SigninMethod::PasswordTotp,
            Kind::RecoveryCode => SigninMethod::RecoveryCode,
        };
        self.ended(method, &End::Refused { refusal, person: self.named.person() });
    }

    /// A session opened: the journey and its cookie, and the charge taken back in the background.
    pub(super) fn signed_in(&self, done: FallbackSignedIn) -> Response {
        let opened = done.signed_in.opened;
        let strength = opened.session.authentication.strength;
        self.ended(done.method, &End::SignedIn { person: done.signed_in.person, strength });
        let journey = done.signed_in.journey;
        let invited = matches!(journey.state, JourneyState::Invited { .. });
        self.app.journeys.finish(journey, self.now);
        throttling::settle(self.app, self.kind, self.named, self.address, signin::throttle::Outcome::Proved);
        let location = if invited { page_of(self.underway.journey.id) } else { next(self.underway) };
        let cookie = self.app.cookies.set(Cookie::Session, &opened.cookie, None);
        respond::with_cookie(respond::see_other(&location), cookie)
    }

    fn ended(&self, method: SigninMethod, end: &End<'_>) {
        let attempt = Attempt::by(&self.underway.journey, method, None, Capabilities::default());
        record(self.app, attempt.ended(end, &self.app.hashes.signin, self.now));
    }
}
