//! What was granted may still be used.

use model::AuditKind;

use super::{CodePassed, Consequence, RefreshPassed, Run, Stop};
use crate::{
    scope::OFFLINE_ACCESS,
    still::{StillFacts, may},
    token::TokenRefusal,
};

/// The client, the person, their groups, their consent, the passkey, the requirement and the session all still allow it.
pub(super) struct StillHolds {
    _made_here: (),
}

pub(super) fn check_code(passed: &mut CodePassed<'_>) -> Run<()> {
    let record = passed.code.as_ref().ok_or(TokenRefusal::Incomplete)?.record();
    let facts = StillFacts {
        client: passed.client.client(),
        person: passed.facts.person,
        granted_by: record.person,
        scope: &record.scope,
        details: &record.details,
        authentication: &record.authentication,
        consent: passed.facts.consent,
        credential: passed.facts.credential,
        requirement_met: passed.facts.requirement_met,
        // Who signs out between authorization and redemption takes a session-bound grant along.
        session_live: passed.facts.session_live || record.scope.contains(OFFLINE_ACCESS),
    };
    may(&facts, passed.now).map_err(TokenRefusal::Ended)?;
    passed.still = Some(StillHolds { _made_here: () });
    Ok(())
}

pub(super) fn check_refresh(passed: &mut RefreshPassed<'_>) -> Run<()> {
    let family = passed.family.as_ref().ok_or(TokenRefusal::Incomplete)?.get();
    let facts = StillFacts::of_family(passed.client.client(), family, &passed.facts.standing());
    match may(&facts, passed.now) {
        Ok(()) => {
            passed.still = Some(StillHolds { _made_here: () });
            Ok(())
        }
        // The grant does not come back to life when what it rested on does.
        Err(because) => Err(Stop::Refused {
            refusal: TokenRefusal::Ended(because),
            consequence: Consequence::Record {
                kind: AuditKind::FamilyRevoked,
                family: Some(family.id),
                reason: because.revocation(),
                person: family.person,
            },
        }),
    }
}
