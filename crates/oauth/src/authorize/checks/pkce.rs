//! PKCE, always, with S256.

use crypto::from_b64u_exact;

use super::{Passed, Stop};
use crate::authorize::AuthorizeFault;

/// A challenge that only the holder of its verifier can answer.
pub(crate) struct Pkce([u8; 32]);

impl Pkce {
    pub(crate) const fn challenge(&self) -> [u8; 32] {
        self.0
    }
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let challenge = passed.params.value("code_challenge").ok_or(AuthorizeFault::ChallengeMissing)?;
    // RFC 7636 §4.3: without a method the challenge would be plain. We support S256 alone (§4.4.1: invalid_request).
    if passed.params.value("code_challenge_method") != Some("S256") {
        return Err(AuthorizeFault::ChallengeMethod.into());
    }
    // RFC 7636 §4.2: base64url of SHA-256, so exactly 32 bytes. Decoding now lets the token endpoint compare bytes.
    let challenge = from_b64u_exact(challenge).map_err(|_| AuthorizeFault::ChallengeInvalid)?;
    passed.pkce = Some(Pkce(challenge));
    Ok(())
}
