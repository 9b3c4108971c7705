//! The central question: may what was granted still be used? Asked by every door that a grant opens: redeeming a code, refreshing,
//! introspection, userinfo, exchange. An answer given once is not remembered; it is asked anew each time.

use model::{Authentication, Person, PersonId, Timestamp};

use crate::{Client, ClientStatus, Consent, GrantDetails, RefreshFamily, RevocationReason, ScopeSet};

/// What is known about the person's remembered consent. Load it when [`GrantDetails::remembered_consent`] is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentFact<'a> {
    /// The grant does not rest on it.
    NotNeeded,
    /// It is there.
    Given(&'a Consent),
    /// It is gone.
    Missing,
}

/// What is known about the passkey behind a grant. Load it when [`Authentication::passkey`] names one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialFact {
    /// No passkey is behind the grant.
    NotNeeded,
    /// It is still the person's.
    Present,
    /// It was removed.
    Gone,
}

/// What a grant rests on besides its client, as things stand now. Load it for the family or code that is used.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// The person, if they exist.
    pub person: Option<&'a Person>,
    /// Their remembered consent.
    pub consent: ConsentFact<'a>,
    /// The passkey of the ceremony.
    pub credential: CredentialFact,
    /// Whether that ceremony satisfies what is demanded of this person at this client.
    pub requirement_met: bool,
    /// Whether the session that the grant lives and dies with is live; true where there is none.
    pub session_live: bool,
}

impl Standing<'_> {
    /// Nothing is known: every grant has ended.
    pub const UNKNOWN: Self = Self {
        person: None,
        consent: ConsentFact::Missing,
        credential: CredentialFact::Gone,
        requirement_met: false,
        session_live: false,
    };
}

/// Facts about a grant as things stand now.
#[derive(Debug, Clone, Copy)]
pub struct StillFacts<'a> {
    /// The client as it stands now.
    pub client: &'a Client,
    /// The person as they stand now, if they exist.
    pub person: Option<&'a Person>,
    /// Whom the grant belongs to.
    pub granted_by: PersonId,
    /// What was granted.
    pub scope: &'a ScopeSet,
    /// The rest of what was granted.
    pub details: &'a GrantDetails,
    /// The ceremony behind it.
    pub authentication: &'a Authentication,
    /// The person's remembered consent.
    pub consent: ConsentFact<'a>,
    /// The passkey of that ceremony.
    pub credential: CredentialFact,
    /// Whether what was proved still satisfies what is demanded of this person at this client.
    pub requirement_met: bool,
    /// Whether the session that the grant lives and dies with is live; true where there is none.
    pub session_live: bool,
}

impl<'a> StillFacts<'a> {
    /// Those of a family, which was granted to `client`.
    #[must_use]
    pub fn of_family(client: &'a Client, family: &'a RefreshFamily, standing: &Standing<'a>) -> Self {
        Self {
            client,
            person: standing.person,
            granted_by: family.person,
            scope: &family.scope,
            details: &family.details,
            authentication: &family.authentication,
            consent: standing.consent,
            credential: standing.credential,
            requirement_met: standing.requirement_met,
            session_live: family.session.is_none() || standing.session_live,
        }
    }
}

/// Why a grant may no longer be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EndedBecause {
    /// The client may not be used.
    #[error("a client that is disabled")]
    ClientDisabled,
    /// The person is unknown, disabled or past the end date.
    #[error("a person who may not sign in")]
    PersonRefused,
    /// The person is in none of the groups that may use the client.
    #[error("a person who is in no group that may use the client")]
    GroupGone,
    /// The person took the consent back, or part of it.
    #[error("a consent that was withdrawn")]
    ConsentWithdrawn,
    /// The passkey behind the grant was removed.
    #[error("a grant whose passkey was removed")]
    CredentialRevoked,
    /// More is demanded now than was proved.
    #[error("a sign-in that proved less than is demanded now")]
    RequirementRaised,
    /// The session behind the grant has ended.
    #[error("a session that has ended")]
    SessionEnded,
}

impl EndedBecause {
    /// What a family that ends for this reason remembers.
    #[must_use]
    pub const fn revocation(self) -> RevocationReason {
        match self {
            Self::ClientDisabled => RevocationReason::ClientDisabled,
            Self::PersonRefused => RevocationReason::PersonRefused,
            Self::GroupGone => RevocationReason::GroupGone,
            Self::ConsentWithdrawn => RevocationReason::ConsentWithdrawn,
            Self::CredentialRevoked => RevocationReason::CredentialRevoked,
            Self::RequirementRaised => RevocationReason::RequirementRaised,
            Self::SessionEnded => RevocationReason::SessionEnded,
        }
    }
}

/// One condition of a grant's life.
struct Condition {
    ended: EndedBecause,
    holds: fn(&StillFacts<'_>, Timestamp) -> bool,
}

/// All of them, in the order in which they are told.
const CONDITIONS: [Condition; 7] = [
    Condition { ended: EndedBecause::ClientDisabled, holds: client_active },
    Condition { ended: EndedBecause::PersonRefused, holds: person_stays },
    Condition { ended: EndedBecause::GroupGone, holds: group_admits },
    Condition { ended: EndedBecause::ConsentWithdrawn, holds: consent_stands },
    Condition { ended: EndedBecause::CredentialRevoked, holds: credential_present },
    Condition { ended: EndedBecause::RequirementRaised, holds: requirement_met },
    Condition { ended: EndedBecause::SessionEnded, holds: session_live },
];

/// Whether what was granted may still be used. OAuth 2.1 §4.3.1: the grant is still active.
///
/// # Errors
/// The first reason why not.
pub fn may(facts: &StillFacts<'_>, now: Timestamp) -> Result<(), EndedBecause> {
    for condition in &CONDITIONS {
        if !(condition.holds)(facts, now) {
            return Err(condition.ended);
        }
    }
    Ok(())
}

/// Whether `holder` may use a token that another client exchanged for it, or it for itself: a client that was granted nothing, but
/// holds a token of a person.
///
/// # Errors
/// Why not.
pub fn may_hold(holder: &Client, person: &Person) -> Result<(), EndedBecause> {
    match holder.status {
        ClientStatus::Active if holder.settings.access.admits(person) => Ok(()),
        ClientStatus::Active => Err(EndedBecause::GroupGone),
        ClientStatus::Disabled => Err(EndedBecause::ClientDisabled),
    }
}

fn client_active(facts: &StillFacts<'_>, _now: Timestamp) -> bool {
    match facts.client.status {
        ClientStatus::Active => true,
        ClientStatus::Disabled => false,
    }
}

fn person_stays(facts: &StillFacts<'_>, now: Timestamp) -> bool {
    facts.person.is_some_and(|person| person.id == facts.granted_by && person.may_sign_in(now))
}

fn group_admits(facts: &StillFacts<'_>, _now: Timestamp) -> bool {
    facts.person.is_some_and(|person| facts.client.settings.access.admits(person))
}

/// A fact that was needed and not loaded counts as a no.
fn consent_stands(facts: &StillFacts<'_>, _now: Timestamp) -> bool {
    if !facts.details.remembered_consent {
        return true;
    }
    match facts.consent {
        ConsentFact::Given(consent) => {
            consent.person == facts.granted_by
                && consent.client == facts.client.id
                && facts.scope.is_subset(&consent.scope)
        }
        ConsentFact::NotNeeded | ConsentFact::Missing => false,
    }
}

fn credential_present(facts: &StillFacts<'_>, _now: Timestamp) -> bool {
    match (facts.authentication.passkey, facts.credential) {
        (None, _) | (Some(_), CredentialFact::Present) => true,
        (Some(_), CredentialFact::NotNeeded | CredentialFact::Gone) => false,
    }
}

fn requirement_met(facts: &StillFacts<'_>, _now: Timestamp) -> bool {
    facts.requirement_met
}

fn session_live(facts: &StillFacts<'_>, _now: Timestamp) -> bool {
    facts.session_live
}
