//! No parameter twice.

use super::{Passed, Stop};
use crate::authorize::AuthorizeFault;

/// The parameters that mean something here. Others are ignored, even repeated (OAuth 2.1 §3.1).
const KNOWN: [&str; 15] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "response_mode",
    "nonce",
    "prompt",
    "max_age",
    "id_token_hint",
    "login_hint",
    "request",
    "request_uri",
];

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    match passed.params.first_repeated(&KNOWN) {
        None => Ok(()),
        Some(name) => Err(AuthorizeFault::ParameterRepeated(name).into()),
    }
}
