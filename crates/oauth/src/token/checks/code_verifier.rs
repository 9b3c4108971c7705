//! Whoever redeems the code is who asked for it.

use crypto::{equal, sha256};

use super::{CodePassed, Run};
use crate::token::TokenRefusal;

/// The verifier answers the challenge that the code is bound to.
pub(super) struct Answered {
    _made_here: (),
}

pub(super) fn check(passed: &mut CodePassed<'_>) -> Run<()> {
    let record = passed.code.as_ref().ok_or(TokenRefusal::Incomplete)?.record();
    // Every code has a challenge (its record could not be made without), so every redemption needs a verifier.
    let verifier = passed.request.params.value("code_verifier").ok_or(TokenRefusal::VerifierMissing)?;
    // RFC 7636 §4.1: 43 to 128 unreserved characters.
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    if !(43..=128).contains(&verifier.len()) || !verifier.bytes().all(unreserved) {
        return Err(TokenRefusal::VerifierMalformed.into());
    }
    // RFC 7636 §4.6 with S256.
    if !equal(&sha256(verifier.as_bytes()), &record.challenge) {
        return Err(TokenRefusal::VerifierWrong.into());
    }
    passed.verifier = Some(Answered { _made_here: () });
    Ok(())
}
