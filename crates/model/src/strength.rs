//! How strong one sign-in was.

/// Strength of one sign-in, weakest first (design: `password` < `two_factor` < `passkey` < `device_bound_claimed` < `attested`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// One knowledge factor.
    Password,
    /// Two factors of which none resists phishing.
    TwoFactor,
    /// A user-verified passkey that may be synced.
    Passkey,
    /// A user-verified passkey that says it stays on one device.
    DeviceBoundClaimed,
    /// The same, and its maker's signature was checked.
    Attested,
}

impl Strength {
    /// The word used in storage, logs and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::TwoFactor => "two_factor",
            Self::Passkey => "passkey",
            Self::DeviceBoundClaimed => "device_bound_claimed",
            Self::Attested => "attested",
        }
    }

    /// Reads the word written by [`Self::as_str`].
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Password, Self::TwoFactor, Self::Passkey, Self::DeviceBoundClaimed, Self::Attested]
            .into_iter()
            .find(|s| s.as_str() == word)
    }

    /// The OpenID `acr` value where one fits: `phr` phishing-resistant, `phrh` with a hardware-protected key
    /// (OpenID Connect Extended Authentication Profile ACR Values 1.0 §2). `phrh` needs an attested key.
    #[must_use]
    pub const fn acr(self) -> Option<&'static str> {
        match self {
            Self::Password | Self::TwoFactor => None,
            Self::Passkey | Self::DeviceBoundClaimed => Some("phr"),
            Self::Attested => Some("phrh"),
        }
    }
}

/// Authentication method references of this ceremony (RFC 8176 §2), as a small set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Amr(u8);

impl Amr {
    /// Proof of possession of a key whose protection is not known (`pop`).
    pub const POP: Self = Self(1);
    /// Proof of possession of a hardware-secured key (`hwk`).
    pub const HWK: Self = Self(2);
    /// The authenticator verified the person (`user`: presence and verification test).
    pub const USER: Self = Self(4);
    /// A password (`pwd`).
    pub const PWD: Self = Self(8);
    /// A one-time password (`otp`).
    pub const OTP: Self = Self(16);
    /// More than one factor (`mfa`).
    pub const MFA: Self = Self(32);
    /// A recovery code, used once. RFC 8176 has no name of its own for it: towards clients it is a one-time password.
    pub const RECOVERY: Self = Self(64);

    /// Both sets together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every method of `other` is in this set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The bits, for storage.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// From stored bits; unknown bits are dropped.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & 127)
    }

    /// The registered names in this set, in a fixed order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        [(1, "pop"), (2, "hwk"), (4, "user"), (8, "pwd"), (16 | 64, "otp"), (32, "mfa")]
            .into_iter()
            .filter(move |(bit, _)| self.0 & bit != 0)
            .map(|(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovery_code_is_told_as_a_one_time_password_once() {
        let names = |amr: Amr| amr.names().collect::<Vec<_>>();
        assert_eq!(names(Amr::PWD.and(Amr::RECOVERY).and(Amr::MFA)), ["pwd", "otp", "mfa"]);
        assert_eq!(names(Amr::OTP.and(Amr::RECOVERY)), ["otp"]);
        assert_eq!(Amr::from_bits(Amr::RECOVERY.bits()), Amr::RECOVERY);
        assert!(Amr::PWD.and(Amr::RECOVERY).has(Amr::RECOVERY) && !Amr::OTP.has(Amr::RECOVERY));
    }
}
