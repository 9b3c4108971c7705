//! The FIDO Alliance's white papers on passkeys in the enterprise (2023): the one on moderate assurance, and "High Assurance Enterprise FIDO
//! Authentication". They advise and don't number clauses, so these presets are our reading of them.

use model::Strength;

use crate::{Fallbacks, Requirement, Rule, Tiers};

use super::{administrators, rule};

/// No fallback: both papers replace passwords and one-time codes.
const PASSKEY: Requirement = Requirement {
    least: Strength::Passkey,
    fallbacks: Fallbacks { password_and_totp: false, recovery_codes: false },
    ..Requirement::LOOSEST
};

const DEVICE_BOUND: Requirement =
    Requirement { least: Strength::DeviceBoundClaimed, device_bound_only: true, synced_passkeys: false, ..PASSKEY };

/// Moderate assurance: synced passkeys for standard accounts, device-bound ones for those with the most power.
pub(super) fn moderate() -> [Rule; 2] {
    [
        rule("fido_moderate.everyone", Vec::new(), Tiers::ALL, PASSKEY, "This organisation signs in with passkeys."),
        rule(
            "fido_moderate.administrators",
            vec![administrators()],
            Tiers::ALL,
            DEVICE_BOUND,
            "Accounts with administrative power need a key that can't be copied.",
        ),
    ]
}

/// High assurance: attested keys that stay on one device.
///
/// The paper leaves two ways with keys that are not attested: refuse them, or trust them less. This preset trusts them less: they serve the
/// standard tier, so that turning it on locks nobody out of everything. To refuse them there as well, add a rule with `attested_only = true`.
pub(super) fn high() -> [Rule; 2] {
    let attested = Requirement { least: Strength::Attested, attested_only: true, ..DEVICE_BOUND };
    [
        rule(
            "fido_high.everyone",
            Vec::new(),
            Tiers::ALL,
            DEVICE_BOUND,
            "This organisation signs in with keys that can't be copied.",
        ),
        rule(
            "fido_high.above_standard",
            Vec::new(),
            Tiers::ABOVE_STANDARD,
            attested,
            "What is kept here needs a key whose maker is proved.",
        ),
    ]
}
