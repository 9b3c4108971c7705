//! Step-up: a live session whose proof is not enough proves again, in the same place. The new session is another one,
//! with another cookie; the old one ends in the commit that opens it.

use model::{ClientId, Entropy, Session, Tier, Timestamp};
use passkey::Passkey;

use crate::{BrowserBinding, Journey, Lack, Purpose, Requirement, ReturnTo, Shown, Start, Workstation, begin, serves};

/// Where the person wants to go.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// The client that asked, or none for My account.
    pub path: Option<ClientId>,
    /// That path's tier.
    pub tier: Tier,
    /// Where the browser goes afterwards.
    pub return_to: ReturnTo,
    /// What the path asks of this person.
    pub requirement: &'a Requirement,
    /// Whose browser it is.
    pub workstation: Workstation,
}

/// What a live session is worth here.
#[derive(Debug)]
pub enum StepUp {
    /// Enough: nothing is asked.
    NotNeeded,
    /// Not enough: this journey asks again. It opens nothing by itself; the answer must meet the requirement.
    Needed {
        /// To be stored.
        journey: Box<Journey>,
        /// What is missing, for the page.
        lacks: Vec<Lack>,
    },
}

/// Asks whether a live session serves, and begins the journey that makes up for what it lacks. `seen` is when the
/// session was last used. Takes 10 bytes of entropy.
#[must_use]
pub fn step_up(
    session: &Session,
    opened_with: Option<&Passkey>,
    seen: Timestamp,
    wanted: &Wanted<'_>,
    browser: &BrowserBinding,
    now: Timestamp,
    entropy: &mut Entropy,
) -> StepUp {
    let requirement = wanted.workstation.asks(wanted.requirement);
    match serves(&requirement, &Shown::session(session, opened_with, seen), now) {
        Ok(()) => StepUp::NotNeeded,
        Err(lacks) => {
            let start = Start {
                purpose: Purpose::FreshProof(session.id),
                path: wanted.path.clone(),
                tier: wanted.tier,
                return_to: wanted.return_to,
            };
            StepUp::Needed { journey: Box::new(begin(start, browser, now, entropy)), lacks }
        }
    }
}
