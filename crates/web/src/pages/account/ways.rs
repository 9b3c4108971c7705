//! The ways to sign in at `/account/ways-to-sign-in`: passkeys first, then what is left of passwords.
//!
//! Passkeys are changed through the page's script, the rest by plain form posts: `/account/password/remove`,
//! `/account/authenticator-app/remove`, `/account/recovery-codes` (makes a new set) and `/account/recovery-codes/remove`, all without fields.

use askama::Template;
use model::PasskeyId;

use super::{AccountHolder, PasskeyKeeping, PasskeyUser};
use crate::{LastUsed, Moment, PageKind, Site, words};

/// The ways to sign in.
#[derive(Debug, Clone, Template)]
#[template(path = "account/ways.html", whitespace = "minimize")]
pub struct WaysPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// Whose account.
    pub who: AccountHolder,
    /// How their passkeys know them.
    pub user: PasskeyUser,
    /// Their passkeys, newest first.
    pub passkeys: Vec<PasskeyRow>,
    /// Their password.
    pub password: Fallback,
    /// Their authenticator app.
    pub authenticator_app: Fallback,
    /// Their recovery codes.
    pub recovery_codes: Fallback,
    /// Recovery codes left.
    pub recovery_codes_left: usize,
}

/// One way to sign in without a passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fallback {
    /// When it was set; `None` = the person has none.
    pub held: Option<Moment>,
    /// Whether the requirement lets it be set and used. One that is neither held nor offered isn't shown.
    pub offered: bool,
}

impl Fallback {
    const fn shown(&self) -> bool {
        self.held.is_some() || self.offered
    }
}

/// One passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyRow {
    /// Our id.
    pub id: PasskeyId,
    /// What the person calls it.
    pub label: String,
    /// Where it lives.
    pub keeping: PasskeyKeeping,
    /// When it was made.
    pub created: Moment,
    /// When it last signed in.
    pub last_used: LastUsed,
    /// Whether it opened the session that is looking.
    pub used_for_this_session: bool,
    /// Live sessions that end when it is removed.
    pub sessions: usize,
    /// Whether it counts in full, or for no more than a password until it is confirmed.
    pub standing: PasskeyStanding,
}

/// What a passkey counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasskeyStanding {
    /// For all that a passkey is.
    Full,
    /// It was made after a password alone, and counts for no more until it is used again a day after its notice went out.
    Unconfirmed,
}

impl WaysPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Ceremony;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        crate::pages::rendered(self)
    }

    const fn here(&self) -> &'static str {
        "/account/ways-to-sign-in"
    }

    fn last_passkey(&self) -> bool {
        self.passkeys.len() == 1
    }

    fn password_remains(&self) -> bool {
        self.password.held.is_some() && self.password.offered
    }

    /// "1 passkey left", after one is removed.
    fn left_after_removal(&self) -> String {
        words::counted(self.passkeys.len().saturating_sub(1), "passkey")
    }

    const fn shows_fallbacks(&self) -> bool {
        self.password.shown() || self.authenticator_app.shown() || self.recovery_codes.shown()
    }

    const fn an_extra_passkey_helps(&self) -> bool {
        matches!(
            self.passkeys.as_slice(),
            [] | [PasskeyRow {
                keeping: PasskeyKeeping::NotYetSynced | PasskeyKeeping::OneDevice | PasskeyKeeping::OneDeviceAttested,
                ..
            }]
        )
    }
}
