//! The refresh token was made here.

use super::{RefreshPassed, Run};
use crate::{refresh_token::RefreshToken, token::TokenRefusal};

pub(super) fn check(passed: &mut RefreshPassed<'_>) -> Run<()> {
    let text = passed.request.params.value("refresh_token").ok_or(TokenRefusal::TokenMissing)?;
    // OAuth 2.1 §4.3.1: what a token says about itself counts only once its tag is verified.
    passed.token = Some(RefreshToken::parse(text, passed.facts.keys).map_err(|_| TokenRefusal::TokenNotOurs)?);
    Ok(())
}
