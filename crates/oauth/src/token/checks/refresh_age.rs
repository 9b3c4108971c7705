//! The refresh token has not expired.

use super::{RefreshPassed, Run};
use crate::token::TokenRefusal;

/// The token lies within its idle time, the family within its life.
pub(super) struct NotExpired {
    _made_here: (),
}

pub(super) fn check(passed: &mut RefreshPassed<'_>) -> Run<()> {
    let family = passed.family.as_ref().ok_or(TokenRefusal::Incomplete)?.get();
    // RFC 10017: an idle or absolute limit is required for browser clients; everyone gets both.
    if !family.is_usable(passed.now) {
        return Err(TokenRefusal::TokenExpired.into());
    }
    passed.age = Some(NotExpired { _made_here: () });
    Ok(())
}
