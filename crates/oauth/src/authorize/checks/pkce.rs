//! PKCE with S256: always, but for a dated exception.

use crypto::from_b64u_exact;

use super::{Passed, Stop};
use crate::{ExceptionRule, authorize::AuthorizeFault, scope::OPENID};

/// A challenge that only the holder of its verifier can answer; none where an exception lets a `nonce` stand in.
pub(crate) struct Pkce(Option<[u8; 32]>);

impl Pkce {
    pub(crate) const fn challenge(&self) -> Option<[u8; 32]> {
        self.0
    }
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let method = passed.params.value("code_challenge_method");
    let Some(challenge) = passed.params.value("code_challenge") else {
        if method.is_some() || !is_excepted(passed)? {
            return Err(AuthorizeFault::ChallengeMissing.into());
        }
        passed.pkce = Some(Pkce(None));
        return Ok(());
    };
    // RFC 7636 §4.3: without a method the challenge would be plain. We support S256 alone (§4.4.1: invalid_request).
    if method != Some("S256") {
        return Err(AuthorizeFault::ChallengeMethod.into());
    }
    // RFC 7636 §4.2: base64url of SHA-256, so exactly 32 bytes. Decoding now lets the token endpoint compare bytes.
    let challenge = from_b64u_exact(challenge).map_err(|_| AuthorizeFault::ChallengeInvalid)?;
    passed.pkce = Some(Pkce(Some(challenge)));
    Ok(())
}

/// OAuth 2.1 §7.5.1.1: a confidential client that checks an OpenID `nonce` is safe from injected codes by that. It does not have to
/// be believed: an operator has to have made an exception for it, which has an end.
fn is_excepted(passed: &Passed<'_>) -> Result<bool, AuthorizeFault> {
    let client = passed.client.ok_or(AuthorizeFault::Incomplete)?.get();
    let has_nonce = passed.nonce.as_ref().ok_or(AuthorizeFault::Incomplete)?.text().is_some();
    let is_openid = passed.scope.as_ref().ok_or(AuthorizeFault::Incomplete)?.get().contains(OPENID);
    Ok(has_nonce && is_openid && client.is_confidential() && client.excepts(ExceptionRule::PkceWithNonce, passed.now))
}
