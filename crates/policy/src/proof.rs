//! The one predicate: is this proof enough?

use model::{Strength, Timestamp};

use crate::{Facet, Requirement, Resolved, bounds::CLOCK_STEP_BACK_SECONDS};

/// What one ceremony proved, as far as a requirement can ask. Facts that contradict each other are read the careful way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProofFacts {
    /// How strong the sign-in was.
    pub strength: Strength,
    /// Its key stays on one device (BE = 0), by its own word at least.
    pub device_bound: bool,
    /// Its key's maker was proved.
    pub attested: bool,
    /// Its key verified the person in this ceremony (UV = 1).
    pub user_verified: bool,
    /// Its key was bound by a strong proof, or was confirmed since. True for what is not bound: passwords and codes.
    pub binding_confirmed: bool,
    /// Its key may be copied between devices (BE = 1).
    pub synced: bool,
    /// A recovery code was part of it.
    pub recovery_code: bool,
    /// When it was verified.
    pub at: Timestamp,
}

/// Whether a proof is enough.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a verdict that nobody reads lets everybody in"]
pub enum Verdict {
    /// It is.
    Enough,
    /// It is not.
    NotEnough {
        /// What it lacks, in the order of [`Facet::ALL`], each once. Never empty.
        lacks: Vec<Facet>,
    },
}

/// Whether `proof` is what `resolved` asks, now. The one predicate for signing in, using a session again and refreshing a token.
///
/// It judges the proof and its age. How long a session went unused is the session's to know: compare with
/// [`crate::SessionTimes::idle_seconds`].
pub fn serves(resolved: &Resolved, proof: &ProofFacts, now: Timestamp) -> Verdict {
    let asked = resolved.requirement();
    let lacks: Vec<_> = Facet::ALL.into_iter().filter(|facet| proof.lacks(asked, *facet, now)).collect();
    if lacks.is_empty() { Verdict::Enough } else { Verdict::NotEnough { lacks } }
}

impl ProofFacts {
    /// What a password alone proves.
    #[must_use]
    pub const fn password(at: Timestamp) -> Self {
        Self {
            strength: Strength::Password,
            device_bound: false,
            attested: false,
            user_verified: false,
            binding_confirmed: true,
            synced: false,
            recovery_code: false,
            at,
        }
    }

    /// What a password with a time-based one-time password proves.
    #[must_use]
    pub const fn password_and_totp(at: Timestamp) -> Self {
        Self { strength: Strength::TwoFactor, ..Self::password(at) }
    }

    /// What a recovery code proves, with or without a password beside it.
    #[must_use]
    pub const fn recovery_code(at: Timestamp) -> Self {
        Self { strength: Strength::TwoFactor, recovery_code: true, ..Self::password(at) }
    }

    fn lacks(&self, asked: &Requirement, facet: Facet, now: Timestamp) -> bool {
        match facet {
            Facet::LeastStrength => self.counted_strength() < asked.least,
            Facet::UserVerified => asked.user_verified() && self.by_key() && !self.user_verified,
            Facet::DeviceBoundOnly => asked.device_bound_only && !self.stays_on_one_device(),
            Facet::AttestedOnly => asked.attested_only && !self.is_attested(),
            Facet::SyncedPasskeys => !asked.synced_passkeys && self.synced,
            Facet::PasswordAndTotp => {
                !asked.fallbacks.password_and_totp && !self.recovery_code && self.strength < Strength::Passkey
            }
            Facet::RecoveryCodes => !asked.fallbacks.recovery_codes && self.recovery_code,
            Facet::UnconfirmedBinding => !asked.unconfirmed_binding && !self.binding_confirmed,
            Facet::FreshSeconds => !self.is_younger_than(asked.fresh_seconds, now),
            Facet::SessionAbsoluteSeconds => !self.is_younger_than(asked.session.absolute_seconds, now),
            // Neither is a fact of the proof: the one is the session's, the others are the invitation's.
            Facet::SessionIdleSeconds | Facet::InvitationSnoozeDays | Facet::InvitationSkips => false,
        }
    }

    /// The strength that the other facts bear out; never more than is claimed, but for recovery codes, which have their own switch and count
    /// as [`Strength::TwoFactor`] whatever stood beside them.
    fn counted_strength(&self) -> Strength {
        if self.recovery_code {
            return Strength::TwoFactor;
        }
        let borne_out = match (self.stays_on_one_device(), self.is_attested()) {
            (true, true) => Strength::Attested,
            (true, false) => Strength::DeviceBoundClaimed,
            (false, true | false) => Strength::Passkey,
        };
        self.strength.min(borne_out)
    }

    /// Whether a passkey made this proof, and nothing weaker was part of it.
    fn by_key(&self) -> bool {
        self.strength >= Strength::Passkey && !self.recovery_code
    }

    fn stays_on_one_device(&self) -> bool {
        self.by_key() && self.device_bound && !self.synced
    }

    fn is_attested(&self) -> bool {
        self.by_key() && self.attested
    }

    /// A proof that seems to lie well in the future means that the clock can't be trusted, and the answer is no.
    fn is_younger_than(&self, seconds: i64, now: Timestamp) -> bool {
        let age_millis = now.millis_since(self.at);
        (-CLOCK_STEP_BACK_SECONDS * 1000..=seconds.saturating_mul(1000)).contains(&age_millis)
    }
}

impl Verdict {
    /// Whether the proof is enough.
    #[must_use]
    pub const fn is_enough(&self) -> bool {
        matches!(self, Self::Enough)
    }

    /// What the proof lacks; nothing, if it is enough.
    #[must_use]
    pub fn lacks(&self) -> &[Facet] {
        match self {
            Self::Enough => &[],
            Self::NotEnough { lacks } => lacks,
        }
    }

    /// The verdict if `facet` had not been asked. For callers who let one facet pass knowingly, such as a refresh, which uses an old proof by
    /// its nature and may look away from [`Facet::FreshSeconds`].
    pub fn ignoring(self, facet: Facet) -> Self {
        match self {
            Self::Enough => Self::Enough,
            Self::NotEnough { mut lacks } => {
                lacks.retain(|one| *one != facet);
                if lacks.is_empty() { Self::Enough } else { Self::NotEnough { lacks } }
            }
        }
    }
}
