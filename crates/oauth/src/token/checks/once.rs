//! No parameter twice.

use super::{Opening, Run};
use crate::token::TokenRefusal;

/// The parameters that mean something here. Others are ignored, even repeated (OAuth 2.1 §3.2).
/// `resource` is known, and may repeat (RFC 8707 §2).
const KNOWN: [&str; 12] = [
    "grant_type",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "code",
    "redirect_uri",
    "code_verifier",
    "refresh_token",
    "scope",
    "device_code",
    "subject_token",
];

pub(super) fn check(opening: &mut Opening<'_>) -> Run<()> {
    match opening.request.params.first_repeated(&KNOWN) {
        None => Ok(()),
        Some(name) => Err(TokenRefusal::Repeated(name).into()),
    }
}
