//! The steps of a journey that goes by name and password. As with passkeys, a step is taken out of the journey before
//! it is judged, so that two answers can't both use it.

use crypto::HashKey;
use model::{PersonId, Secret, Timestamp};

use crate::{
    BrowserBinding, Journey, JourneyState, Purpose, Refusal, Requirement, SigninName, Workstation, refusal, throttle,
};

/// Whose name was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// This person's.
    Person(PersonId),
    /// Nobody's: a keyed hash of what was typed, so that guesses at it can be counted.
    Nobody([u8; 32]),
}

impl Named {
    /// What the store's look-up of a typed name found. `found` is the person under [`SigninName::hash`], if the name
    /// could be one.
    #[must_use]
    pub fn look_up(typed: &str, found: Option<PersonId>, key: &HashKey) -> Self {
        if let Some(person) = found {
            return Self::Person(person);
        }
        match SigninName::parse(typed) {
            Ok(name) => Self::Nobody(name.hash(key)),
            // What can't be a name is nobody's; it counts as one such name however it is spelt.
            Err(_) => Self::Nobody(key.hash("not a sign-in name", &[])),
        }
    }

    /// The person, if the name is anyone's.
    #[must_use]
    pub const fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(person) => Some(person),
            Self::Nobody(_) => None,
        }
    }

    /// The account that guesses count against.
    #[must_use]
    pub const fn account(self) -> throttle::Account {
        match self {
            Self::Person(person) => throttle::Account::Person(person),
            Self::Nobody(hash) => throttle::Account::UnknownName(hash),
        }
    }
}

/// What comes after the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterPassword {
    /// A second factor, in any case.
    SecondFactor,
    /// Nothing, where the person's own requirement doesn't ask for one. Here a right password is told apart from a wrong
    /// one at once, as it must be wherever a password alone signs in.
    Perhaps,
}

/// What came of the password.
#[derive(Debug, Clone)]
pub enum PasswordSoFar {
    /// Wrong, or there is none to be right. The second factor is asked for all the same.
    Wrong(refusal::FallbackFault),
    /// Right.
    Right {
        /// The stored text that it was checked against. It must still be stored when the session opens.
        stored: Secret<String>,
        /// The hash made anew with the present cost, where the stored one was cheaper.
        rehashed: Option<Secret<String>>,
    },
}

/// Takes a typed name. From here on the page asks for a password, whoever's name it is.
///
/// `offered` is what this path asks of **nobody in particular** (no groups, no privilege), so that whether a password is
/// offered says nothing about the person. Their own requirement is asked at the end.
///
/// # Errors
/// [`Refusal`] of [`Journey::check`]; [`Refusal::WrongStep`] in a journey that doesn't sign in;
/// [`Refusal::SharedWorkstation`] and [`Refusal::FallbackNotOffered`] where no password is taken.
pub fn name_typed(
    journey: &Journey,
    browser: &BrowserBinding,
    named: Named,
    offered: &Requirement,
    workstation: Workstation,
    now: Timestamp,
) -> Result<Journey, Refusal> {
    journey.check(browser, now)?;
    journey.awaits_proof()?;
    match journey.purpose {
        Purpose::SignIn | Purpose::FreshProof(_) => {}
        Purpose::Enrol(_) | Purpose::AddPasskey(_) => return Err(Refusal::WrongStep),
    }
    match workstation {
        Workstation::Own => {}
        Workstation::Shared => return Err(Refusal::SharedWorkstation),
    }
    if !offered.offers_password() {
        return Err(Refusal::FallbackNotOffered);
    }
    let then = if offered.password_alone() { AfterPassword::Perhaps } else { AfterPassword::SecondFactor };
    Ok(journey.next(JourneyState::AwaitingPassword { named, then }))
}

/// A password step that was taken out of its journey. Can't be copied, and only [`take_password`] makes one.
#[derive(Debug)]
#[must_use = "the step is spent; judge the password or drop it"]
pub struct TakenPassword {
    pub(crate) journey: Journey,
    pub(crate) named: Named,
    pub(crate) then: AfterPassword,
}

/// A second-factor step that was taken out of its journey, with what came of the password. Can't be copied, and only
/// [`take_second_factor`] makes one.
#[derive(Debug)]
#[must_use = "the step is spent; judge the code or drop it"]
pub struct TakenCode {
    pub(crate) journey: Journey,
    pub(crate) named: Named,
    pub(crate) password: PasswordSoFar,
    pub(crate) paid_until: Timestamp,
}

impl TakenPassword {
    /// The journey as it is now stored.
    #[must_use]
    pub const fn journey(&self) -> &Journey {
        &self.journey
    }

    /// Whose name was typed.
    #[must_use]
    pub const fn named(&self) -> Named {
        self.named
    }
}

impl TakenCode {
    /// The journey as it is now stored: it asks for the password again.
    #[must_use]
    pub const fn journey(&self) -> &Journey {
        &self.journey
    }

    /// Whose name was typed.
    #[must_use]
    pub const fn named(&self) -> Named {
        self.named
    }
}

/// Takes the password step. Store the returned journey first (only if `version` is unchanged), then charge, then judge.
///
/// # Errors
/// [`Refusal`] of [`Journey::check`]; [`Refusal::WrongStep`] when no password is awaited.
pub fn take_password(
    journey: &Journey,
    browser: &BrowserBinding,
    now: Timestamp,
) -> Result<(Journey, TakenPassword), Refusal> {
    journey.check(browser, now)?;
    let JourneyState::AwaitingPassword { named, then } = journey.state else { return Err(Refusal::WrongStep) };
    let next = journey.counted(JourneyState::AwaitingPassword { named, then });
    Ok((next.clone(), TakenPassword { journey: next, named, then }))
}

/// Takes the second-factor step, and with it what came of the password: one password lets one code be tried. Store the
/// returned journey first (only if `version` is unchanged), then charge, then judge.
///
/// # Errors
/// As [`take_password`].
pub fn take_second_factor(
    journey: &Journey,
    browser: &BrowserBinding,
    now: Timestamp,
) -> Result<(Journey, TakenCode), Refusal> {
    journey.check(browser, now)?;
    let JourneyState::AwaitingSecondFactor { named, password, paid_until } = &journey.state else {
        return Err(Refusal::WrongStep);
    };
    // Whoever must type the password again learns nothing about which of the two was wrong.
    let then = AfterPassword::SecondFactor;
    let next = journey.counted(JourneyState::AwaitingPassword { named: *named, then });
    let taken = TakenCode { journey: next.clone(), named: *named, password: password.clone(), paid_until: *paid_until };
    Ok((next, taken))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_counted_under_what_was_typed() {
        let key = HashKey::new(&[1; 32]);
        let nobody = |typed: &str| Named::look_up(typed, None, &key);
        assert_eq!(nobody("Ada"), nobody(" ada "));
        assert_ne!(nobody("ada"), nobody("bob"));
        assert_eq!(nobody(""), nobody(&"a".repeat(crate::names::SIGNIN_NAME_CHARS_MAX + 1)));
        assert_ne!(nobody("ada"), nobody(""));
        let person = PersonId::from_bytes([1; 16]);
        assert_eq!(Named::look_up("ada", Some(person), &key), Named::Person(person));
    }
}
