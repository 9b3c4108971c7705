//! The code is fresh.

use super::{CodePassed, Run};
use crate::token::TokenRefusal;

/// The code has not expired.
pub(super) struct InTime {
    _made_here: (),
}

pub(super) fn check(passed: &mut CodePassed<'_>) -> Run<()> {
    let record = passed.code.as_ref().ok_or(TokenRefusal::Incomplete)?.record();
    // A clock that went back is no reason to accept a code from the future.
    if passed.now < record.issued || passed.now >= record.expires {
        return Err(TokenRefusal::CodeExpired.into());
    }
    passed.age = Some(InTime { _made_here: () });
    Ok(())
}
