//! The family has not been ended.

use super::{RefreshPassed, Run};
use crate::{FamilyState, token::TokenRefusal};

/// The family is live.
pub(super) struct Live {
    _made_here: (),
}

pub(super) fn check(passed: &mut RefreshPassed<'_>) -> Run<()> {
    match passed.family.as_ref().ok_or(TokenRefusal::Incomplete)?.get().state {
        FamilyState::Live => {
            passed.live = Some(Live { _made_here: () });
            Ok(())
        }
        FamilyState::Revoked { .. } => Err(TokenRefusal::FamilyRevoked.into()),
    }
}
