//! The refresh token is the family's current one.

use crypto::equal;
use model::AuditKind;

use super::{Consequence, RefreshPassed, Run, Stop};
use crate::{RevocationReason, token::TokenRefusal};

/// The presented token is the latest of its family.
pub(super) struct Current {
    _made_here: (),
}

pub(super) fn check(passed: &mut RefreshPassed<'_>) -> Run<()> {
    let token = passed.token.as_ref().ok_or(TokenRefusal::Incomplete)?;
    let family = passed.family.as_ref().ok_or(TokenRefusal::Incomplete)?.get();
    let is_current =
        token.generation() == family.generation && equal(&token.stored_hash(passed.facts.keys), &family.token_hash);
    if is_current {
        passed.current = Some(Current { _made_here: () });
        return Ok(());
    }
    // OAuth 2.1 §4.3.1, RFC 9700 §4.14.2: two parties hold tokens of this family and we can't tell which is honest, so it ends
    // for both. A token from later than we remember means that storage went back in time: the same answer, for the same reason.
    Err(Stop {
        refusal: TokenRefusal::TokenReplayed,
        consequence: Consequence::Record {
            kind: AuditKind::RefreshReplayed,
            family: Some(family.id),
            reason: RevocationReason::RefreshReplayed,
            person: family.person,
        },
    })
}
