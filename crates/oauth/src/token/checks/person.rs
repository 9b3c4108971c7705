//! The person may still sign in.

use model::{AuditKind, PersonId, Timestamp};

use super::{CodePassed, Consequence, RefreshPassed, Run, Stop};
use crate::{
    RevocationReason,
    token::{TokenFacts, TokenRefusal},
};

/// The person behind the grant exists, is active and not past the end date.
pub(super) struct PersonStays {
    _made_here: (),
}

fn person_stays(facts: &TokenFacts<'_>, person: PersonId, now: Timestamp) -> Option<PersonStays> {
    let stays = facts.person.is_some_and(|known| known.id == person && known.may_sign_in(now));
    stays.then_some(PersonStays { _made_here: () })
}

pub(super) fn check_code(passed: &mut CodePassed<'_>) -> Run<()> {
    let record = passed.code.as_ref().ok_or(TokenRefusal::Incomplete)?.record();
    passed.person = Some(person_stays(passed.facts, record.person, passed.now).ok_or(TokenRefusal::PersonRefused)?);
    Ok(())
}

pub(super) fn check_refresh(passed: &mut RefreshPassed<'_>) -> Run<()> {
    let family = passed.family.as_ref().ok_or(TokenRefusal::Incomplete)?.get();
    match person_stays(passed.facts, family.person, passed.now) {
        Some(stays) => {
            passed.person = Some(stays);
            Ok(())
        }
        // The grant does not come back to life when the person does.
        None => Err(Stop {
            refusal: TokenRefusal::PersonRefused,
            consequence: Consequence::Record {
                kind: AuditKind::FamilyRevoked,
                family: Some(family.id),
                reason: RevocationReason::PersonRefused,
                person: family.person,
            },
        }),
    }
}
