//! What a person must show on an access path, as plain data. Another room works it out (who, where, which exceptions);
//! this room holds sign-ins to it.

use model::{Strength, Tier};

use crate::limits::{self, SessionLimits};

/// What must be shown, and what follows from having shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The tier that this was worked out for. What no configuration may lower is kept by it: see [`crate::serves`](mod@crate::serves).
    pub tier: Tier,
    /// The least strength that serves.
    pub least: Strength,
    /// A password with a code from an authenticator app may serve; and without one, where `least` says so.
    pub password_and_totp: bool,
    /// A password with a recovery code may serve.
    pub recovery_codes: bool,
    /// Passkeys that may be on more than one device may serve.
    pub synced_passkeys: bool,
    /// Only what stays on one device serves.
    pub device_bound_only: bool,
    /// Only what its maker vouches for serves.
    pub attested_only: bool,
    /// A passkey whose weak binding was not yet confirmed may serve.
    pub unconfirmed_serves: bool,
    /// How old the proof may be when something of this tier is opened, in seconds.
    pub fresh_seconds: i64,
    /// How long a session lives that was opened for this path.
    pub sessions: SessionLimits,
    /// How often the invitation to enrol may be put off.
    pub invitation: InvitationLimits,
    /// Sentences for the page: why this is asked.
    pub says: Vec<String>,
}

/// How often "not now" may be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvitationLimits {
    /// How long one "not now" lasts, in days.
    pub snooze_days: u16,
    /// How often it may be said in all.
    pub skips: u16,
}

impl InvitationLimits {
    /// Three times, a week each.
    pub const DEFAULT: Self = Self { snooze_days: 7, skips: 3 };
}

impl Requirement {
    /// What an installation asks that configures nothing: a passkey for everything, no fallbacks; an unconfirmed binding
    /// for the standard tier only.
    #[must_use]
    pub fn passkeys_only(tier: Tier) -> Self {
        Self {
            tier,
            least: Strength::Passkey,
            password_and_totp: false,
            recovery_codes: false,
            synced_passkeys: true,
            device_bound_only: false,
            attested_only: false,
            unconfirmed_serves: tier == Tier::Standard,
            fresh_seconds: SessionLimits::DEFAULT.absolute_seconds,
            sessions: SessionLimits::DEFAULT,
            invitation: InvitationLimits::DEFAULT,
            says: Vec::new(),
        }
    }

    /// Whether the sign-in page offers a password at all.
    #[must_use]
    pub fn offers_password(&self) -> bool {
        self.least <= Strength::TwoFactor
            && !self.device_bound_only
            && !self.attested_only
            && (self.password_and_totp || self.recovery_codes)
    }

    /// Whether a password serves without a second factor. Never beyond the standard tier, whatever the requirement says
    /// (design §4).
    #[must_use]
    pub fn password_alone(&self) -> bool {
        match self.tier {
            Tier::Standard => self.least == Strength::Password && self.password_and_totp && self.offers_password(),
            Tier::Sensitive | Tier::Critical => false,
        }
    }

    /// The limits of a session opened for this path: what the requirement says, inside what its strength allows (NIST
    /// SP 800-63B-4 §2.2.3 and §2.3.3).
    #[must_use]
    pub fn session_limits(&self) -> SessionLimits {
        let outer = if self.attested_only || self.least == Strength::Attested {
            SessionLimits::AAL3
        } else {
            SessionLimits::AAL2
        };
        self.sessions.within(outer)
    }

    /// The same on a workstation that several people share: only what stays on a person's own device, no fallbacks, no
    /// invitation, and an unused session is soon over.
    #[must_use]
    pub fn on_shared_workstation(mut self) -> Self {
        self.least = self.least.max(Strength::DeviceBoundClaimed);
        self.password_and_totp = false;
        self.recovery_codes = false;
        self.synced_passkeys = false;
        self.device_bound_only = true;
        self.sessions = self.sessions.within(limits::SHARED_WORKSTATION_SESSIONS);
        self.invitation = InvitationLimits { snooze_days: 0, skips: 0 };
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_alone_is_never_offered_beyond_the_standard_tier() {
        for tier in [Tier::Standard, Tier::Sensitive, Tier::Critical] {
            let passkeys = Requirement::passkeys_only(tier);
            let lax = Requirement { least: Strength::Password, password_and_totp: true, ..passkeys.clone() };
            assert_eq!(lax.password_alone(), tier == Tier::Standard);
            // (requirement, is a password taken at all?)
            let cases = [
                (lax.clone(), true),
                (Requirement { least: Strength::TwoFactor, ..lax.clone() }, true),
                (Requirement { least: Strength::Passkey, ..lax.clone() }, false),
                (Requirement { password_and_totp: false, ..lax.clone() }, false),
                (Requirement { password_and_totp: false, recovery_codes: true, ..lax.clone() }, true),
                (Requirement { device_bound_only: true, ..lax.clone() }, false),
                (Requirement { attested_only: true, ..lax }, false),
                (passkeys, false),
            ];
            for (index, (requirement, expected)) in cases.into_iter().enumerate() {
                assert_eq!(requirement.offers_password(), expected, "{requirement:?}");
                assert!(index == 0 || !requirement.password_alone(), "{requirement:?}");
            }
        }
    }

    #[test]
    fn sessions_stay_inside_the_limits_of_their_strength() {
        let forever = SessionLimits { absolute_seconds: i64::MAX, idle_seconds: i64::MAX };
        let lax = Requirement { sessions: forever, ..Requirement::passkeys_only(Tier::Critical) };
        assert_eq!(lax.session_limits(), SessionLimits::AAL2);
        let attested = Requirement { attested_only: true, ..lax.clone() };
        assert_eq!(attested.session_limits(), SessionLimits::AAL3);
        let shared = lax.on_shared_workstation();
        assert_eq!(shared.session_limits(), limits::SHARED_WORKSTATION_SESSIONS);
        assert!(!shared.offers_password() && shared.device_bound_only);
    }
}
