//! The client asks for a code.

use super::{Passed, Stop};
use crate::authorize::AuthorizeFault;

/// The answer will hold a code and no token (OAuth 2.1 §10.1). There is no other variant.
pub(super) struct CodeOnly {
    _made_here: (),
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    match passed.params.value("response_type") {
        Some("code") => {
            passed.code_only = Some(CodeOnly { _made_here: () });
            Ok(())
        }
        Some(_) => Err(AuthorizeFault::ResponseTypeUnsupported.into()),
        None => Err(AuthorizeFault::ResponseTypeMissing.into()),
    }
}
