//! The invitation: after a sign-in without a passkey, the person is asked to enrol one. "Not now" is an answer, a few
//! times; what was answered is kept for the person, not for the browser.

use model::{
    Actor, AuditEvent, AuditKind, Decision, Detail, Outcome, PersonId, Session, Timestamp, decision::NoQuestion,
};
use passkey::Passkey;

use crate::{BrowserBinding, Change, InvitationLimits, Journey, JourneyState, Refusal, Requirement};

const DAY_SECONDS: i64 = 24 * 60 * 60;

/// What a person answered so far, as stored. No row is the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InvitationState {
    /// How often they said "not now".
    pub count: u16,
    /// Not to be asked before.
    pub snoozed_until: Option<Timestamp>,
}

/// An invitation that is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvitationDue {
    /// Whom it asks.
    pub person: PersonId,
    /// How often they may still say "not now". At 0 the page offers none.
    pub not_now_left: u16,
    /// How long one "not now" lasts, and how many there are.
    pub limits: InvitationLimits,
}

/// Whether someone who just signed in without a passkey is invited: they hold none, and are not to be left alone yet.
/// Where the requirement allows no "not now" and no snooze at all, there are no invitations (a shared workstation).
#[must_use]
pub fn due(
    person: PersonId,
    passkeys: &[Passkey],
    state: InvitationState,
    requirement: &Requirement,
    now: Timestamp,
) -> Option<InvitationDue> {
    let limits = requirement.invitation;
    let never = limits.skips == 0 && limits.snooze_days == 0;
    let snoozed = state.snoozed_until.is_some_and(|until| now < until && until <= longest_snooze(limits, now));
    if never || snoozed || !passkeys.is_empty() {
        return None;
    }
    Some(InvitationDue { person, not_now_left: limits.skips.saturating_sub(state.count), limits })
}

/// A snooze written under longer limits, or by a clock that was ahead, ends with the present limits.
fn longest_snooze(limits: InvitationLimits, now: Timestamp) -> Timestamp {
    now.plus_seconds(i64::from(limits.snooze_days) * DAY_SECONDS)
}

/// "Not now": the journey goes on, and the person is left alone for a while.
///
/// Refused with [`Refusal::InvitationUsedUp`] when it was said as often as one may; the journey then goes on with a
/// passkey only (see [`invitation_met`]).
pub fn not_now(
    journey: &Journey,
    browser: &BrowserBinding,
    session: Option<&Session>,
    state: InvitationState,
    now: Timestamp,
) -> Decision<Journey, Refusal, NoQuestion, Change> {
    let (due, session) = match invited(journey, browser, session, now) {
        Ok(invited) => invited,
        Err(refusal) => return Decision::Refused(Outcome::plain(refusal)),
    };
    if state.count >= due.limits.skips {
        return Decision::Refused(Outcome::plain(Refusal::InvitationUsedUp));
    }
    let count = state.count.saturating_add(1);
    let event = AuditEvent::new(AuditKind::InvitationDeclined, Actor::Person(due.person))
        .person(due.person)
        .detail("count", Detail::Number(i64::from(count)));
    Decision::Done(Outcome {
        reply: journey.next(JourneyState::Finished),
        changes: vec![
            Change::RequireSession { id: session.id, at: now },
            Change::RecordInvitation { person: due.person, count, snoozed_until: longest_snooze(due.limits, now) },
        ],
        audit: vec![event],
    })
}

/// The invitation was followed: the journey goes on once the person holds a passkey. `passkeys` are theirs, loaded after
/// the enrolment was committed.
///
/// # Errors
/// [`Refusal`] of [`Journey::check`]; [`Refusal::WrongStep`] without an invitation, or while they hold no passkey;
/// [`Refusal::SessionEnded`] without the session of the person who was invited.
pub fn invitation_met(
    journey: &Journey,
    browser: &BrowserBinding,
    session: Option<&Session>,
    passkeys: &[Passkey],
    now: Timestamp,
) -> Result<Journey, Refusal> {
    let (due, _) = invited(journey, browser, session, now)?;
    if passkeys.iter().any(|passkey| passkey.person == due.person) {
        Ok(journey.next(JourneyState::Finished))
    } else {
        Err(Refusal::WrongStep)
    }
}

fn invited<'a>(
    journey: &Journey,
    browser: &BrowserBinding,
    session: Option<&'a Session>,
    now: Timestamp,
) -> Result<(InvitationDue, &'a Session), Refusal> {
    journey.check(browser, now)?;
    let JourneyState::Invited { due } = journey.state else { return Err(Refusal::WrongStep) };
    let own = session.filter(|session| session.authentication.person == due.person && now < session.expires);
    Ok((due, own.ok_or(Refusal::SessionEnded)?))
}

#[cfg(test)]
mod tests {
    use model::Tier;

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    #[test]
    fn an_invitation_is_due_until_it_is_followed_or_put_off() {
        let person = PersonId::from_bytes([1; 16]);
        let asks = |skips, snooze_days| Requirement {
            invitation: InvitationLimits { skips, snooze_days },
            ..Requirement::passkeys_only(Tier::Standard)
        };
        let days = |days: i64| Some(NOW.plus_seconds(days * DAY_SECONDS));
        // (answered so far, requirement, "not now" left)
        let cases = [
            (InvitationState::default(), asks(3, 7), Some(3)),
            (InvitationState { count: 2, snoozed_until: days(-1) }, asks(3, 7), Some(1)),
            (InvitationState { count: 2, snoozed_until: days(7) }, asks(3, 7), None),
            // The limits were tightened, or a clock was ahead.
            (InvitationState { count: 2, snoozed_until: days(8) }, asks(3, 7), Some(1)),
            (InvitationState { count: 3, snoozed_until: days(0) }, asks(3, 7), Some(0)),
            (InvitationState { count: 9, snoozed_until: None }, asks(3, 7), Some(0)),
            (InvitationState::default(), asks(0, 0), None),
        ];
        for (state, requirement, expected) in cases {
            let due = due(person, &[], state, &requirement, NOW);
            assert_eq!(due.map(|due| due.not_now_left), expected, "{state:?} {requirement:?}");
        }
    }
}
