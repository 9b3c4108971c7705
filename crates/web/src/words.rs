//! Our vocabulary in the words that people read. One exhaustive match per enum, so that a new variant can't be left speechless.

use model::{SigninMethod, SigninOutcome};

/// One permission, as the consent page explains it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeWords {
    /// What the application will be able to do, in a few words.
    pub title: String,
    /// One sentence that says what that means for the person.
    pub text: String,
}

/// Explains one scope. A scope of an application's own is named as it is: we don't know what the application means by it.
#[must_use]
pub fn scope_words(scope: &str) -> ScopeWords {
    let (title, text) = match scope {
        "openid" => {
            ("Know that it's you", "It learns an identifier that stands for you, and when and how you signed in.")
        }
        "offline_access" => (
            "Keep working while you're away",
            "It stays connected after you close it, until it goes unused for a while.",
        ),
        "profile" => ("Read your profile", "Your name and language, as far as Lockgate knows them."),
        "email" => ("Read your e-mail address", "And whether it was verified."),
        "address" => ("Read your postal address", "As far as Lockgate knows it."),
        "phone" => ("Read your telephone number", "And whether it was verified."),
        "groups" => ("Read your groups", "The names of the groups you belong to at your organisation."),
        own => {
            return ScopeWords {
                title: format!("Use the permission “{own}”"),
                text: "The application defines what this allows.".to_owned(),
            };
        }
    };
    ScopeWords { title: title.to_owned(), text: text.to_owned() }
}

/// Whether a scope stands for nothing but facts about the person (OpenID Connect Core §5.4). A page that lists those facts by name leaves the
/// scope out.
#[must_use]
pub fn tells_about_person(scope: &str) -> bool {
    matches!(scope, "profile" | "email" | "address" | "phone" | "groups")
}

/// How a person tried to sign in.
#[must_use]
pub const fn method_words(method: SigninMethod) -> &'static str {
    match method {
        SigninMethod::PasskeyAutofill => "Passkey, offered by the browser",
        SigninMethod::PasskeyButton => "Passkey",
        SigninMethod::Session => "Already signed in",
        SigninMethod::EnrolmentPass => "Enrolment link",
        SigninMethod::Password => "Password",
        SigninMethod::PasswordTotp => "Password and authenticator app",
        SigninMethod::RecoveryCode => "Password and recovery code",
        SigninMethod::ConditionalCreate => "Passkey, made after a password sign-in",
    }
}

/// How an attempt ended.
#[must_use]
pub const fn outcome_words(outcome: SigninOutcome) -> &'static str {
    match outcome {
        SigninOutcome::Success => "Signed in",
        SigninOutcome::Cancelled => "Cancelled or timed out",
        SigninOutcome::UnknownPasskey => "Passkey not known here",
        SigninOutcome::ProofFailed => "Passkey not accepted",
        SigninOutcome::PersonRefused => "Account may not sign in",
        SigninOutcome::RequirementNotMet => "Passkey not enough for that application",
        SigninOutcome::JourneyInvalid => "Took too long, or came from another browser",
        SigninOutcome::Unavailable => "Lockgate could not answer",
        SigninOutcome::Throttled => "Too many tries, asked to wait",
        SigninOutcome::SecondFactorFailed => "Code not accepted",
    }
}

/// Whether an attempt ended well, for its icon.
#[must_use]
pub const fn outcome_good(outcome: SigninOutcome) -> bool {
    match outcome {
        SigninOutcome::Success => true,
        SigninOutcome::Cancelled
        | SigninOutcome::UnknownPasskey
        | SigninOutcome::ProofFailed
        | SigninOutcome::PersonRefused
        | SigninOutcome::RequirementNotMet
        | SigninOutcome::JourneyInvalid
        | SigninOutcome::Unavailable
        | SigninOutcome::Throttled
        | SigninOutcome::SecondFactorFailed => false,
    }
}

/// "1 passkey", "2 passkeys".
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// "a, b and c".
#[must_use]
pub fn listed<T: AsRef<str>>(items: &[T]) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// A length of time as people wait it, never too short: "30 seconds", "2 minutes", "1 hour".
#[must_use]
pub fn duration(seconds: u32) -> String {
    let (count, unit) = match seconds {
        0..=90 => (seconds, "second"),
        91..=5_400 => (seconds.div_ceil(60), "minute"),
        _ => (seconds.div_ceil(3_600), "hour"),
    };
    if seconds == 60 {
        return "1 minute".to_owned();
    }
    counted(count as usize, unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_never_said_shorter_than_it_is() {
        for (seconds, words) in [
            (1, "1 second"),
            (59, "59 seconds"),
            (60, "1 minute"),
            (90, "90 seconds"),
            (91, "2 minutes"),
            (120, "2 minutes"),
            (121, "3 minutes"),
            (900, "15 minutes"),
            (5_401, "2 hours"),
        ] {
            assert_eq!(duration(seconds), words);
        }
    }

    #[test]
    fn lists_read_aloud() {
        assert_eq!(listed::<&str>(&[]), "");
        assert_eq!(listed(&["name"]), "name");
        assert_eq!(listed(&["name", "e-mail address", "groups"]), "name, e-mail address and groups");
    }
}
