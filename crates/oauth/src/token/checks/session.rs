//! The session behind the grant is live.

use model::AuditKind;

use super::{CodePassed, Consequence, RefreshPassed, Run, Stop};
use crate::{RevocationReason, scope::OFFLINE_ACCESS, token::TokenRefusal};

/// The session is live, or the grant may outlive it.
pub(super) struct SessionHolds {
    _made_here: (),
}

pub(super) fn check_code(passed: &mut CodePassed<'_>) -> Run<()> {
    let record = passed.code.as_ref().ok_or(TokenRefusal::Incomplete)?.record();
    // Who signs out between authorization and redemption takes a session-bound grant along.
    if !passed.facts.session_live && !record.scope.contains(OFFLINE_ACCESS) {
        return Err(TokenRefusal::SessionEnded.into());
    }
    passed.session = Some(SessionHolds { _made_here: () });
    Ok(())
}

pub(super) fn check_refresh(passed: &mut RefreshPassed<'_>) -> Run<()> {
    let family = passed.family.as_ref().ok_or(TokenRefusal::Incomplete)?.get();
    if family.session.is_some() && !passed.facts.session_live {
        return Err(Stop {
            refusal: TokenRefusal::SessionEnded,
            consequence: Consequence::Record {
                kind: AuditKind::FamilyRevoked,
                family: Some(family.id),
                reason: RevocationReason::SessionEnded,
                person: family.person,
            },
        });
    }
    passed.session = Some(SessionHolds { _made_here: () });
    Ok(())
}
