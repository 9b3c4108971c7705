//! All that can be asked, one by one.

use std::fmt;

/// One side of a requirement. Each is compared, tightened and explained by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// How strong the sign-in must be at least.
    LeastStrength,
    /// Whether the passkey must have verified the person. Never set by itself: it follows from asking for more than one factor.
    UserVerified,
    /// Whether only keys that stay on one device serve.
    DeviceBoundOnly,
    /// Whether only keys serve whose maker was proved.
    AttestedOnly,
    /// Whether passkeys serve that may be copied between devices.
    SyncedPasskeys,
    /// Whether a password with a one-time code serves. Off, it refuses everything that rests on a password.
    PasswordAndTotp,
    /// Whether a recovery code serves.
    RecoveryCodes,
    /// Whether a passkey serves that was bound by a link or after a password, and not confirmed since.
    UnconfirmedBinding,
    /// How old the proof may be.
    FreshSeconds,
    /// How long a session may go unused.
    SessionIdleSeconds,
    /// How long a session may live in all.
    SessionAbsoluteSeconds,
    /// How long "Not now" silences an invitation to enrol.
    InvitationSnoozeDays,
    /// How often "Not now" may be said.
    InvitationSkips,
}

impl Facet {
    /// Every facet, in the order of tables and pages.
    pub const ALL: [Self; 13] = [
        Self::LeastStrength,
        Self::UserVerified,
        Self::DeviceBoundOnly,
        Self::AttestedOnly,
        Self::SyncedPasskeys,
        Self::PasswordAndTotp,
        Self::RecoveryCodes,
        Self::UnconfirmedBinding,
        Self::FreshSeconds,
        Self::SessionIdleSeconds,
        Self::SessionAbsoluteSeconds,
        Self::InvitationSnoozeDays,
        Self::InvitationSkips,
    ];

    /// The word used in configuration, logs and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LeastStrength => "least",
            Self::UserVerified => "user_verified",
            Self::DeviceBoundOnly => "device_bound_only",
            Self::AttestedOnly => "attested_only",
            Self::SyncedPasskeys => "synced_passkeys",
            Self::PasswordAndTotp => "password_and_totp",
            Self::RecoveryCodes => "recovery_codes",
            Self::UnconfirmedBinding => "unconfirmed_binding",
            Self::FreshSeconds => "fresh_seconds",
            Self::SessionIdleSeconds => "session_idle_seconds",
            Self::SessionAbsoluteSeconds => "session_absolute_seconds",
            Self::InvitationSnoozeDays => "invitation_snooze_days",
            Self::InvitationSkips => "invitation_skips",
        }
    }

    /// Reads the word written by [`Self::as_str`].
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|facet| facet.as_str() == word)
    }

    /// This facet's place in [`Self::ALL`].
    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Facet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_facet_stands_at_its_own_place_and_reads_its_own_word() {
        for (place, facet) in Facet::ALL.into_iter().enumerate() {
            assert_eq!(facet.index(), place);
            assert_eq!(Facet::from_word(facet.as_str()), Some(facet));
        }
        assert_eq!(Facet::from_word("colour"), None);
    }
}
