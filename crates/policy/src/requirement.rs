//! What must be shown, and how two such demands become one.

use model::Strength;

use crate::Facet;

/// What a person must show on a tier.
///
/// Requirements form a lattice: [`Self::LOOSEST`] asks nothing, and [`Self::strictest`] of two asks what either asks. It does not matter in
/// which order, how often or in which groups requirements are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requirement {
    /// The weakest sign-in that serves. It governs the fallbacks too: where more than [`Strength::TwoFactor`] is asked, none of them serves.
    pub least: Strength,
    /// Only keys that stay on one device (BE = 0).
    pub device_bound_only: bool,
    /// Only keys whose maker was proved by an attestation that led to a trusted root.
    pub attested_only: bool,
    /// Passkeys that may be copied between devices (BE = 1) serve.
    pub synced_passkeys: bool,
    /// What serves beside passkeys.
    pub fallbacks: Fallbacks,
    /// A passkey serves that was bound by a link or after a password, before it was used and a notice passed without protest.
    pub unconfirmed_binding: bool,
    /// How old the proof may be, in seconds, when something of this tier is opened. An older one is asked for again.
    pub fresh_seconds: i64,
    /// How long a session lives.
    pub session: SessionTimes,
    /// How often a person may say "Not now" when invited to enrol a passkey.
    pub invitation: Invitation,
}

/// Weaker ways to sign in, each with its own switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fallbacks {
    /// A password with a time-based one-time password. Off, nothing that rests on a password serves.
    pub password_and_totp: bool,
    /// A recovery code that the person kept. It counts as [`Strength::TwoFactor`].
    pub recovery_codes: bool,
}

/// How long a session lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionTimes {
    /// Longest time without use, in seconds.
    pub idle_seconds: i64,
    /// From the proof to the end whatever happens, in seconds.
    pub absolute_seconds: i64,
}

/// How an invitation to enrol may be put off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invitation {
    /// Days of silence after "Not now".
    pub snooze_days: u16,
    /// How often "Not now" may be said before the person must enrol.
    pub skips: u16,
}

impl Requirement {
    /// Asks nothing. A rule is written as this with what it asks put in: `Requirement { least: Strength::Passkey, ..Requirement::LOOSEST }`.
    pub const LOOSEST: Self = Self {
        least: Strength::Password,
        device_bound_only: false,
        attested_only: false,
        synced_passkeys: true,
        fallbacks: Fallbacks { password_and_totp: true, recovery_codes: true },
        unconfirmed_binding: true,
        fresh_seconds: i64::MAX,
        session: SessionTimes { idle_seconds: i64::MAX, absolute_seconds: i64::MAX },
        invitation: Invitation { snooze_days: u16::MAX, skips: u16::MAX },
    };

    /// The strictest of both, facet by facet.
    #[must_use]
    pub fn strictest(self, other: Self) -> Self {
        Self {
            least: self.least.max(other.least),
            device_bound_only: self.device_bound_only || other.device_bound_only,
            attested_only: self.attested_only || other.attested_only,
            synced_passkeys: self.synced_passkeys && other.synced_passkeys,
            fallbacks: Fallbacks {
                password_and_totp: self.fallbacks.password_and_totp && other.fallbacks.password_and_totp,
                recovery_codes: self.fallbacks.recovery_codes && other.fallbacks.recovery_codes,
            },
            unconfirmed_binding: self.unconfirmed_binding && other.unconfirmed_binding,
            fresh_seconds: self.fresh_seconds.min(other.fresh_seconds),
            session: SessionTimes {
                idle_seconds: self.session.idle_seconds.min(other.session.idle_seconds),
                absolute_seconds: self.session.absolute_seconds.min(other.session.absolute_seconds),
            },
            invitation: Invitation {
                snooze_days: self.invitation.snooze_days.min(other.invitation.snooze_days),
                skips: self.invitation.skips.min(other.invitation.skips),
            },
        }
    }

    /// Whether no facet is weaker than in `other`.
    #[must_use]
    pub fn at_least_as_strict_as(&self, other: &Self) -> bool {
        Facet::ALL.into_iter().all(|facet| self.strictness(facet) >= other.strictness(facet))
    }

    /// Whether more than one factor is asked, so that a passkey must have verified the person: one that did not is a single factor
    /// (NIST SP 800-63B-4 §3.1.7: a multi-factor authenticator is one that was unlocked by a second factor).
    #[must_use]
    pub fn user_verified(&self) -> bool {
        self.least > Strength::Password
    }

    /// How strict this is in one facet: a number that is greater the more is asked. Numbers of different facets don't compare.
    pub(crate) fn strictness(&self, facet: Facet) -> i64 {
        match facet {
            Facet::LeastStrength => match self.least {
                Strength::Password => 0,
                Strength::TwoFactor => 1,
                Strength::Passkey => 2,
                Strength::DeviceBoundClaimed => 3,
                Strength::Attested => 4,
            },
            Facet::UserVerified => i64::from(self.user_verified()),
            Facet::DeviceBoundOnly => i64::from(self.device_bound_only),
            Facet::AttestedOnly => i64::from(self.attested_only),
            Facet::SyncedPasskeys => i64::from(!self.synced_passkeys),
            Facet::PasswordAndTotp => i64::from(!self.fallbacks.password_and_totp),
            Facet::RecoveryCodes => i64::from(!self.fallbacks.recovery_codes),
            Facet::UnconfirmedBinding => i64::from(!self.unconfirmed_binding),
            Facet::FreshSeconds => self.fresh_seconds.saturating_neg(),
            Facet::SessionIdleSeconds => self.session.idle_seconds.saturating_neg(),
            Facet::SessionAbsoluteSeconds => self.session.absolute_seconds.saturating_neg(),
            Facet::InvitationSnoozeDays => -i64::from(self.invitation.snooze_days),
            Facet::InvitationSkips => -i64::from(self.invitation.skips),
        }
    }

    /// Whether this asks anything in that facet.
    pub(crate) fn limits(&self, facet: Facet) -> bool {
        self.strictness(facet) > Self::LOOSEST.strictness(facet)
    }

    /// Why a fallback that is on could never serve, if so: the facet that shuts it out.
    pub(crate) fn shuts_out_fallbacks(&self) -> Option<Facet> {
        if self.least > Strength::TwoFactor {
            Some(Facet::LeastStrength)
        } else if self.device_bound_only {
            Some(Facet::DeviceBoundOnly)
        } else if self.attested_only {
            Some(Facet::AttestedOnly)
        } else {
            None
        }
    }
}
