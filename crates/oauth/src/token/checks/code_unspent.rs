//! The code was not redeemed before.

use model::AuditKind;

use super::{CodePassed, Consequence, Run, Stop};
use crate::{CodeFact, FamilyState, RevocationReason, token::TokenRefusal};

/// This is the code's first valid use.
pub(super) struct FirstUse {
    _made_here: (),
}

pub(super) fn check(passed: &mut CodePassed<'_>) -> Run<()> {
    let (record, family) = match passed.facts.code {
        CodeFact::Live(_) => {
            passed.unspent = Some(FirstUse { _made_here: () });
            return Ok(());
        }
        CodeFact::Spent { record, family } => (record, family),
        CodeFact::Unknown => return Err(TokenRefusal::Incomplete.into()),
    };
    // OAuth 2.1 §4.1.3, §7.5.2: the earlier checks make this a replay by the right client with the right verifier, so somebody
    // else holds both. What the code became ends; an already ended family needs no second entry.
    let ended = passed.facts.family.is_some_and(|known| Some(known.id) == family && known.state != FamilyState::Live);
    let consequence = if ended {
        Consequence::Nothing
    } else {
        Consequence::Record {
            kind: AuditKind::CodeReplayed,
            family,
            reason: RevocationReason::CodeReplayed,
            person: record.person,
        }
    };
    Err(Stop::Refused { refusal: TokenRefusal::CodeReplayed, consequence })
}
