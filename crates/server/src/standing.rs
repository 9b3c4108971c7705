//! What a grant rests on, loaded for the central question: person, session, consent, passkey, and what is demanded now.

use model::{Authentication, Person, PersonId, SessionId, Timestamp};
use oauth::{Client, Consent, ConsentFact, CredentialFact, GrantDetails, RefreshFamily, still::Standing};
use signin::Workstation;
use store::ReadError;

use crate::{
    requirement::{self, Use},
    state::App,
};

/// What one grant rests on, as things stand now.
#[derive(Default)]
pub(crate) struct Loaded {
    pub(crate) person: Option<Person>,
    consent: Option<Consent>,
    consent_is_needed: bool,
    credential: Credential,
    requirement_met: bool,
    session_live: bool,
}

#[derive(Clone, Copy, Default)]
enum Credential {
    NotNeeded,
    Present,
    #[default]
    Gone,
}

/// A grant, wherever it is written down: in a code, a family, or a device's approval.
pub(crate) struct Grant<'a> {
    /// To whom it was granted.
    pub(crate) client: Option<&'a Client>,
    pub(crate) person: PersonId,
    /// The session that it lives and dies with.
    pub(crate) session: Option<SessionId>,
    pub(crate) authentication: &'a Authentication,
    pub(crate) details: &'a GrantDetails,
}

impl<'a> Grant<'a> {
    pub(crate) fn of_family(family: &'a RefreshFamily, client: Option<&'a Client>) -> Self {
        Self {
            client,
            person: family.person,
            session: family.session,
            authentication: &family.authentication,
            details: &family.details,
        }
    }
}

impl Loaded {
    /// Loads what a grant rests on. A client that is not known leaves the requirement unmet: nobody knows what it demands.
    pub(crate) fn of(app: &App, grant: &Grant<'_>, now: Timestamp) -> Result<Self, ReadError> {
        let Some(person) = app.store.person(grant.person)? else { return Ok(Self::default()) };
        let consent_is_needed = grant.details.remembered_consent;
        let consent = match grant.client {
            Some(client) if consent_is_needed => app.store.consent(grant.person, &client.id)?,
            Some(_) | None => None,
        };
        let credential = match grant.authentication.passkey {
            None => Credential::NotNeeded,
            Some(id) if app.store.passkey_exists(id)? => Credential::Present,
            Some(_) => Credential::Gone,
        };
        let requirement_met = match grant.client {
            Some(client) => requirement_met(app, &person, client, grant.authentication, now)?,
            None => false,
        };
        let session_live = grant.session.is_none_or(|id| session_lives(app, id, now));
        Ok(Self { person: Some(person), consent, consent_is_needed, credential, requirement_met, session_live })
    }

    /// As the engine takes it.
    pub(crate) fn standing(&self) -> Standing<'_> {
        Standing {
            person: self.person.as_ref(),
            consent: self.consent(),
            credential: self.credential(),
            requirement_met: self.requirement_met,
            session_live: self.session_live,
        }
    }

    pub(crate) fn consent(&self) -> ConsentFact<'_> {
        match (&self.consent, self.consent_is_needed) {
            (Some(consent), _) => ConsentFact::Given(consent),
            (None, true) => ConsentFact::Missing,
            (None, false) => ConsentFact::NotNeeded,
        }
    }

    pub(crate) const fn credential(&self) -> CredentialFact {
        match self.credential {
            Credential::NotNeeded => CredentialFact::NotNeeded,
            Credential::Present => CredentialFact::Present,
            Credential::Gone => CredentialFact::Gone,
        }
    }

    pub(crate) const fn requirement_met(&self) -> bool {
        self.requirement_met
    }

    pub(crate) const fn session_live(&self) -> bool {
        self.session_live
    }
}

/// Whether what was proved still satisfies what is demanded of this person at this client.
pub(crate) fn requirement_met(
    app: &App,
    person: &Person,
    client: &Client,
    proof: &Authentication,
    now: Timestamp,
) -> Result<bool, ReadError> {
    // Whose computer it was decided how long the session lives; the session has been asked.
    let met = requirement::met(app, person, client.tier, proof, Use::Keeping, Workstation::Own, now)?;
    Ok(met.is_met())
}

/// Whether a session is live: neither ended nor past its end.
pub(crate) fn session_lives(app: &App, id: SessionId, now: Timestamp) -> bool {
    app.store.session_by_id(id).is_some_and(|session| now < session.expires)
}
