//! My account, which answers three questions: am I safe, which devices and applications can act for me, who has seen my data.

use askama::Template;
use model::{ClientId, PasskeyId, SessionId, SigninMethod, SigninOutcome};

use crate::{LastUsed, Moment, PageKind, Site, words};

/// My account.
#[derive(Debug, Clone, Template)]
#[template(path = "account.html", whitespace = "minimize")]
pub struct AccountPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// The person's display name.
    pub person: String,
    /// Their sign-in name.
    pub signin_name: String,
    /// How their passkeys know them, for the browser's Signal API.
    pub user: PasskeyUser,
    /// Their passkeys, newest first.
    pub passkeys: Vec<PasskeyRow>,
    /// Their live sessions, this one first.
    pub sessions: Vec<SessionRow>,
    /// Applications that they allowed something or that hold tokens.
    pub applications: Vec<ApplicationRow>,
    /// Who was told something about them beyond an identifier.
    pub disclosures: Vec<DisclosureRow>,
    /// Their latest sign-ins, newest first; a handful.
    pub signins: Vec<SigninRow>,
}

/// How passkeys know a person (WebAuthn L3 §5.1.10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyUser {
    /// The relying party id.
    pub rp_id: String,
    /// The user handle, base64url.
    pub user_id: String,
    /// The name that password managers show.
    pub name: String,
    /// The display name that password managers show.
    pub display_name: String,
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
}

/// Where a passkey lives, as far as we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasskeyKeeping {
    /// A password manager copies it between the person's devices.
    Synced,
    /// It says that it may be copied, but isn't yet.
    NotYetSynced,
    /// It says that it stays on one device.
    OneDevice,
    /// Its maker vouches that it stays on one device.
    OneDeviceAttested,
}

impl PasskeyKeeping {
    const fn words(self) -> &'static str {
        match self {
            Self::Synced => "Synced between your devices",
            Self::NotYetSynced => "Can sync, but has no copy yet",
            Self::OneDevice => "Stays on one device",
            Self::OneDeviceAttested => "Stays on one device, confirmed by its maker",
        }
    }

    const fn survives_a_lost_device(self) -> bool {
        match self {
            Self::Synced => true,
            Self::NotYetSynced | Self::OneDevice | Self::OneDeviceAttested => false,
        }
    }
}

/// One signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Our id.
    pub id: SessionId,
    /// Whether it is the one that is looking.
    pub this_one: bool,
    /// What was used to sign in, as the person calls it; empty when it is gone.
    pub passkey: String,
    /// When it began.
    pub created: Moment,
    /// When it ends whatever happens.
    pub expires: Moment,
}

/// One application that can act for the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationRow {
    /// Its id.
    pub client: ClientId,
    /// Its name.
    pub name: String,
    /// Where it lives; empty when on the person's own device.
    pub host: String,
    /// What it may do, from [`crate::scope_words`]' titles.
    pub may: Vec<String>,
    /// When it was first allowed.
    pub allowed: Moment,
    /// When it last got a token.
    pub last_used: LastUsed,
    /// Whether it can still get tokens without the person present.
    pub connected: bool,
}

/// One release of personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisclosureRow {
    /// Who received it.
    pub application: String,
    /// What.
    pub what: String,
    /// What for.
    pub purpose: String,
    /// When, most recently.
    pub at: Moment,
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
    const fn method_words(&self) -> &'static str {
        words::method_words(self.method)
    }
    const fn outcome_words(&self) -> &'static str {
        words::outcome_words(self.outcome)
    }
    const fn good(&self) -> bool {
        words::outcome_good(self.outcome)
    }
}

/// The answer to "am I safe?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Safety {
    /// Nothing to do.
    Safe,
    /// One lost device from being locked out.
    OneDeviceAway,
    /// No passkey at all.
    NoPasskey,
}

impl AccountPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Ceremony;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        super::rendered(self)
    }

    fn safety(&self) -> Safety {
        match self.passkeys.as_slice() {
            [] => Safety::NoPasskey,
            [only] if !only.keeping.survives_a_lost_device() => Safety::OneDeviceAway,
            _ => Safety::Safe,
        }
    }

    fn last_passkey(&self) -> bool {
        self.passkeys.len() == 1
    }

    /// "1 passkey left", after one is removed.
    fn left_after_removal(&self) -> String {
        words::counted(self.passkeys.len().saturating_sub(1), "passkey")
    }
}
