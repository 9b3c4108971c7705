//! The JSON ceremony API: pairs of options and result, used by our pages and documented for other clients (docs/howto/ceremony-api.md).
//!
//! Every call is a same-origin POST of JSON. Refusals are problem details whose `code` is a stable word.

pub(crate) mod enrol;
pub(crate) mod invitation;
pub(crate) mod request;
pub(crate) mod sign_in;

use axum::http::StatusCode;
use serde_json::{Value, json};
use signin::{Refusal, Signal};
use web::SigninProblem;

use crate::problem::Problem;

/// The words that people see for a refusal.
pub(crate) fn words(refusal: &Refusal) -> SigninProblem {
    match refusal {
        Refusal::JourneyUnknown | Refusal::JourneyExpired => SigninProblem::JourneyExpired,
        Refusal::JourneyFinished => SigninProblem::JourneyFinished,
        Refusal::OtherBrowser => SigninProblem::OtherBrowser,
        Refusal::WrongStep => SigninProblem::WrongStep,
        Refusal::ChallengeSpent | Refusal::ChallengeExpired => SigninProblem::ChallengeSpent,
        Refusal::TooManyTries => SigninProblem::TooManyTries,
        Refusal::UnknownPasskey => SigninProblem::UnknownPasskey,
        Refusal::ProofFailed(_) => SigninProblem::ProofFailed,
        Refusal::PersonRefused => SigninProblem::PersonRefused,
        Refusal::NameMismatch => SigninProblem::NameMismatch,
        Refusal::BindingTooWeak => SigninProblem::BindingTooWeak,
        Refusal::RequirementNotMet(_) => SigninProblem::RequirementNotMet,
        Refusal::FallbackNotOffered => SigninProblem::FallbackNotOffered,
        // One text, whatever was wrong: the fault is the operator's to know.
        Refusal::SignInFailed(_) => SigninProblem::SignInFailed,
        Refusal::Throttled { .. } => SigninProblem::Throttled,
        Refusal::StrongerProofNeeded => SigninProblem::StrongerProofNeeded,
        Refusal::PasswordInvalid => SigninProblem::PasswordInvalid,
        Refusal::PasswordWeak(_) => SigninProblem::PasswordWeak,
        Refusal::CodeInvalid => SigninProblem::CodeInvalid,
        Refusal::WouldStrand => SigninProblem::WouldStrand,
        Refusal::InvitationUsedUp => SigninProblem::InvitationUsedUp,
        Refusal::SharedWorkstation => SigninProblem::SharedWorkstation,
        Refusal::PassInvalid => SigninProblem::PassInvalid,
        Refusal::ProveExistingFirst => SigninProblem::ProveExistingFirst,
        Refusal::PasskeyKnown => SigninProblem::PasskeyKnown,
        Refusal::TooManyPasskeys => SigninProblem::TooManyPasskeys,
        Refusal::SessionEnded => SigninProblem::SessionEnded,
        Refusal::FreshProofNeeded => SigninProblem::FreshProofNeeded,
        Refusal::LastPasskey => SigninProblem::LastPasskey,
        Refusal::LabelInvalid => SigninProblem::LabelInvalid,
        Refusal::NameInvalid => SigninProblem::NameInvalid,
        Refusal::NotYours => SigninProblem::NotYours,
        Refusal::LostRace => SigninProblem::LostRace,
        Refusal::Unavailable => SigninProblem::Unavailable,
    }
}

/// The refusal as problem details; its details stay with the operator.
pub(crate) fn refused(refusal: &Refusal) -> Problem {
    tracing::info!(refusal = refusal.word(), why = %refusal, "ceremony refused");
    let problem = said(words(refusal));
    match refusal {
        Refusal::Throttled { seconds } => problem.retry_after(*seconds),
        _ => problem,
    }
}

/// A problem in the words that people see.
pub(crate) fn said(problem: SigninProblem) -> Problem {
    Problem::new(status(problem), problem.code(), problem.title(), problem.detail())
}

/// The status of an answer, or of a page, that says this problem.
pub(crate) const fn status(problem: SigninProblem) -> StatusCode {
    match problem {
        SigninProblem::SessionEnded => StatusCode::UNAUTHORIZED,
        SigninProblem::CrossOrigin
        | SigninProblem::FreshProofNeeded
        | SigninProblem::StrongerProofNeeded
        | SigninProblem::RequirementNotMet
        | SigninProblem::FallbackNotOffered
        | SigninProblem::SharedWorkstation
        | SigninProblem::InvitationUsedUp
        | SigninProblem::PersonRefused
        | SigninProblem::BindingTooWeak => StatusCode::FORBIDDEN,
        SigninProblem::LastPasskey
        | SigninProblem::WouldStrand
        | SigninProblem::LostRace
        | SigninProblem::PasskeyKnown => StatusCode::CONFLICT,
        SigninProblem::SlowDown | SigninProblem::Throttled => StatusCode::TOO_MANY_REQUESTS,
        SigninProblem::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        SigninProblem::NotYours => StatusCode::NOT_FOUND,
        SigninProblem::JourneyExpired
        | SigninProblem::JourneyFinished
        | SigninProblem::OtherBrowser
        | SigninProblem::WrongStep
        | SigninProblem::ChallengeSpent
        | SigninProblem::TooManyTries
        | SigninProblem::UnknownPasskey
        | SigninProblem::ProofFailed
        | SigninProblem::NameMismatch
        | SigninProblem::PassInvalid
        | SigninProblem::ProveExistingFirst
        | SigninProblem::TooManyPasskeys
        | SigninProblem::LabelInvalid
        | SigninProblem::NameInvalid
        | SigninProblem::SignInFailed
        | SigninProblem::PasswordInvalid
        | SigninProblem::PasswordWeak
        | SigninProblem::CodeInvalid
        | SigninProblem::BadRequest => StatusCode::BAD_REQUEST,
    }
}

/// What the page tells the browser's password manager (WebAuthn L3 §5.1.10).
pub(crate) fn signal_json(signal: &Signal) -> Value {
    json!({
        "rpId": signal.rp_id,
        "userId": crypto::b64u(&signal.user_handle),
        "allAcceptedCredentialIds": signal.accepted.iter().map(|id| crypto::b64u(id)).collect::<Vec<_>>(),
    })
}
