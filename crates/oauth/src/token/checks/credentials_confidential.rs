//! Only a client that proved itself acts for itself.

use super::{CredentialsPassed, Run};
use crate::token::TokenRefusal;

/// The client is confidential, and was authenticated.
pub(super) struct Confidential {
    _made_here: (),
}

pub(super) fn check(passed: &mut CredentialsPassed<'_>) -> Run<()> {
    // OAuth 2.1 §4.2: a public client's id is known to everybody.
    if !passed.client.client().is_confidential() {
        return Err(TokenRefusal::NotConfidential.into());
    }
    passed.confidential = Some(Confidential { _made_here: () });
    Ok(())
}
