//! Every refusal of a sign-in or enrolment step, in the words that people see: what happened, then what to do. No blame, and nothing
//! that tells a stranger whether a name or an account exists.
//!
//! The shell maps the engine's refusals to these by exhaustive match; several refusals may share one problem on purpose.

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $title:literal, $detail:literal;)+) => {
        /// Why a step did not go on, as the page says it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum SigninProblem { $($(#[$doc])* $name),+ }

        impl SigninProblem {
            /// Every problem, for tests and for the preview of pages.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The stable word in problem details (`code`), on which scripts decide what to offer.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $(Self::$name => $code),+ } }

            /// What happened, in a few words; the problem's `title`.
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(Self::$name => $title),+ } }

            /// What it means and what to do; the problem's `detail`.
            #[must_use]
            pub const fn detail(self) -> &'static str { match self { $(Self::$name => $detail),+ } }
        }
    };
}

problems! {
    /// The journey is unknown or expired.
    JourneyExpired = "journey_expired", "This sign-in took too long",
        "It is closed after 10 minutes, to keep it yours. Start again: it takes a moment.";
    /// The journey already ended.
    JourneyFinished = "journey_finished", "This sign-in is already done",
        "You may have finished it in another tab. Start again if you still need to sign in.";
    /// The journey belongs to another browser.
    OtherBrowser = "other_browser", "This sign-in began in another browser",
        "Go on in the browser where you started, or start again here.";
    /// The step doesn't fit the journey.
    WrongStep = "wrong_step", "These steps came in the wrong order",
        "Nothing was changed. Start again from the beginning.";
    /// The challenge was answered before, replaced by another tab, or too old.
    ChallengeSpent = "challenge_spent", "Your browser's request was out of date",
        "It was answered too late, or another tab asked in between. Try again.";
    /// Too many failed tries in one journey.
    TooManyTries = "too_many_tries", "That was the last try here",
        "Start again, or ask your help desk if it keeps failing.";
    /// Too many requests from here.
    SlowDown = "slow_down", "Too many requests",
        "Wait a minute, then try again.";
    /// No passkey has this credential id.
    UnknownPasskey = "unknown_passkey", "This passkey isn't known here",
        "It may have been removed. Choose another passkey, or ask your help desk for a new link.";
    /// The proof did not verify.
    ProofFailed = "proof_failed", "This passkey could not be checked",
        "Nothing was opened. Try again; if it happens twice, use another passkey and tell your help desk.";
    /// The person may not sign in.
    PersonRefused = "person_refused", "This account can't sign in",
        "It is switched off or has ended. Your passkey is fine. Ask your administrator.";
    /// The typed name is not that of the passkey's owner.
    NameMismatch = "name_mismatch", "The name and the passkey don't belong together",
        "Correct the sign-in name, or leave it empty and let the passkey say who you are.";
    /// The passkey was bound too weakly for this application.
    BindingTooWeak = "binding_too_weak", "This passkey isn't enough for this application",
        "It was enrolled with a link alone, which someone else could have read. Use another passkey, or ask your help desk.";
    /// The enrolment link is unknown, malformed, expired or used.
    PassInvalid = "pass_invalid", "This link no longer works",
        "It was used, it expired, or part of it is missing. Ask whoever sent it for a new one.";
    /// A passkey exists and must be proved first.
    ProveExistingFirst = "prove_existing_first", "You already have a passkey",
        "Sign in with it, then add another under My account. If you lost it, ask your help desk.";
    /// This very passkey is registered already.
    PasskeyKnown = "passkey_known", "This passkey is already registered",
        "Nothing was changed. You can sign in with it.";
    /// The person holds as many passkeys as one may.
    TooManyPasskeys = "too_many_passkeys", "You have as many passkeys as one person may have",
        "Remove one that you no longer use, then add this one.";
    /// Nobody is signed in, or the session ended.
    SessionEnded = "session_ended", "You're signed out",
        "Your session ended. Sign in again to go on.";
    /// The last proof is too old for this act.
    FreshProofNeeded = "fresh_proof_needed", "First confirm that it's you",
        "Use a passkey that you already have.";
    /// It is the last passkey and the person did not confirm.
    LastPasskey = "last_passkey", "This is your only passkey",
        "Without it you can't sign in. Add another first, or confirm that you mean it.";
    /// The label can't be used.
    LabelInvalid = "label_invalid", "This name can't be used",
        "Use 1 to 64 characters that can be seen.";
    /// The sign-in name can't be one.
    NameInvalid = "name_invalid", "This isn't a sign-in name",
        "A sign-in name has up to 254 characters and no spaces. You can also leave it empty.";
    /// It is not the person's own, or doesn't exist.
    NotYours = "not_yours", "This isn't among your passkeys",
        "It may have been removed in another tab. Reload the page to see what is there.";
    /// Another change came first.
    LostRace = "lost_race", "Something changed at the same moment",
        "Nothing was lost. Try again.";
    /// The request could not be read.
    BadRequest = "bad_request", "The request could not be read",
        "Nothing was changed. Reload the page and try again.";
    /// The request did not come from our own page.
    CrossOrigin = "cross_origin", "The request came from another site",
        "It was refused to protect you. Reload the page and try again.";
    /// Too busy, or storage is not available: nothing was decided.
    Unavailable = "unavailable", "Lockgate can't answer just now",
        "Nothing was changed. Wait a moment, then try again.";
    /// The proof holds, but is not what this application asks for.
    RequirementNotMet = "requirement_not_met", "This application asks for a stronger sign-in",
        "What you used is fine elsewhere. Use a passkey that fits, or ask your help desk which one does.";
    /// A password or code may not be used here.
    FallbackNotOffered = "fallback_not_offered", "A passkey is needed here",
        "Passwords and codes aren't accepted for this. Use your passkey, or ask your help desk for an enrolment link.";
    /// A password sign-in failed. One text, whatever was wrong: it must not tell whether the name exists.
    SignInFailed = "sign_in_failed", "That didn't match",
        "The sign-in name, the password or the code is wrong. Check them and try again.";
    /// Too many wrong passwords or codes lately.
    Throttled = "throttled", "Too many tries",
        "Wait a while, then try again. Your passkey still works.";
    /// The strongest method that is held must be proved.
    StrongerProofNeeded = "stronger_proof_needed", "First confirm that it's you",
        "Use the strongest passkey that you have.";
    /// What was typed can't be a password.
    PasswordInvalid = "password_invalid", "This can't be a password",
        "Type up to 1024 characters.";
    /// A new password is too easy to guess.
    PasswordWeak = "password_weak", "This password is too easy to guess",
        "Choose a longer one. Three or four words that don't belong together are good.";
    /// A code is no code, or the wrong one.
    CodeInvalid = "code_invalid", "This code doesn't fit",
        "Type the code that the app shows now. If it never fits, check that your phone's clock is right.";
    /// Nothing to sign in with would be left.
    WouldStrand = "would_strand", "This is your last way to sign in",
        "Without it you can't sign in. Add a passkey first, or confirm that you mean it.";
    /// "Not now" was said as often as it may be.
    InvitationUsedUp = "invitation_used_up", "A passkey is needed now",
        "“Not now” was used up. Creating one takes a moment.";
    /// It can't be done on a shared computer.
    SharedWorkstation = "shared_workstation", "Not on a shared computer",
        "Do this on a device of your own.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_words() {
        let mut codes: Vec<_> = SigninProblem::ALL.iter().map(|problem| problem.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), SigninProblem::ALL.len());
        assert!(codes.iter().all(|code| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')));
    }

    #[test]
    fn every_problem_says_what_to_do_without_shouting() {
        for problem in SigninProblem::ALL {
            assert!(!problem.title().ends_with('.') && !problem.title().contains("rror"), "{problem:?}");
            assert!(problem.detail().ends_with('.') && !problem.detail().contains('!'), "{problem:?}");
        }
    }
}
