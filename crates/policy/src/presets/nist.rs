//! NIST SP 800-63B-4, Digital Identity Guidelines: Authentication and Authenticator Management (July 2025).
//!
//! The time limits and the exclusion of syncable keys at AAL3 were checked against quotations of the final text. Everything else here, the numbers of
//! sections among it, follows the second draft and was not compared with the final text: do that before you claim conformance by these presets.

use model::Strength;

use crate::{Fallbacks, Requirement, Rule, SessionTimes, Tiers};

use super::{administrators, rule};

/// AAL2 for everyone.
///
/// - Two factors, or one key that holds two (§2.2.1); from a passkey that means user verification, which [`Requirement::user_verified`] derives.
/// - Synced passkeys serve: §2.2 does not ask for keys that can't be exported, and appendix B says how they may be synced.
/// - Overall at most 24 hours, without use at most 1 hour (§2.2.3).
/// - A single saved recovery code does not sign anybody in: recovery at AAL2 takes two codes that came by different ways, or one code with a bound
///   authenticator, or proofing again (§4.2).
///
/// The text also wants a phishing-resistant way to be *offered* (§2.2.2). Passkeys are always offered here; asking for them is for the base or
/// for another rule.
pub(super) fn aal2_workforce() -> Rule {
    let asks = Requirement {
        least: Strength::TwoFactor,
        fallbacks: Fallbacks { recovery_codes: false, ..Requirement::LOOSEST.fallbacks },
        session: SessionTimes { idle_seconds: 60 * 60, absolute_seconds: 24 * 60 * 60 },
        ..Requirement::LOOSEST
    };
    rule("aal2_workforce", Vec::new(), Tiers::ALL, asks, "This organisation follows NIST AAL2.")
}

/// AAL3 for privileged people, wherever they sign in.
///
/// - A hardware key that can't be exported, by proof of its maker (§2.3.1): attested, and BE = 0.
/// - Syncable authenticators are excluded in so many words (§2.3.2).
/// - Phishing resistance, so neither passwords nor codes (§2.3.2).
/// - Overall at most 12 hours, without use at most 15 minutes; signing in again means both factors again (§2.3.3), which is the only way we know.
/// - A key is bound at the level of what bound it, and no higher (§4.1): one that a link bound does not serve before it is confirmed.
pub(super) fn aal3_administrator() -> Rule {
    let asks = Requirement {
        least: Strength::Attested,
        device_bound_only: true,
        attested_only: true,
        synced_passkeys: false,
        fallbacks: Fallbacks { password_and_totp: false, recovery_codes: false },
        unconfirmed_binding: false,
        session: SessionTimes { idle_seconds: 15 * 60, absolute_seconds: 12 * 60 * 60 },
        ..Requirement::LOOSEST
    };
    let reason = "This organisation asks NIST AAL3 of everyone with administrative power.";
    rule("aal3_administrator", vec![administrators()], Tiers::ALL, asks, reason)
}
