//! The second factor, and with it the verdict on both.

use model::{Decision, Entropy, Outcome, PersonId, Timestamp, decision::NoQuestion};

use super::{
    FallbackFacts, FallbackSignedIn, TakenCode,
    granted::{self, Proven, SecondFactor},
};
use crate::{
    Change, Refusal, Setting,
    charge::Charged,
    recovery_code::{self, RecoveryCode},
    refusal::FallbackFault,
    throttle::Kind,
    totp::{self, TotpRefusal, TotpSecret},
};

/// What was typed as second factor.
#[derive(Clone, Copy)]
pub enum CodeTyped<'a> {
    /// A code from an authenticator app.
    Totp(&'a str),
    /// A recovery code.
    Recovery(&'a str),
}

impl CodeTyped<'_> {
    /// What a guess at it is charged as.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Totp(_) => Kind::Totp,
            Self::Recovery(_) => Kind::RecoveryCode,
        }
    }
}

impl std::fmt::Debug for CodeTyped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Totp(_) => "Totp(…)",
            Self::Recovery(_) => "Recovery(…)",
        })
    }
}

/// Judges the second factor together with the password that came before it. Takes up to 62 bytes of entropy.
///
/// Both are looked at in any case, and any fault among them is the same refusal. Nothing is used up unless both are
/// right. After a success, settle the charge with [`crate::throttle::Outcome::Proved`].
pub fn second_factor(
    taken: &TakenCode,
    charged: &Charged,
    typed: CodeTyped<'_>,
    facts: &FallbackFacts<'_>,
    setting: &Setting<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Decision<FallbackSignedIn, Refusal, NoQuestion, Change> {
    if !charged.pays(typed.kind(), taken.named) {
        return Decision::Refused(Outcome::plain(Refusal::WrongStep));
    }
    // The code is judged before the password's verdict is read, so that both ways take the same work.
    let code = if charged.resting() { Err(FallbackFault::Resting) } else { judged(taken, typed, facts, setting, now) };
    let proven = code.map_err(Refusal::SignInFailed).and_then(|code| {
        // 1. Both factors, by the facts of now.
        Proven::new(taken.named, &taken.password, code, facts)
    });
    match proven.and_then(|proven| granted::granted(&taken.journey, proven, facts, setting, now, entropy)) {
        Ok(outcome) => Decision::Done(outcome),
        Err(refusal) => Decision::Refused(Outcome::plain(refusal)),
    }
}

fn judged(
    taken: &TakenCode,
    typed: CodeTyped<'_>,
    facts: &FallbackFacts<'_>,
    setting: &Setting<'_>,
    now: Timestamp,
) -> Result<SecondFactor, FallbackFault> {
    // What is loaded for another person than the one who was named would be a fault of ours, and opens nothing.
    let own = facts.person.is_some_and(|person| taken.named.person() == Some(person.id));
    match typed {
        CodeTyped::Totp(typed) => {
            let held = facts.totp.filter(|_| own);
            let (secret, last_step) = match held {
                Some(held) => (&held.secret, held.last_step),
                None => (&TotpSecret::from_bytes([0; 20]), None),
            };
            let used = totp::check(secret, last_step, typed, now).map_err(|refusal| match refusal {
                TotpRefusal::Malformed | TotpRefusal::Wrong => FallbackFault::WrongCode,
                TotpRefusal::AlreadyUsed => FallbackFault::CodeUsed,
            });
            held.ok_or(FallbackFault::NoSecondFactor).and(used).map(SecondFactor::Totp)
        }
        CodeTyped::Recovery(typed) => {
            let code = RecoveryCode::parse(typed).map_err(|_| FallbackFault::WrongCode)?;
            let person = taken.named.person().filter(|_| own).unwrap_or(PersonId::from_bytes([0; 16]));
            let stored = if own { facts.recovery_codes } else { &[] };
            let spent = recovery_code::spend(&code, person, setting.key, stored);
            spent.map(SecondFactor::Recovery).ok_or(FallbackFault::WrongCode)
        }
    }
}
