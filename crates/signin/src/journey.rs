//! One journey through sign-in or enrolment, in one browser: a machine of steps that can't be jumped.
//!
//! ```text
//! begin ──▶ AwaitingOptions ──options──▶ AwaitingPasskey ──take──▶ AwaitingOptions ──finish──▶ Finished
//!                 │ ▲                          │  ▲ │
//!                 │ └──────────────────────────┘  └─┘ options again: the old challenge is gone
//!                 │
//!                 └─name_typed─▶ AwaitingPassword ──password──▶ AwaitingSecondFactor ──take──▶ AwaitingPassword
//!                                      ▲                               │
//!                                      └────── wrong: both anew ───────┴── right ──▶ Invited or Finished
//! ```
//!
//! Passkey and fallback don't mix: asking for options forgets what was typed, and a typed name ends a challenge.
//!
//! A step never edits a journey; it returns the next one with `version` raised by one. The shell puts it in place of
//! the old one only if the stored version is still the one it read, so that two answers to one challenge can't both be
//! checked. [`take`] empties the challenge **before** anything is verified; a failed proof therefore needs new options.

use model::{ClientId, Entropy, JourneyId, PassId, SessionId, Tier, Timestamp};
use passkey::Challenge;

use crate::{
    BrowserBinding, Mediation, Refusal,
    fallback::{AfterPassword, Named, PasswordSoFar},
    invitation::InvitationDue,
    limits,
};

/// Why the person is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To sign in.
    SignIn,
    /// To enrol without being signed in.
    Enrol(EnrolBy),
    /// To prove again who they are, in this live session.
    FreshProof(SessionId),
    /// To add a passkey, in this live session.
    AddPasskey(SessionId),
}

/// What lets someone enrol who is not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnrolBy {
    /// An enrolment pass.
    Pass(PassId),
}

/// Where the browser goes when the journey is finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReturnTo {
    /// To My account.
    Account,
    /// Back to the authorization request that the shell keeps beside this journey.
    Authorize,
    /// Back to the guided tour.
    Tour,
}

/// What the journey awaits.
#[derive(Debug, Clone)]
pub enum JourneyState {
    /// The page has yet to ask for options: nothing can be proved.
    AwaitingOptions,
    /// A challenge is out, to be answered once.
    AwaitingPasskey {
        /// The challenge that was handed out.
        challenge: Challenge,
        /// When it was handed out.
        issued: Timestamp,
        /// How the browser was asked. Only an answer to a conditional creation may come without presence.
        mediation: Mediation,
    },
    /// A name was typed; its password is awaited.
    AwaitingPassword {
        /// Whose name it is, if anyone's.
        named: Named,
        /// What comes after the password.
        then: AfterPassword,
    },
    /// A password was typed, right or wrong; the second factor is awaited all the same.
    AwaitingSecondFactor {
        /// Whose name was typed, if anyone's.
        named: Named,
        /// What came of the password. The page is not told.
        password: PasswordSoFar,
        /// Until when the payment for it makes others wait.
        paid_until: Timestamp,
    },
    /// Signed in by something weaker than a passkey: the person is asked to enrol one.
    Invited {
        /// Whom, and how often they may still say "not now".
        due: InvitationDue,
    },
    /// Nothing: the journey reached its end and can't be used again.
    Finished,
}

/// One journey, as the shell keeps it in memory.
#[derive(Debug, Clone)]
pub struct Journey {
    /// Names the journey in the page. Not a secret: without the browser's cookie it opens nothing.
    pub id: JourneyId,
    /// Raised by every step; the shell replaces a journey only when this is unchanged.
    pub version: u32,
    /// The browser that began it.
    pub browser: BrowserBinding,
    /// Why the person is here.
    pub purpose: Purpose,
    /// What it awaits.
    pub state: JourneyState,
    /// Answers taken so far, at most [`limits::PROOFS_PER_JOURNEY_MAX`].
    pub proofs: u8,
    /// Cancellations reported so far, at most [`limits::CANCELLATIONS_PER_JOURNEY_MAX`].
    pub cancellations: u8,
    /// When it began.
    pub created: Timestamp,
    /// When it ends by itself.
    pub expires: Timestamp,
    /// The client that asked, or none for My account.
    pub path: Option<ClientId>,
    /// That path's tier.
    pub tier: Tier,
    /// Where the browser goes afterwards.
    pub return_to: ReturnTo,
}

/// What is known when a journey begins.
#[derive(Debug, Clone)]
pub struct Start {
    /// Why the person is here. Naming a pass or a session grants nothing: options and result check both.
    pub purpose: Purpose,
    /// The client that asked, or none for My account.
    pub path: Option<ClientId>,
    /// That path's tier.
    pub tier: Tier,
    /// Where the browser goes afterwards.
    pub return_to: ReturnTo,
}

/// Begins a journey in one browser. Takes 10 bytes of entropy.
#[must_use]
pub fn begin(start: Start, browser: &BrowserBinding, now: Timestamp, entropy: &mut Entropy) -> Journey {
    Journey {
        id: JourneyId::fresh(now, entropy),
        version: 0,
        browser: *browser,
        purpose: start.purpose,
        state: JourneyState::AwaitingOptions,
        proofs: 0,
        cancellations: 0,
        created: now,
        expires: now.plus_seconds(limits::JOURNEY_SECONDS),
        path: start.path,
        tier: start.tier,
        return_to: start.return_to,
    }
}

/// A challenge that was taken out of its journey. It can't be copied, and only [`take`] makes one: whoever verifies an
/// answer has spent the challenge.
#[derive(Debug)]
#[must_use = "the challenge is spent; verify the answer or drop it"]
pub struct Taken {
    pub(crate) journey: Journey,
    pub(crate) challenge: Challenge,
    pub(crate) issued: Timestamp,
    pub(crate) mediation: Mediation,
}

impl Taken {
    /// The journey as it is now stored: without its challenge.
    #[must_use]
    pub const fn journey(&self) -> &Journey {
        &self.journey
    }

    /// The journey's end, to be stored once the outcome is committed.
    pub(crate) fn finished(&self) -> Journey {
        self.journey.next(JourneyState::Finished)
    }
}

/// Takes the challenge out of `journey`. Store the returned journey first (only if `version` is unchanged), then verify
/// with the [`Taken`].
///
/// # Errors
/// [`Refusal`] when the journey belongs to another browser, is over, was never asked for options, or has used up its
/// tries.
pub fn take(journey: &Journey, browser: &BrowserBinding, now: Timestamp) -> Result<(Journey, Taken), Refusal> {
    journey.check(browser, now)?;
    let (challenge, issued, mediation) = match &journey.state {
        JourneyState::AwaitingOptions
        | JourneyState::AwaitingPassword { .. }
        | JourneyState::AwaitingSecondFactor { .. }
        | JourneyState::Invited { .. }
        | JourneyState::Finished => return Err(Refusal::ChallengeSpent),
        JourneyState::AwaitingPasskey { challenge, issued, mediation } => (challenge.clone(), *issued, *mediation),
    };
    if !limits::within_seconds(now, issued, limits::CHALLENGE_SECONDS) {
        return Err(Refusal::ChallengeExpired);
    }
    let next = journey.counted(JourneyState::AwaitingOptions);
    Ok((next.clone(), Taken { journey: next, challenge, issued, mediation }))
}

/// Counts a ceremony that the browser says was cancelled. The challenge stays as it is: a newer one may already be out.
///
/// # Errors
/// [`Refusal`] as for [`take`]; a journey that reports too many is refused, and no record is due.
pub fn cancelled(journey: &Journey, browser: &BrowserBinding, now: Timestamp) -> Result<Journey, Refusal> {
    journey.check(browser, now)?;
    if journey.cancellations >= limits::CANCELLATIONS_PER_JOURNEY_MAX {
        return Err(Refusal::TooManyTries);
    }
    let mut next = journey.next(journey.state.clone());
    next.cancellations = next.cancellations.saturating_add(1);
    Ok(next)
}

impl Journey {
    /// Whether this browser may take a further step at this time.
    ///
    /// # Errors
    /// [`Refusal::OtherBrowser`], [`Refusal::JourneyExpired`], [`Refusal::JourneyFinished`] or
    /// [`Refusal::TooManyTries`], asked in this order.
    pub fn check(&self, browser: &BrowserBinding, now: Timestamp) -> Result<(), Refusal> {
        if !self.browser.same(browser) {
            return Err(Refusal::OtherBrowser);
        }
        if now >= self.expires || !limits::within_seconds(now, self.created, limits::JOURNEY_SECONDS) {
            return Err(Refusal::JourneyExpired);
        }
        if matches!(self.state, JourneyState::Finished) {
            return Err(Refusal::JourneyFinished);
        }
        if self.proofs >= limits::PROOFS_PER_JOURNEY_MAX {
            return Err(Refusal::TooManyTries);
        }
        Ok(())
    }

    /// Whether a passkey or a name may be asked for: nobody has signed in yet.
    ///
    /// # Errors
    /// [`Refusal::WrongStep`] once the person is signed in and only invited.
    pub(crate) fn awaits_proof(&self) -> Result<(), Refusal> {
        match self.state {
            JourneyState::AwaitingOptions
            | JourneyState::AwaitingPasskey { .. }
            | JourneyState::AwaitingPassword { .. }
            | JourneyState::AwaitingSecondFactor { .. } => Ok(()),
            JourneyState::Invited { .. } | JourneyState::Finished => Err(Refusal::WrongStep),
        }
    }

    /// The same journey with a challenge out. An older challenge is gone.
    pub(crate) fn awaiting(&self, challenge: Challenge, issued: Timestamp, mediation: Mediation) -> Self {
        self.next(JourneyState::AwaitingPasskey { challenge, issued, mediation })
    }

    /// The same journey in another state, one try further.
    pub(crate) fn counted(&self, state: JourneyState) -> Self {
        let mut next = self.next(state);
        next.proofs = next.proofs.saturating_add(1);
        next
    }

    /// The same journey in another state.
    pub(crate) fn next(&self, state: JourneyState) -> Self {
        Self { version: self.version.wrapping_add(1), state, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use crypto::HashKey;

    use super::*;

    const START: Timestamp = Timestamp::from_seconds(1_000_000);

    fn browser(seed: u8) -> BrowserBinding {
        BrowserBinding::fresh(&HashKey::new(&[1; 32]), &mut Entropy::new([seed; 256])).1
    }

    fn begun() -> Journey {
        let start = Start { purpose: Purpose::SignIn, path: None, tier: Tier::Standard, return_to: ReturnTo::Account };
        begin(start, &browser(1), START, &mut Entropy::new([3; 256]))
    }

    fn challenge(seed: u8) -> Challenge {
        Challenge::from_bytes([seed; 32])
    }

    #[test]
    fn a_challenge_is_taken_once() {
        let asked = begun().awaiting(challenge(1), START, Mediation::Modal);
        let (stored, taken) = take(&asked, &browser(1), START).expect("a challenge is out");
        assert_eq!(taken.challenge, challenge(1));
        assert_eq!((stored.version, stored.proofs), (asked.version + 1, 1));
        assert_eq!(take(&stored, &browser(1), START).err(), Some(Refusal::ChallengeSpent));
    }

    #[test]
    fn a_journey_that_never_asked_proves_nothing() {
        assert_eq!(take(&begun(), &browser(1), START).err(), Some(Refusal::ChallengeSpent));
    }

    #[test]
    fn new_options_replace_the_old_challenge() {
        let twice =
            begun().awaiting(challenge(1), START, Mediation::Modal).awaiting(challenge(2), START, Mediation::Modal);
        let (_, taken) = take(&twice, &browser(1), START).expect("a challenge is out");
        assert_eq!(taken.challenge, challenge(2));
        assert_eq!(twice.version, 2);
    }

    #[test]
    fn another_browser_learns_nothing_else() {
        let expired = START.plus_seconds(limits::JOURNEY_SECONDS);
        let asked = begun().awaiting(challenge(1), START, Mediation::Modal);
        for now in [START, expired] {
            assert_eq!(take(&asked, &browser(2), now).err(), Some(Refusal::OtherBrowser));
            assert_eq!(cancelled(&asked, &browser(2), now).err(), Some(Refusal::OtherBrowser));
        }
    }

    #[test]
    fn journeys_and_challenges_expire() {
        let last = Timestamp::from_millis(START.plus_seconds(limits::JOURNEY_SECONDS).millis() - 1);
        let asked = begun().awaiting(challenge(1), last, Mediation::Modal);
        assert!(take(&asked, &browser(1), last).is_ok());
        let over = START.plus_seconds(limits::JOURNEY_SECONDS);
        assert_eq!(take(&asked, &browser(1), over).err(), Some(Refusal::JourneyExpired));

        let asked = begun().awaiting(challenge(1), START, Mediation::Modal);
        let edge = START.plus_seconds(limits::CHALLENGE_SECONDS);
        assert!(take(&asked, &browser(1), edge).is_ok());
        let late = Timestamp::from_millis(edge.millis() + 1);
        assert_eq!(take(&asked, &browser(1), late).err(), Some(Refusal::ChallengeExpired));
    }

    #[test]
    fn a_clock_that_jumped_back_ends_the_journey() {
        let asked = begun().awaiting(challenge(1), START, Mediation::Modal);
        let before = START.plus_seconds(-3600);
        assert_eq!(take(&asked, &browser(1), before).err(), Some(Refusal::JourneyExpired));
    }

    #[test]
    fn a_finished_journey_stays_finished() {
        let (_, taken) = take(&begun().awaiting(challenge(1), START, Mediation::Modal), &browser(1), START)
            .expect("a challenge is out");
        let finished = taken.finished();
        assert_eq!(finished.check(&browser(1), START), Err(Refusal::JourneyFinished));
        assert_eq!(take(&finished, &browser(1), START).err(), Some(Refusal::JourneyFinished));
        assert_eq!(cancelled(&finished, &browser(1), START).err(), Some(Refusal::JourneyFinished));
    }

    #[test]
    fn tries_and_cancellations_are_counted() {
        let mut journey = begun();
        for seed in 0..limits::PROOFS_PER_JOURNEY_MAX {
            let asked = journey.awaiting(challenge(seed), START, Mediation::Modal);
            journey = take(&asked, &browser(1), START).expect("tries are left").0;
        }
        assert_eq!(journey.check(&browser(1), START), Err(Refusal::TooManyTries));

        let mut journey = begun().awaiting(challenge(1), START, Mediation::Modal);
        for _ in 0..limits::CANCELLATIONS_PER_JOURNEY_MAX {
            journey = cancelled(&journey, &browser(1), START).expect("may still be cancelled");
        }
        assert_eq!(cancelled(&journey, &browser(1), START).err(), Some(Refusal::TooManyTries));
        // A cancelled prompt leaves the challenge that a newer prompt may be waiting on.
        assert!(take(&journey, &browser(1), START).is_ok());
    }
}
