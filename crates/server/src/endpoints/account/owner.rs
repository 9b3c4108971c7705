//! The guard of every page of My account: whose it is, and what they hold. Without a session the answer is the sign-in page, and the way back
//! leads to where the person wanted to go.

use std::{net::IpAddr, sync::Arc};

use axum::{
    http::{HeaderMap, StatusCode},
    response::Response,
};
use model::{Person, Session, Strength, Tier, Timestamp};
use oauth::RawParams;
use signin::{OwnFacts, Purpose, Refusal, Requirement, ReturnTo, Workstation};
use store::ReadError;
use web::{AccountHolder, AccountSaid, ErrorKind, PasskeyUser};

use crate::{
    ambient,
    cookies::Cookie,
    endpoints::sign_in_page::{self, Opening},
    form::Form,
    held::Held,
    requirement,
    requirement::Asked,
    respond,
    state::App,
    visitor::{Address, Visitor},
};

/// What a stronger proof is asked for with.
const STRONGEST: &str = "Use the strongest way to sign in that you have: a change like this needs it.";

/// The signed-in person, with everything that their pages are made of.
pub(super) struct Owner {
    pub(super) visitor: Visitor,
    /// Where they ask from, for limits.
    address: IpAddr,
    pub(super) session: Arc<Session>,
    pub(super) person: Person,
    pub(super) held: Held,
    pub(super) display: String,
    pub(super) names: Vec<String>,
    /// What the standard tier asks of them: what they may set up.
    pub(super) requirement: Requirement,
    pub(super) now: Timestamp,
}

impl Owner {
    /// Who asks for the page at `here`; otherwise the answer: sign in first.
    pub(super) fn load(
        app: &App,
        Address(address): Address,
        headers: &HeaderMap,
        here: &'static str,
    ) -> Result<Self, Box<Response>> {
        let now = ambient::now();
        let visitor = Visitor::of(app, headers, now);
        let Some(session) = visitor.session.clone() else {
            let opening = Opening::new(Purpose::SignIn, ReturnTo::Account).back(here);
            return Err(Box::new(sign_in_page::begin(app, &visitor, address, opening, now)));
        };
        match Self::of(app, visitor, address, session, now) {
            Ok(Ok(owner)) => Ok(owner),
            // The person is gone; so is every right to see a page about them.
            Ok(Err(visitor)) => {
                let opening = Opening::new(Purpose::SignIn, ReturnTo::Account);
                let response = sign_in_page::begin(app, &visitor, address, opening, now);
                Err(Box::new(respond::with_cookie(response, app.cookies.clear(Cookie::Session))))
            }
            Err(error) => Err(Box::new(unreadable(app, &error))),
        }
    }

    /// The same for a form that one of our own pages posts.
    pub(super) async fn posting(
        app: &App,
        address: Address,
        headers: &HeaderMap,
        body: axum::body::Body,
        here: &'static str,
    ) -> Result<(Self, Form), Response> {
        let form = Form::read(app, headers, body).await?;
        Ok((Self::load(app, address, headers, here).map_err(|response| *response)?, form))
    }

    fn of(
        app: &App,
        visitor: Visitor,
        address: IpAddr,
        session: Arc<Session>,
        now: Timestamp,
    ) -> Result<Result<Self, Visitor>, ReadError> {
        let id = session.authentication.person;
        let mut held = Held::load(app, Some(id))?;
        let Some(person) = held.person.take() else { return Ok(Err(visitor)) };
        let display = app.store.display_name(id)?.unwrap_or_else(|| "You".to_owned());
        let names = app.store.signin_names(id)?;
        let requirement = requirement::of_person(app, &person, Tier::Standard, now);
        Ok(Ok(Self { visitor, address, session, person, held, display, names, requirement, now }))
    }

    /// How pages address them.
    pub(super) fn who(&self, said: Option<AccountSaid>) -> AccountHolder {
        AccountHolder {
            person: self.display.clone(),
            signin_name: self.signin_name(),
            computer: self.visitor.computer(),
            said,
        }
    }

    pub(super) fn signin_name(&self) -> String {
        self.names.first().cloned().unwrap_or_else(|| self.display.clone())
    }

    /// How their passkeys know them.
    pub(super) fn user(&self, app: &App) -> PasskeyUser {
        PasskeyUser {
            rp_id: app.rp.id.clone(),
            user_id: crypto::b64u(&self.person.user_handle),
            name: self.signin_name(),
            display_name: self.display.clone(),
        }
    }

    /// The facts on which they change their own fallbacks.
    pub(super) fn own(&self) -> OwnFacts<'_> {
        OwnFacts {
            session: &self.session,
            holdings: self.held.holdings(),
            requirement: &self.requirement,
            workstation: self.visitor.workstation,
        }
    }

    /// Whether they have just proved the strongest way in that they hold; otherwise the answer: prove it, and come back.
    pub(super) fn proved(&self, app: &App, back: &'static str) -> Result<(), Box<Response>> {
        match self.visitor.workstation {
            Workstation::Own => {}
            Workstation::Shared => return Err(Box::new(self.refused(app, &Refusal::SharedWorkstation, back))),
        }
        match signin::fresh_and_strongest(&self.session, &self.held.holdings(), self.now) {
            Ok(_) => Ok(()),
            Err(refusal) => Err(Box::new(self.refused(app, &refusal, back))),
        }
    }

    /// What to do about a refusal that is no page's own business.
    pub(super) fn refused(&self, app: &App, refusal: &Refusal, back: &'static str) -> Response {
        tracing::info!(refusal = refusal.word(), why = %refusal, "change to an account refused");
        match refusal {
            Refusal::FreshProofNeeded | Refusal::StrongerProofNeeded => {
                let holdings = self.held.holdings();
                // What lets them on is what they hold, not more: a least strength that nothing meets would be a closed door. Nor less:
                // whoever is offered a password here, and has a passkey, would only be asked once more.
                let least = holdings.strongest().unwrap_or(Strength::Password);
                let weaker = holdings.counts_for(&self.session).is_some_and(|shown| shown < least);
                let says = if weaker { vec![STRONGEST.to_owned()] } else { Vec::new() };
                self.prove(app, Asked { least: Some(least), says }, back)
            }
            Refusal::SessionEnded => {
                let opening = Opening::new(Purpose::SignIn, ReturnTo::Account).back(back);
                sign_in_page::begin(app, &self.visitor, self.address, opening, self.now)
            }
            Refusal::SharedWorkstation => respond::error(app, StatusCode::FORBIDDEN, ErrorKind::SharedComputer, ""),
            Refusal::NotYours | Refusal::LostRace => said(back, AccountSaid::Gone),
            Refusal::FallbackNotOffered => respond::see_other("/account/ways-to-sign-in"),
            Refusal::Unavailable => respond::error(app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, ""),
            _ => respond::error(app, StatusCode::BAD_REQUEST, ErrorKind::BadRequest, ""),
        }
    }

    fn prove(&self, app: &App, asked: Asked, back: &'static str) -> Response {
        let opening = Opening::new(Purpose::FreshProof(self.session.id), ReturnTo::Account).asking(asked).back(back);
        sign_in_page::begin(app, &self.visitor, self.address, opening, self.now)
    }
}

/// The store could not be read: nothing is shown rather than half of it.
pub(super) fn unreadable(app: &App, error: &ReadError) -> Response {
    tracing::error!(%error, "failed to read the account");
    respond::error(app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "")
}

/// Sends the browser to a page of the account that says what was done.
pub(super) fn said(page: &'static str, said: AccountSaid) -> Response {
    respond::see_other(&format!("{page}?said={}", said.as_str()))
}

/// What the address says was just done.
pub(super) fn heard(query: Option<&str>) -> Option<AccountSaid> {
    let params = RawParams::parse(query?).ok()?;
    AccountSaid::from_word(params.value("said")?)
}
