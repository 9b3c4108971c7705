//! CISA, "Implementing Phishing-Resistant MFA" (October 2022).

use model::Strength;

use crate::{Fallbacks, Requirement, Rule, Tiers};

use super::{administrators, human_resources, legal, rule};

/// The first wave: the people whom attackers go for first show a passkey everywhere, and nothing that can be phished.
///
/// The fact sheet ranks FIDO/WebAuthn (and PKI) above all else, takes number matching as an interim step only, and names the people to begin with:
/// administrators of systems, and those with sensitive records such as legal and human resources. It also names what to protect first: e-mail,
/// file servers and remote access. Which applications those are is a matter of their tiers, so this rule holds on every tier.
pub(super) fn first_wave() -> Rule {
    let asks = Requirement {
        least: Strength::Passkey,
        fallbacks: Fallbacks { password_and_totp: false, recovery_codes: false },
        ..Requirement::LOOSEST
    };
    let who = vec![administrators(), legal(), human_resources()];
    let reason =
        "People with administrative power, legal staff and human resources go first with phishing-resistant sign-in.";
    rule("cisa_first_wave", who, Tiers::ALL, asks, reason)
}
