//! Why this room said no. One variant for each reason, for the operator; what the page may say is decided by the shell,
//! which may well say the same for many.

use passkey::Fault;

use crate::{Lack, password::Weakness};

/// Why a step was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No journey has this id (any more).
    #[error("expected a known journey")]
    JourneyUnknown,
    /// The journey took too long.
    #[error("expected an unexpired journey")]
    JourneyExpired,
    /// The journey already reached its end.
    #[error("expected a journey that is not finished")]
    JourneyFinished,
    /// The journey was begun in another browser.
    #[error("expected the browser that began the journey")]
    OtherBrowser,
    /// The step doesn't belong to a journey of this purpose.
    #[error("expected a step that belongs to the journey's purpose")]
    WrongStep,
    /// No challenge is out: never asked for, already answered, or lost to a concurrent answer.
    #[error("expected a challenge that is still out")]
    ChallengeSpent,
    /// The challenge was answered too late.
    #[error("expected an answer within the challenge's life")]
    ChallengeExpired,
    /// The journey had its share of tries.
    #[error("expected fewer tries in one journey")]
    TooManyTries,
    /// No passkey has this credential id.
    #[error("expected a known passkey")]
    UnknownPasskey,
    /// The answer did not verify.
    #[error("expected a valid proof: {}", .0.as_word())]
    ProofFailed(Fault),
    /// The person may not sign in: disabled, or past their end date.
    #[error("expected a person who may sign in")]
    PersonRefused,
    /// The typed name is not this person's. An unknown name and somebody else's name are the same refusal.
    #[error("expected the typed sign-in name to be that person's")]
    NameMismatch,
    /// The passkey is theirs, but was bound too weakly for this access path's tier.
    #[error("expected a passkey that was bound more strongly, for this access path")]
    BindingTooWeak,
    /// What was proved is genuine, but not enough for this access path.
    #[error("expected a proof that lacks nothing: {}", words(.0))]
    RequirementNotMet(Vec<Lack>),
    /// This access path offers no such way to sign in, or the person may not set one up.
    #[error("expected a way to sign in that is offered here")]
    FallbackNotOffered,
    /// Name, password and second factor together did not sign in. The person is told the same whatever the reason.
    #[error("expected a right name, password and second factor: {}", .0.as_word())]
    SignInFailed(FallbackFault),
    /// Too many failures lately. Nothing was looked at.
    #[error("expected fewer failures: wait {seconds} seconds")]
    Throttled {
        /// How long to wait, in seconds.
        seconds: u32,
    },
    /// A method that the person holds is stronger than what this session proved; it must be proved first.
    #[error("expected proof of the strongest method that the person holds")]
    StrongerProofNeeded,
    /// The password is empty or too long to be looked at.
    #[error("expected a password of 1 to 1024 bytes")]
    PasswordInvalid,
    /// The new password is too weak.
    #[error("expected a stronger password")]
    PasswordWeak(Vec<Weakness>),
    /// The code that should confirm an authenticator app is not right.
    #[error("expected the authenticator app's present code")]
    CodeInvalid,
    /// Afterwards the person could not sign in any more, and they have not said that they mean it.
    #[error("expected a confirmation before the last way to sign in goes")]
    WouldStrand,
    /// "Not now" was said as often as one may.
    #[error("expected a passkey: the invitation was put off too often")]
    InvitationUsedUp,
    /// Not on a workstation that several people share.
    #[error("expected a browser of the person's own")]
    SharedWorkstation,
    /// No usable pass: unknown, malformed, expired or spent.
    #[error("expected an unspent, unexpired enrolment pass")]
    PassInvalid,
    /// The person already has a passkey, which must be proved before another is bound.
    #[error("expected proof of the existing passkey before binding another")]
    ProveExistingFirst,
    /// The credential id is already known.
    #[error("expected a credential id that is unknown for any person")]
    PasskeyKnown,
    /// The person holds as many passkeys as one may.
    #[error("expected fewer passkeys")]
    TooManyPasskeys,
    /// The session is not live, or not the one this journey was begun in.
    #[error("expected the live session that began this")]
    SessionEnded,
    /// The session's proof is too old for this act.
    #[error("expected a fresh proof")]
    FreshProofNeeded,
    /// It is the person's last passkey, and they have not said that they mean it.
    #[error("expected a confirmation before the last passkey goes")]
    LastPasskey,
    /// The label is empty, too long or holds characters that don't show.
    #[error("expected a label of 1 to 64 visible characters")]
    LabelInvalid,
    /// The sign-in name is empty, too long or holds spaces or characters that don't show.
    #[error("expected a sign-in name of 1 to 254 visible characters without spaces")]
    NameInvalid,
    /// It belongs to someone else, or to nobody: the two look alike.
    #[error("expected something of the signed-in person's own")]
    NotYours,
    /// A record changed while this was decided; everything may be tried again.
    #[error("expected nobody else to change the same records")]
    LostRace,
    /// Storage could not keep the outcome, so there is none.
    #[error("expected storage to be available")]
    Unavailable,
}

/// Why a sign-in with name, password and second factor failed: for the operator only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FallbackFault {
    /// Nobody holds the name.
    UnknownName,
    /// The person has no password.
    NoPassword,
    /// The password is not theirs, or was changed since it was typed.
    WrongPassword,
    /// Password guessing went on for so long that the method rests.
    Resting,
    /// The person has no such second factor.
    NoSecondFactor,
    /// The second factor is not right.
    WrongCode,
    /// The code was right but had been used.
    CodeUsed,
}

impl FallbackFault {
    /// A stable word for the operator's log.
    #[must_use]
    pub const fn as_word(self) -> &'static str {
        match self {
            Self::UnknownName => "unknown_name",
            Self::NoPassword => "no_password",
            Self::WrongPassword => "wrong_password",
            Self::Resting => "resting",
            Self::NoSecondFactor => "no_second_factor",
            Self::WrongCode => "wrong_code",
            Self::CodeUsed => "code_used",
        }
    }
}

fn words(lacks: &[Lack]) -> String {
    lacks.iter().map(|lack| lack.as_word()).collect::<Vec<_>>().join(" ")
}

impl Refusal {
    /// A stable word for the operator's log and for problem details.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::JourneyUnknown => "journey_unknown",
            Self::JourneyExpired => "journey_expired",
            Self::JourneyFinished => "journey_finished",
            Self::OtherBrowser => "other_browser",
            Self::WrongStep => "wrong_step",
            Self::ChallengeSpent => "challenge_spent",
            Self::ChallengeExpired => "challenge_expired",
            Self::TooManyTries => "too_many_tries",
            Self::UnknownPasskey => "unknown_passkey",
            Self::ProofFailed(_) => "proof_failed",
            Self::PersonRefused => "person_refused",
            Self::NameMismatch => "name_mismatch",
            Self::BindingTooWeak => "binding_too_weak",
            Self::RequirementNotMet(_) => "requirement_not_met",
            Self::FallbackNotOffered => "fallback_not_offered",
            Self::SignInFailed(_) => "sign_in_failed",
            Self::Throttled { .. } => "throttled",
            Self::StrongerProofNeeded => "stronger_proof_needed",
            Self::PasswordInvalid => "password_invalid",
            Self::PasswordWeak(_) => "password_weak",
            Self::CodeInvalid => "code_invalid",
            Self::WouldStrand => "would_strand",
            Self::InvitationUsedUp => "invitation_used_up",
            Self::SharedWorkstation => "shared_workstation",
            Self::PassInvalid => "pass_invalid",
            Self::ProveExistingFirst => "prove_existing_first",
            Self::PasskeyKnown => "passkey_known",
            Self::TooManyPasskeys => "too_many_passkeys",
            Self::SessionEnded => "session_ended",
            Self::FreshProofNeeded => "fresh_proof_needed",
            Self::LastPasskey => "last_passkey",
            Self::LabelInvalid => "label_invalid",
            Self::NameInvalid => "name_invalid",
            Self::NotYours => "not_yours",
            Self::LostRace => "lost_race",
            Self::Unavailable => "unavailable",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_stable_and_say_nothing_of_the_fault_inside() {
        // Pages and logs rely on these two; a fault's own word goes into the operator's text only.
        assert_eq!(Refusal::FreshProofNeeded.word(), "fresh_proof_needed");
        assert_eq!(Refusal::UnknownPasskey.word(), "unknown_passkey");
        let failed = Refusal::ProofFailed(Fault::Signature);
        assert_eq!(failed.word(), Refusal::ProofFailed(Fault::Origin).word());
        assert_eq!(failed.to_string(), "expected a valid proof: signature");
    }
}
