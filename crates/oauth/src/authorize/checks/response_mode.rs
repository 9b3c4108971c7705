//! The answer travels in the query.

use super::{Passed, Stop};
use crate::authorize::AuthorizeFault;

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    match passed.params.value("response_mode") {
        // OAuth 2.0 Multiple Response Type Encoding Practices §2.1: query is the default for codes.
        None | Some("query") => Ok(()),
        Some(_) => Err(AuthorizeFault::ResponseModeUnsupported.into()),
    }
}
