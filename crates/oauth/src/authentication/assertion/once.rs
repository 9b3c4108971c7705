//! The assertion is used for the first time.

use crypto::json::Claims;

use super::Facts;
use crate::authentication::{AuthenticationStop, BadAssertion, ClientAuthFault};

/// Longest `jti`, in bytes.
const JTI_BYTES_MAX: usize = 256;

/// The identifier by which its use is remembered. RFC 7523 §3 lets servers ask for one; without, a stolen assertion would work
/// until it expires.
pub(super) fn jti(claims: &Claims) -> Result<&str, BadAssertion> {
    let jti = claims.text("jti").ok().flatten().ok_or(BadAssertion::Jti)?;
    if jti.is_empty() || jti.len() > JTI_BYTES_MAX { Err(BadAssertion::Jti) } else { Ok(jti) }
}

pub(super) fn check(facts: &Facts<'_>) -> Result<(), AuthenticationStop> {
    // The precondition of the change catches whoever comes at the same time; this catches whoever comes later.
    if facts.known.assertion_spent { Err(ClientAuthFault::from(BadAssertion::Replayed).into()) } else { Ok(()) }
}
