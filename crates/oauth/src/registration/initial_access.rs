//! Initial access tokens (RFC 7591 §1.2): who holds one may register clients, within its policy.

use crypto::b64u_into;
use model::{Actor, AuditEvent, AuditKind, Detail, Entropy, Outcome, Secret, Timestamp};

use super::RegistrationPolicy;
use crate::{Change, TokenKeys};

/// Longest life of an initial access token, in days.
pub const ACCESS_DAYS_MAX: i64 = 90;
/// Most clients that one token may register.
pub const ACCESS_USES_MAX: u32 = 10_000;

/// An initial access token, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InitialAccess {
    /// Keyed hash of the token ([`initial_access_hash`]).
    pub hash: [u8; 32],
    /// What its holder may register.
    pub policy: RegistrationPolicy,
    /// When it was issued.
    pub created: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
    /// How many clients it has registered.
    pub uses: u32,
    /// How many it may.
    pub uses_max: u32,
}

impl InitialAccess {
    /// Whether it may register one more client.
    #[must_use]
    pub fn is_usable(&self, now: Timestamp) -> bool {
        self.created <= now && now < self.expires && self.uses < self.uses_max
    }
}

/// A fresh token, shown once.
#[derive(Debug)]
pub struct IssuedAccess {
    /// The token.
    pub token: Secret<String>,
    /// Under which it is kept, for taking it back.
    pub hash: [u8; 32],
}

/// The limits of a token are out of bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected 1 to 10000 uses within 1 second to 90 days")]
pub struct BadLimits;

/// Under which an initial access token is kept.
#[must_use]
pub fn initial_access_hash(keys: &TokenKeys, token: &str) -> [u8; 32] {
    keys.kept_hash("initial access token", token.as_bytes())
}

/// Issues a token: `lgi_` and 256 random bits. Takes 32 bytes of entropy.
///
/// # Errors
/// When it would live too long, or register too many.
pub fn issue(
    policy: RegistrationPolicy,
    seconds: i64,
    uses_max: u32,
    keys: &TokenKeys,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Result<Outcome<IssuedAccess, Change>, BadLimits> {
    if !(1..=ACCESS_DAYS_MAX * 86_400).contains(&seconds) || !(1..=ACCESS_USES_MAX).contains(&uses_max) {
        return Err(BadLimits);
    }
    let mut token = String::with_capacity(48);
    token.push_str("lgi_");
    b64u_into(&entropy.take::<32>(), &mut token);
    let hash = initial_access_hash(keys, &token);
    let access = InitialAccess { hash, policy, created: now, expires: now.plus_seconds(seconds), uses: 0, uses_max };
    let event = AuditEvent::new(AuditKind::InitialAccessIssued, Actor::Operator)
        .detail("uses_max", Detail::Number(i64::from(uses_max)));
    Ok(Outcome {
        reply: IssuedAccess { token: Secret::new(token), hash },
        changes: vec![Change::InsertInitialAccess(Box::new(access))],
        audit: vec![event],
    })
}
