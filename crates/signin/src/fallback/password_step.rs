//! The password: judged in two rounds, and followed by the second factor whatever came of it.

use model::{Decision, Entropy, Outcome, Timestamp};

use super::{
    AfterPassword, CheckPassword, FallbackFacts, FallbackSignedIn, PasswordChecked, PasswordSoFar, PasswordToCheck,
    TakenPassword,
    granted::{self, Proven, SecondFactor},
};
use crate::{
    Change, Journey, JourneyState, Refusal, Setting, Shown,
    charge::Charged,
    refusal::FallbackFault,
    serves,
    throttle::{self, Kind},
};

/// What follows a password.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "one exists for each guess, and only until it is answered")]
pub enum PasswordReply {
    /// The second factor is asked for, in any case.
    SecondFactor {
        /// To be stored in place of the journey that was taken, if its version is unchanged.
        journey: Journey,
        /// What to settle the charge with, after answering. `None` leaves it: where a second factor is asked for in any case, the
        /// waits must not tell a right password from a wrong one, and the whole sign-in takes both charges back.
        settle: Option<throttle::Outcome>,
    },
    /// Signed in with the password alone, where the requirement says so. Settle the charge with
    /// [`throttle::Outcome::Proved`].
    SignedIn(Box<FallbackSignedIn>),
}

/// Judges a password: asks for the check first, then goes on with `checked`. Takes 16 bytes of entropy for the question,
/// and up to 52 for a session.
///
/// A name that nobody holds, a person without a password, and one whose password rests are checked against the dummy,
/// and go on like everybody else. `charged` shows that this guess was paid for.
pub fn password(
    taken: &TakenPassword,
    charged: &Charged,
    checked: Option<PasswordChecked>,
    facts: &FallbackFacts<'_>,
    setting: &Setting<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Decision<PasswordReply, Refusal, CheckPassword, Change> {
    if !charged.pays(Kind::Password, taken.named) {
        return Decision::Refused(Outcome::plain(Refusal::WrongStep));
    }
    let stored = stored(taken, charged, facts);
    let Some(checked) = checked else {
        let against = match &stored {
            Ok(password) => PasswordToCheck::Stored(password.text.clone()),
            Err(_) => PasswordToCheck::Dummy,
        };
        return Decision::Need(CheckPassword { against, salt: entropy.take::<16>() });
    };
    let so_far = match stored {
        Ok(password) if checked.right => {
            PasswordSoFar::Right { stored: password.text.clone(), rehashed: checked.rehashed }
        }
        Ok(_) => PasswordSoFar::Wrong(FallbackFault::WrongPassword),
        Err(fault) => PasswordSoFar::Wrong(fault),
    };
    match taken.then {
        AfterPassword::SecondFactor => Decision::Done(Outcome::plain(second_factor_next(taken, charged, so_far))),
        AfterPassword::Perhaps => perhaps_alone(taken, charged, so_far, facts, setting, now, entropy),
    }
}

fn stored<'a>(
    taken: &TakenPassword,
    charged: &Charged,
    facts: &FallbackFacts<'a>,
) -> Result<&'a super::PersonPassword, FallbackFault> {
    let named = facts.person.filter(|person| taken.named.person() == Some(person.id));
    named.ok_or(FallbackFault::UnknownName)?;
    if charged.resting() {
        return Err(FallbackFault::Resting);
    }
    facts.password.ok_or(FallbackFault::NoPassword)
}

fn second_factor_next(taken: &TakenPassword, charged: &Charged, password: PasswordSoFar) -> PasswordReply {
    let settle = match (taken.then, &password) {
        // The person was told already that the password is right.
        (AfterPassword::Perhaps, PasswordSoFar::Right { .. }) => Some(throttle::Outcome::Passed),
        (AfterPassword::Perhaps, PasswordSoFar::Wrong(_)) | (AfterPassword::SecondFactor, _) => None,
    };
    let state = JourneyState::AwaitingSecondFactor { named: taken.named, password, paid_until: charged.until() };
    PasswordReply::SecondFactor { journey: taken.journey.next(state), settle }
}

/// Where a password may serve alone, a wrong one is refused at once, and a right one ends here unless this person's own
/// requirement asks for more.
fn perhaps_alone(
    taken: &TakenPassword,
    charged: &Charged,
    password: PasswordSoFar,
    facts: &FallbackFacts<'_>,
    setting: &Setting<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Decision<PasswordReply, Refusal, CheckPassword, Change> {
    match &password {
        PasswordSoFar::Wrong(fault) => return Decision::Refused(Outcome::plain(Refusal::SignInFailed(*fault))),
        PasswordSoFar::Right { .. } => {}
    }
    let requirement = facts.workstation.asks(facts.requirement);
    if serves(&requirement, &Shown::password(now), now).is_err() {
        return Decision::Done(Outcome::plain(second_factor_next(taken, charged, password)));
    }
    let proven = Proven::new(taken.named, &password, SecondFactor::None, facts);
    match proven.and_then(|proven| granted::granted(&taken.journey, proven, facts, setting, now, entropy)) {
        Ok(Outcome { reply, changes, audit }) => {
            Decision::Done(Outcome { reply: PasswordReply::SignedIn(Box::new(reply)), changes, audit })
        }
        Err(refusal) => Decision::Refused(Outcome::plain(refusal)),
    }
}
