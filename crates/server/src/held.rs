//! Everything that one person can sign in with, loaded at once: for the account, for enrolment and for the weaker ways in.

use model::{Person, PersonId, Session};
use passkey::Passkey;
use signin::{FallbackFacts, Holdings, InvitationState, PersonPassword, PersonTotp, Requirement, Workstation};
use store::ReadError;

use crate::state::App;

/// A person with all their ways to sign in.
pub(crate) struct Held {
    /// `None`: nobody, for whom the same was looked up and nothing found.
    pub(crate) person: Option<Person>,
    pub(crate) passkeys: Vec<Passkey>,
    pub(crate) password: Option<PersonPassword>,
    pub(crate) totp: Option<PersonTotp>,
    pub(crate) recovery_codes: Vec<[u8; 32]>,
    pub(crate) invitation: InvitationState,
}

impl Held {
    /// Loads it. For nobody the same reads are made, under an id that nobody has, so that both cost alike.
    pub(crate) fn load(app: &App, person: Option<PersonId>) -> Result<Self, ReadError> {
        let id = person.unwrap_or(PersonId::from_bytes([0; 16]));
        let store = &app.store;
        Ok(Self {
            person: store.person(id)?,
            passkeys: store.passkeys_of(id)?,
            password: store.password_of(id)?,
            totp: store.totp_of(id)?,
            recovery_codes: store.recovery_codes_of(id)?,
            invitation: store.invitation_of(id)?,
        })
    }

    pub(crate) fn holdings(&self) -> Holdings<'_> {
        Holdings {
            passkeys: &self.passkeys,
            password: self.password.is_some(),
            totp: self.totp.is_some(),
            recovery_codes: self.recovery_codes.len(),
        }
    }

    /// The facts of one step of a sign-in without a passkey.
    pub(crate) fn fallback<'a>(
        &'a self,
        requirement: &'a Requirement,
        session: Option<&'a Session>,
        workstation: Workstation,
    ) -> FallbackFacts<'a> {
        FallbackFacts {
            person: self.person.as_ref(),
            password: self.password.as_ref(),
            totp: self.totp.as_ref(),
            recovery_codes: &self.recovery_codes,
            passkeys: &self.passkeys,
            requirement,
            invitation: self.invitation,
            session,
            workstation,
        }
    }
}
