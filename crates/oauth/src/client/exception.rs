//! One rule, relaxed for one client, for a while, with a name beside it.

use model::{ExceptionId, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Client, words};
use crate::stored;

/// Longest life of an exception, in days.
pub const EXCEPTION_DAYS_MAX: i64 = 366;

/// One rule relaxed for one client. Reason and names are for operators; they never leave for the client or for people who sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// Its id.
    #[serde(with = "stored::text")]
    pub id: ExceptionId,
    /// Which rule.
    pub rule: ExceptionRule,
    /// Why.
    pub reason: String,
    /// Who answers for it and will make it unnecessary.
    pub owner: String,
    /// Who agreed; never the owner.
    pub approved_by: String,
    /// Since when.
    #[serde(with = "stored::millis")]
    pub created: Timestamp,
    /// When it ends by itself.
    #[serde(with = "stored::millis")]
    pub expires: Timestamp,
}

words! {
    /// The rules that can be relaxed. Whatever is not here can't be.
    ExceptionRule {
        /// A confidential OpenID client may leave out PKCE when it sends a `nonce` (draft-ietf-oauth-v2-1-16 §7.5.1.1).
        PkceWithNonce = "pkce_with_nonce",
        /// A client whose tokens are bound to its key keeps its refresh token (FAPI 2.0 Security Profile §5.3.2.1).
        NoRotation = "no_rotation",
        /// A client assertion may name the endpoint as its audience, as before RFC 10070.
        LegacyAssertionAudience = "legacy_assertion_audience",
    }
}

/// Why an exception can't be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadException {
    /// Nobody said why, or who answers for it, or the text is too long.
    #[error("expected a reason of at most 500 bytes, an owner and an approver of at most 120 bytes each")]
    Words,
    /// The owner approved it.
    #[error("expected an approver other than the owner")]
    ApprovedByOwner,
    /// It would end before it begins, or lasts too long.
    #[error("expected an end within 366 days")]
    Expiry,
}

impl Exception {
    /// Checks what every exception must keep.
    ///
    /// # Errors
    /// When it names nobody, is approved by its owner, or lasts too long.
    pub fn check(&self) -> Result<(), BadException> {
        let fits = |text: &str, bytes: usize| !text.trim().is_empty() && text.len() <= bytes;
        if !fits(&self.reason, 500) || !fits(&self.owner, 120) || !fits(&self.approved_by, 120) {
            return Err(BadException::Words);
        }
        if self.owner.trim().eq_ignore_ascii_case(self.approved_by.trim()) {
            return Err(BadException::ApprovedByOwner);
        }
        if self.expires <= self.created || self.expires > self.created.plus_seconds(EXCEPTION_DAYS_MAX * 86_400) {
            return Err(BadException::Expiry);
        }
        Ok(())
    }

    /// Whether it holds now. One that should never have been made does not.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.created <= now && now < self.expires && self.check().is_ok()
    }
}

impl Client {
    /// Whether `rule` is relaxed for this client now.
    #[must_use]
    pub fn excepts(&self, rule: ExceptionRule, now: Timestamp) -> bool {
        self.settings.exceptions.iter().any(|exception| exception.rule == rule && exception.is_live(now))
    }
}
