//! No parameter twice.

use super::{Opening, Run};
use crate::token::TokenRefusal;

/// The parameters that mean something here. Others are ignored, even repeated (OAuth 2.1 §3.2).
const KNOWN: [&str; 8] =
    ["grant_type", "client_id", "client_secret", "code", "redirect_uri", "code_verifier", "refresh_token", "scope"];

pub(super) fn check(opening: &mut Opening<'_>) -> Run<()> {
    match opening.request.params.first_repeated(&KNOWN) {
        None => Ok(()),
        Some(name) => Err(TokenRefusal::Repeated(name).into()),
    }
}
