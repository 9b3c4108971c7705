//! What was proved. A session opens only from this value, and only a verified ceremony makes one.

use model::{Amr, Authentication, Person, Strength, Timestamp};
use passkey::{Assertion, Passkey};

use crate::Shown;

/// A verified ceremony. Neither copied nor built outside this file.
#[must_use]
pub(crate) struct Proved(Authentication);

impl Proved {
    /// From a verified assertion by `person`'s own passkey.
    pub(crate) fn by_assertion(assertion: &Assertion, passkey: &Passkey, person: &Person, now: Timestamp) -> Self {
        Self(Authentication {
            person: person.id,
            at: now,
            strength: assertion.strength,
            amr: assertion.amr,
            passkey: Some(passkey.id),
        })
    }

    /// From a password, and a second factor where one was shown.
    pub(crate) fn by_fallback(person: &Person, shown: &Shown, now: Timestamp) -> Self {
        let amr = match (shown.strength, shown.recovery_code) {
            (Strength::Password, _) => Amr::PWD,
            (_, true) => Amr::PWD.and(Amr::RECOVERY).and(Amr::MFA),
            (_, false) => Amr::PWD.and(Amr::OTP).and(Amr::MFA),
        };
        Self(Authentication { person: person.id, at: now, strength: shown.strength, amr, passkey: None })
    }

    /// From a passkey that was just enrolled by pass.
    ///
    /// The session is as strong as the weaker of the new passkey and the pass: what lets someone in for the first time
    /// is the pass. Most registrations carry no signature by the new key, so `amr` claims what the authenticator
    /// reported and no possession of a key (RFC 8176 §2), unless the maker's statement over it was checked.
    pub(crate) fn by_enrolment(passkey: &Passkey, now: Timestamp) -> Self {
        let amr = match (passkey.attested, passkey.synced()) {
            (true, false) => Amr::USER.and(Amr::HWK),
            (true, true) => Amr::USER.and(Amr::POP),
            (false, _) => Amr::USER,
        };
        Self(Authentication {
            person: passkey.person,
            at: now,
            strength: weaker(passkey.strength(), passkey.binding),
            amr,
            passkey: Some(passkey.id),
        })
    }

    pub(crate) fn into_authentication(self) -> Authentication {
        self.0
    }
}

fn weaker(a: Strength, b: Strength) -> Strength {
    a.min(b)
}
