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
    let Some(challenge) = record.challenge else {
        // RFC 9700 §2.1.1, OAuth 2.1 §4.1.3: a verifier without a challenge means that somebody took the challenge away.
        if passed.request.params.value("code_verifier").is_some() {
            return Err(TokenRefusal::VerifierUnexpected.into());
        }
        passed.verifier = Some(Answered { _made_here: () });
        return Ok(());
    };
    // Every other code has a challenge, so its redemption needs a verifier.
    let verifier = passed.request.params.value("code_verifier").ok_or(TokenRefusal::VerifierMissing)?;
    // RFC 7636 §4.1: 43 to 128 unreserved characters.
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    if !(43..=128).contains(&verifier.len()) || !verifier.bytes().all(unreserved) {
        return Err(TokenRefusal::VerifierMalformed.into());
    }
    // RFC 7636 §4.6 with S256.
    if !equal(&sha256(verifier.as_bytes()), &challenge) {
        return Err(TokenRefusal::VerifierWrong.into());
    }
    passed.verifier = Some(Answered { _made_here: () });
    Ok(())
}
