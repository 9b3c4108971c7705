//! What no configuration, rule or exception can lower.

use model::{Strength, Tier};

use crate::{Fallbacks, Requirement};

/// The least that is asked on a tier, whatever anybody configured.
///
/// - A password alone never serves sensitive or critical: one guess or one phish would be enough.
/// - A recovery code never serves critical: it is a secret on paper, and whoever finds it is one step in (NIST SP 800-63B-4 §4.2 lets such a code
///   recover an account only together with something else).
/// - A passkey whose binding is unconfirmed serves standard only: it may be the passkey of whoever read the link or phished the password.
#[must_use]
pub const fn floor(tier: Tier) -> Requirement {
    const SENSITIVE: Requirement =
        Requirement { least: Strength::TwoFactor, unconfirmed_binding: false, ..Requirement::LOOSEST };
    match tier {
        Tier::Standard => Requirement::LOOSEST,
        Tier::Sensitive => SENSITIVE,
        Tier::Critical => {
            Requirement { fallbacks: Fallbacks { recovery_codes: false, ..SENSITIVE.fallbacks }, ..SENSITIVE }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_floor_holds_the_one_below() {
        assert!(floor(Tier::Sensitive).at_least_as_strict_as(&floor(Tier::Standard)));
        assert!(floor(Tier::Critical).at_least_as_strict_as(&floor(Tier::Sensitive)));
        assert_eq!(floor(Tier::Standard), Requirement::LOOSEST);
    }
}
