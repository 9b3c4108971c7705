//! The sign-in page: one field, one button, and what to do when the passkey is elsewhere.

use askama::Template;
use model::JourneyId;

use crate::{Asks, Computer, PageKind, SigninProblem, Site};

/// The sign-in page. Also used to confirm that a signed-in person is still there, and to ask for a stronger proof.
///
/// Its form posts `journey` and `name` to `/sign-in/name` when the person chooses a password; the passkey goes through the page's script.
#[derive(Debug, Clone, Template)]
#[template(path = "sign_in.html", whitespace = "minimize")]
pub struct SignInPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// Who asks.
    pub asks: Asks,
    /// The journey that the page's script goes on with.
    pub journey: JourneyId,
    /// Why the page is shown.
    pub reason: SignInReason,
    /// What happened before, if the person should know.
    pub notice: SignInNotice,
    /// What the application already knows to be the sign-in name (`login_hint`), or what was typed; empty when nothing. Never remembered
    /// on a shared computer.
    pub name: String,
    /// Whether a password may be used instead: what the requirement says for nobody in particular, so that the page tells nothing about a name.
    pub password: PasswordOffer,
    /// Whose computer it is.
    pub computer: Computer,
}

/// Why the page is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignInReason {
    /// Nobody is signed in.
    SignIn,
    /// Somebody is, but what comes next needs a proof of this moment.
    ConfirmItsYou,
    /// Somebody is, but what opened the session is not enough for what comes next.
    StepUp {
        /// What is asked for, one sentence each, from the requirement's own words.
        says: Vec<String>,
    },
}

/// Whether a password may be used instead of a passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordOffer {
    /// The page doesn't speak of passwords.
    Hidden,
    /// "Use a password instead".
    Offered,
}

/// What happened before the page was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInNotice {
    /// Nothing to tell.
    Nothing,
    /// The person signed out.
    SignedOut,
    /// The session ran out.
    SessionEnded,
    /// The journey that the browser came back to is over (the back button, an old tab); this page is a new one.
    StartedAgain,
    /// A step was refused.
    Problem(SigninProblem),
}

impl SignInNotice {
    /// The notice's first words; empty when there is nothing to tell.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::SignedOut => "You're signed out",
            Self::SessionEnded => "Your session ended",
            Self::StartedAgain => "That sign-in is over",
            Self::Problem(problem) => problem.title(),
        }
    }

    /// The sentence after them.
    #[must_use]
    pub const fn detail(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::SignedOut => "Applications you opened may keep their own sessions for a while.",
            Self::SessionEnded => "Sign in again to go on where you were.",
            Self::StartedAgain => "The page you came back to had done its work. Here is a fresh one.",
            Self::Problem(problem) => problem.detail(),
        }
    }

    const fn is_problem(self) -> bool {
        matches!(self, Self::Problem(_))
    }
}

impl SignInPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Ceremony;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        super::rendered(self)
    }

    const fn heading(&self) -> &'static str {
        match self.reason {
            SignInReason::SignIn => "Sign in",
            SignInReason::ConfirmItsYou => "Confirm it's you",
            SignInReason::StepUp { .. } => "One step more",
        }
    }

    const fn offers_password(&self) -> bool {
        matches!(self.password, PasswordOffer::Offered)
    }
}
