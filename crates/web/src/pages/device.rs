//! Signing in on another device (RFC 8628): type its code, see who asks and from where, say yes or no, done.
//!
//! The danger is a stranger who starts the request and talks somebody into typing the code. So the code is always typed, the page says what
//! happens in plain words, and the answer repeats the code (RFC 8628 §5.4).

use askama::Template;

use crate::{Asks, ClientMark, Computer, PageKind, ScopeWords, Site};

/// The page that takes the code. Its form posts `code` to `/device`.
#[derive(Debug, Clone, Template)]
#[template(path = "device_code.html", whitespace = "minimize")]
pub struct DeviceCodePage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// What was typed, when the page is shown again; empty otherwise. Never taken from the address.
    pub typed: String,
    /// Why the page is shown again.
    pub problem: Option<DeviceProblem>,
}

/// The page that asks yes or no. Its form posts `code`, `csrf` and `answer` (`allow` or `deny`) to `/device/answer`.
#[derive(Debug, Clone, Template)]
#[template(path = "device_confirm.html", whitespace = "minimize")]
pub struct DeviceConfirmPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// The application that runs on the other device.
    pub asks: Asks,
    /// How Lockgate came to know it.
    pub client: ClientMark,
    /// Where the request came from, coarse ("Rotterdam, Netherlands", "your organisation's network"); empty when unknown.
    pub place: String,
    /// When the request was made, in words ("2 minutes ago").
    pub asked: String,
    /// The code as the other device shows it, `XXXX-XXXX`.
    pub code: String,
    /// What it asks for, from [`crate::scope_words`].
    pub scopes: Vec<ScopeWords>,
    /// The signed-in person's display name.
    pub person: String,
    /// A value that only this browser's page knows; posted back with the answer.
    pub csrf: String,
    /// Whose computer it is.
    pub computer: Computer,
}

/// The page after the answer.
#[derive(Debug, Clone, Template)]
#[template(path = "device_done.html", whitespace = "minimize")]
pub struct DeviceDonePage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// The application's name.
    pub application: String,
    /// What was answered.
    pub answer: DeviceAnswered,
}

/// What the person answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceAnswered {
    /// The device gets its tokens.
    Allowed,
    /// It gets nothing.
    Denied,
}

macro_rules! device_problems {
    ($($(#[$doc:meta])* $name:ident = $title:literal, $detail:literal;)+) => {
        /// Why a code leads nowhere.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum DeviceProblem { $($(#[$doc])* $name),+ }

        impl DeviceProblem {
            /// Every problem, for tests and for the preview of pages.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// What happened, in a few words.
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(Self::$name => $title),+ } }

            /// What to do.
            #[must_use]
            pub const fn detail(self) -> &'static str { match self { $(Self::$name => $detail),+ } }
        }
    };
}

device_problems! {
    /// It doesn't have the form of a code.
    Malformed = "That isn't a whole code", "A code has 8 letters, such as BCDF-GHJK.";
    /// No device waits with it. Unknown, expired and used codes look alike, so that guessing teaches nothing.
    Unknown = "No device waits with this code", "Check the letters. Codes stop working after 10 minutes: ask the device for a new one.";
    /// It was looked up too often.
    TooManyLooks = "This code was entered too often", "Ask the device for a new one.";
    /// It was answered in another tab, or by somebody else.
    Answered = "This code was already answered", "If it wasn't you, ask the device for a new one.";
    /// The application may not be used by this person now.
    NotAllowed = "This application can't be used with your account", "Nothing was allowed. Ask the people who run it.";
}

impl DeviceCodePage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Plain;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        super::rendered(self)
    }
}

impl DeviceConfirmPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Plain;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        super::rendered(self)
    }
}

impl DeviceDonePage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Plain;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        super::rendered(self)
    }

    const fn allowed(&self) -> bool {
        matches!(self.answer, DeviceAnswered::Allowed)
    }
}
