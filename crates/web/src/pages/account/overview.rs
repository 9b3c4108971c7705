//! The overview at `/account`: three questions, three short answers, and where to go for more.

use askama::Template;
use model::{SigninMethod, SigninOutcome};

use super::{AccountHolder, PasskeyKeeping};
use crate::{Moment, PageKind, Site, words};

/// My account.
#[derive(Debug, Clone, Template)]
#[template(path = "account/overview.html", whitespace = "minimize")]
pub struct AccountPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// Whose account.
    pub who: AccountHolder,
    /// What they can sign in with.
    pub held: WaysHeld,
    /// Live sessions, this one included.
    pub sessions: usize,
    /// Names of the applications that they allowed something or that hold tokens.
    pub applications: Vec<String>,
    /// Names of those that were told something about them beyond an identifier, the latest first, each once.
    pub told: Vec<String>,
    /// Their latest sign-ins, newest first; a handful.
    pub signins: Vec<SigninRow>,
}

/// What somebody can sign in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaysHeld {
    /// Where each passkey lives.
    pub passkeys: Vec<PasskeyKeeping>,
    /// Whether there is a password.
    pub password: bool,
    /// Whether there is an authenticator app.
    pub authenticator_app: bool,
    /// Recovery codes left.
    pub recovery_codes: usize,
}

/// The answer to "am I safe?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Safety {
    /// Passkeys only, and losing one device doesn't lock the person out.
    Safe,
    /// Passkeys only, one lost device from being locked out.
    OneDeviceAway,
    /// Passkeys, but a password still opens some doors.
    PasswordToo,
    /// A password, and no passkey.
    PasswordOnly,
    /// Neither.
    Nothing,
}

impl WaysHeld {
    fn safety(&self) -> Safety {
        match (self.passkeys.as_slice(), self.password) {
            ([], true) => Safety::PasswordOnly,
            ([], false) => Safety::Nothing,
            (_, true) => Safety::PasswordToo,
            ([only], false) if !only.survives_a_lost_device() => Safety::OneDeviceAway,
            (_, false) => Safety::Safe,
        }
    }

    /// "2 passkeys, a password with an authenticator app, 8 recovery codes".
    fn in_words(&self) -> String {
        let mut parts = Vec::new();
        if !self.passkeys.is_empty() {
            parts.push(words::counted(self.passkeys.len(), "passkey"));
        }
        match (self.password, self.authenticator_app) {
            (true, true) => parts.push("a password with an authenticator app".to_owned()),
            (true, false) => parts.push("a password".to_owned()),
            (false, true) => parts.push("an authenticator app".to_owned()),
            (false, false) => {}
        }
        if self.recovery_codes > 0 {
            parts.push(words::counted(self.recovery_codes, "recovery code"));
        }
        words::listed(&parts)
    }
}

/// One attempt to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigninRow {
    /// When.
    pub at: Moment,
    /// What for: the application's name, or "My account".
    pub path: String,
    /// How.
    pub method: SigninMethod,
    /// How it ended.
    pub outcome: SigninOutcome,
}

impl SigninRow {
    pub(super) const fn method_words(&self) -> &'static str {
        words::method_words(self.method)
    }
    pub(super) const fn outcome_words(&self) -> &'static str {
        words::outcome_words(self.outcome)
    }
    pub(super) const fn good(&self) -> bool {
        words::outcome_good(self.outcome)
    }
}

impl AccountPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Plain;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        crate::pages::rendered(self)
    }

    const fn here(&self) -> &'static str {
        "/account"
    }

    /// The first few names, and how many more there are.
    fn some_of(names: &[String]) -> String {
        const SHOWN: usize = 3;
        let mut shown: Vec<String> = names.iter().take(SHOWN).cloned().collect();
        if names.len() > SHOWN {
            shown.push(format!("{} more", names.len() - SHOWN));
        }
        words::listed(&shown)
    }
}
