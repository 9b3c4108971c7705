//! Whether what was shown is enough: the one predicate for signing in, for using a session again, and for keeping what
//! was granted when the requirement rises.
//!
//! Some floors hold whatever the requirement says (design §4): a password alone serves the standard tier only, a recovery
//! code never serves the critical one, and neither does an unconfirmed binding beyond the standard one.

use model::{Amr, Authentication, Session, Strength, Tier, Timestamp};
use passkey::{Assertion, Passkey};

use crate::{Requirement, binding, limits};

/// What one ceremony showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// How strong it was.
    pub strength: Strength,
    /// A recovery code stood in for the second factor.
    pub recovery_code: bool,
    /// The authenticator verified the person.
    pub user_verified: bool,
    /// The key may be on more than one device.
    pub synced: bool,
    /// The key's maker vouches for it.
    pub attested: bool,
    /// The binding of what was used is beyond doubt. True for what isn't bound: password and second factor.
    pub confirmed: bool,
    /// When it was shown.
    pub at: Timestamp,
    /// When the session that it opened was last used; `at` for one that opens now.
    pub seen: Timestamp,
}

impl Shown {
    /// A password alone.
    #[must_use]
    pub const fn password(at: Timestamp) -> Self {
        Self::without_passkey(Strength::Password, false, at)
    }

    /// A password and a code from an authenticator app.
    #[must_use]
    pub const fn password_and_totp(at: Timestamp) -> Self {
        Self::without_passkey(Strength::TwoFactor, false, at)
    }

    /// A password and a recovery code.
    #[must_use]
    pub const fn recovery_code(at: Timestamp) -> Self {
        Self::without_passkey(Strength::TwoFactor, true, at)
    }

    const fn without_passkey(strength: Strength, recovery_code: bool, at: Timestamp) -> Self {
        Self {
            strength,
            recovery_code,
            user_verified: false,
            synced: false,
            attested: false,
            confirmed: true,
            at,
            seen: at,
        }
    }

    /// A verified assertion by `passkey`.
    pub(crate) fn assertion(assertion: &Assertion, passkey: &Passkey, confirmed: bool, at: Timestamp) -> Self {
        Self {
            strength: assertion.strength,
            recovery_code: false,
            user_verified: assertion.amr.has(Amr::USER),
            synced: passkey.synced(),
            attested: passkey.attested,
            confirmed,
            at,
            seen: at,
        }
    }

    /// What opened a session. `opened_with` is the stored passkey that the session names; without it a session that
    /// names one shows nothing. `seen` is when the session was last used.
    #[must_use]
    pub fn session(session: &Session, opened_with: Option<&Passkey>, seen: Timestamp) -> Self {
        Self::proof(&session.authentication, opened_with, seen)
    }

    /// The same for a grant that outlives its session: what its sign-in proved.
    #[must_use]
    pub fn proof(proof: &Authentication, opened_with: Option<&Passkey>, seen: Timestamp) -> Self {
        let fallback =
            Self::without_passkey(proof.strength.min(Strength::TwoFactor), proof.amr.has(Amr::RECOVERY), proof.at);
        let Some(id) = proof.passkey else { return Self { seen, ..fallback } };
        match opened_with.filter(|passkey| passkey.id == id) {
            Some(passkey) => Self {
                strength: proof.strength.min(passkey.strength()),
                recovery_code: false,
                user_verified: proof.amr.has(Amr::USER),
                synced: passkey.synced(),
                attested: passkey.attested,
                confirmed: binding::confirmed(passkey),
                at: proof.at,
                seen,
            },
            None => Self { strength: Strength::Password, confirmed: false, seen, ..fallback },
        }
    }
}

/// What is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lack {
    /// The proof is too weak.
    Strength,
    /// The authenticator did not verify the person.
    UserVerified,
    /// Password and authenticator app don't serve here.
    PasswordAndTotp,
    /// Recovery codes don't serve here.
    RecoveryCodes,
    /// Passkeys that may be on several devices don't serve here.
    Synced,
    /// It does not stay on one device.
    DeviceBound,
    /// Its maker doesn't vouch for it.
    Attested,
    /// Its binding was weak and is not confirmed.
    Confirmed,
    /// The proof is too old, or from a time that can't be trusted.
    Fresh,
    /// The session was not used for too long.
    Seen,
}

impl Lack {
    /// A stable word for the log and for problem details.
    #[must_use]
    pub const fn as_word(self) -> &'static str {
        match self {
            Self::Strength => "strength",
            Self::UserVerified => "user_verified",
            Self::PasswordAndTotp => "password_and_totp",
            Self::RecoveryCodes => "recovery_codes",
            Self::Synced => "synced",
            Self::DeviceBound => "device_bound",
            Self::Attested => "attested",
            Self::Confirmed => "confirmed",
            Self::Fresh => "fresh",
            Self::Seen => "seen",
        }
    }
}

/// Whether what was shown is enough at `now`.
///
/// # Errors
/// Everything that is missing, so that a page can say what would do.
pub fn serves(requirement: &Requirement, shown: &Shown, now: Timestamp) -> Result<(), Vec<Lack>> {
    let mut lacks = Vec::new();
    let mut ask = |holds: bool, lack: Lack| {
        if !holds {
            lacks.push(lack);
        }
    };
    let limits = requirement.session_limits();
    let age_seconds_max = requirement.fresh_seconds.min(limits.absolute_seconds);
    ask(limits::within_seconds(now, shown.at, age_seconds_max), Lack::Fresh);
    ask(limits::within_seconds(now, shown.seen, limits.idle_seconds), Lack::Seen);
    ask(shown.strength >= requirement.least, Lack::Strength);
    match shown.strength {
        // The floor under the least strength: a password alone opens the standard tier at most.
        Strength::Password => {
            ask(requirement.tier == Tier::Standard || requirement.least > Strength::Password, Lack::Strength);
            ask(requirement.password_and_totp, Lack::PasswordAndTotp);
            ask(!requirement.device_bound_only, Lack::DeviceBound);
            ask(!requirement.attested_only, Lack::Attested);
        }
        Strength::TwoFactor => {
            if shown.recovery_code {
                ask(requirement.recovery_codes && requirement.tier != Tier::Critical, Lack::RecoveryCodes);
            } else {
                ask(requirement.password_and_totp, Lack::PasswordAndTotp);
            }
            ask(!requirement.device_bound_only, Lack::DeviceBound);
            ask(!requirement.attested_only, Lack::Attested);
        }
        Strength::Passkey | Strength::DeviceBoundClaimed | Strength::Attested => {
            ask(shown.user_verified || requirement.least == Strength::Password, Lack::UserVerified);
            ask(requirement.synced_passkeys || !shown.synced, Lack::Synced);
            ask(!requirement.device_bound_only || !shown.synced, Lack::DeviceBound);
            ask(!requirement.attested_only || shown.attested, Lack::Attested);
        }
    }
    let unconfirmed_serves = requirement.unconfirmed_serves && requirement.tier == Tier::Standard;
    ask(shown.confirmed || unconfirmed_serves, Lack::Confirmed);
    if lacks.is_empty() { Ok(()) } else { Err(lacks) }
}

#[cfg(test)]
mod tests;
