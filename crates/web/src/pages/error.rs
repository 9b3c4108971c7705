//! When a request can't go on: what happened, what to do, and the number that joins this page with the operator's log.

use askama::Template;
use model::RequestId;

use crate::{PageKind, Site};

/// An error page. It never redirects.
#[derive(Debug, Clone, Template)]
#[template(path = "error.html", whitespace = "minimize")]
pub struct ErrorPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// What happened.
    pub kind: ErrorKind,
    /// One line for the application's developer, made of our own words only; empty when there is none.
    pub for_developers: String,
    /// Joins this page with the log.
    pub request: RequestId,
}

macro_rules! error_kinds {
    ($($(#[$doc:meta])* $name:ident = $title:literal, $what:literal, $to_do:literal, $link:ident;)+) => {
        /// What happened.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ErrorKind { $($(#[$doc])* $name),+ }

        impl ErrorKind {
            /// Every kind, for tests and for the preview of pages.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The page's title.
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(Self::$name => $title),+ } }

            const fn what(self) -> &'static str { match self { $(Self::$name => $what),+ } }
            const fn to_do(self) -> &'static str { match self { $(Self::$name => $to_do),+ } }
            const fn link(self) -> WayOut { match self { $(Self::$name => WayOut::$link),+ } }
        }
    };
}

error_kinds! {
    /// 404.
    NotFound = "This page doesn't exist",
        "The address may be mistyped, or the page has moved.",
        "Check the address, or start from your account.", Account;
    /// 405.
    MethodNotAllowed = "This address can't be opened like that",
        "It only answers to the page that belongs to it.",
        "Start from your account.", Account;
    /// 400, and nothing more is known.
    BadRequest = "The request could not be read",
        "A part of it is missing, too long or not in the expected form. Nothing was changed.",
        "Go back to the application and try again.", None;
    /// The authorization request names no client, or one that is not registered (RFC 6749 §4.1.2.1: no redirect).
    UnknownApplication = "This application isn't registered",
        "A sign-in was asked for by an application that Lockgate doesn't know. You were not sent back to it, and it learned nothing.",
        "Close this page. If you trust the link that brought you here, tell the people who run the application.", None;
    /// The redirect URI is missing or not one of the client's (RFC 6749 §4.1.2.1: no redirect).
    UnknownRedirect = "This sign-in would end in the wrong place",
        "The application asked to send you to an address that isn't registered for it. You were not sent there, and it learned nothing.",
        "Close this page. If you trust the link that brought you here, tell the people who run the application.", None;
    /// The authorization request is over: too old, finished, or lost with a restart.
    JourneyExpired = "This sign-in is over",
        "It took longer than 10 minutes, or it was finished in another tab.",
        "Go back to the application and sign in from there.", Account;
    /// A form or request that did not come from our own page.
    CrossOrigin = "This came from another site",
        "Lockgate only takes this from its own pages. Nothing was changed.",
        "Open the page again and repeat what you did.", Account;
    /// 413 or 431.
    TooLarge = "The request is too long",
        "It holds more than Lockgate reads. Nothing was changed.",
        "Go back to the application and try again.", None;
    /// 429.
    TooManyRequests = "Too many requests",
        "A lot came from your network in a short time.",
        "Wait a minute, then try again.", None;
    /// 503: too busy, or storage is not available.
    Unavailable = "Lockgate can't answer just now",
        "Nothing was changed and nobody was let in.",
        "Wait a moment, then reload the page.", None;
    /// 500.
    Internal = "Something broke on our side",
        "The request was stopped and nothing was changed.",
        "Try again in a moment. If it stays, give your help desk the number below.", None;
    /// The application's request can't be accepted, and there is no safe way to tell the application (RFC 6749 §4.1.2.1, RFC 9101 §7).
    RequestRefused = "This application's request can't be accepted",
        "It breaks a rule that protects you. You were not sent back, and the application learned nothing.",
        "Go back to the application. If it happens again, tell the people who run it.", None;
    /// The pushed request is unknown, too old or was used (RFC 9126 §4).
    RequestOver = "This request is over",
        "The application's request was used already, or it is too old.",
        "Go back to the application and sign in from there.", None;
    /// The client's document or keys could not be fetched, so that nobody knows what it is allowed to do.
    ApplicationOutOfReach = "This application can't be checked just now",
        "Lockgate has to read something from the application's own site first, and that didn't answer as it should.",
        "Wait a moment, then try again. If it stays, tell the people who run the application.", None;
    /// The person is in none of the groups that may use the application.
    NotForYou = "You don't have access to this application",
        "Your account is fine, but this application is only for certain groups, and you're in none of them.",
        "Ask your administrator or the people who run the application.", Account;
    /// What the application asks for can't be proved by anything that the person holds.
    OutOfStrength = "This application asks for more than you can show",
        "It needs a stronger passkey than those you have.",
        "Ask your help desk which passkey fits and how to get one.", Account;
    /// The account may not sign in or act now.
    AccountRefused = "This account can't be used now",
        "It is switched off or has ended. Nothing was changed.",
        "Ask your administrator.", None;
    /// A logout request that can't be honoured (OpenID Connect RP-Initiated Logout 1.0 §4).
    LogoutRefused = "This sign-out can't be done that way",
        "The application asked for it with something that doesn't fit. You're still signed in here.",
        "You can sign out under My account.", Account;
    /// Something that is not to be done on a shared computer.
    SharedComputer = "Not on a shared computer",
        "What you asked for would stay behind for the next person. Nothing was changed.",
        "Do this on a device of your own.", Account;
    /// What a page for a shared computer was to be marked with is not valid.
    WorkstationLink = "This link no longer works",
        "It is older than an hour, or part of it is missing.",
        "Make a new one on the server, then open it in this browser.", None;
}

/// The link that an error page offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WayOut {
    /// No link of ours helps.
    None,
    /// The person's own account.
    Account,
}

impl ErrorPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Plain;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        super::rendered(self)
    }

    fn offers_account(&self) -> bool {
        self.kind.link() == WayOut::Account
    }
}
