//! The invitation to make a passkey, after a weaker sign-in: one screen, said once, and honest about how often it comes again.

use askama::Template;
use model::JourneyId;

use crate::{Asks, PageKind, Site, words};

/// The invitation. "Not now" posts `journey` to `/sign-in/not-now`. The script makes the passkey through the enrolment API
/// (`{"mediation": "conditional"}` where the browser can do it by itself), then posts `{"journey"}` to `/api/ceremony/invitation/met` and
/// goes to the `next` of that answer.
#[derive(Debug, Clone, Template)]
#[template(path = "invitation.html", whitespace = "minimize")]
pub struct InvitationPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// Where the person is on the way to.
    pub asks: Asks,
    /// The journey, which waits in its invited state.
    pub journey: JourneyId,
    /// How many times more "Not now" may be said, this time included; 0 = not any more.
    pub not_now_left: u16,
    /// Days until the next invitation after a "Not now".
    pub snooze_days: u16,
}

impl InvitationPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Ceremony;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        super::rendered(self)
    }

    /// What "Not now" leads to.
    fn later(&self) -> String {
        let when = match self.snooze_days {
            0 => "the next time you sign in with a password".to_owned(),
            days => format!("in {}", words::counted(usize::from(days), "day")),
        };
        match self.not_now_left {
            0 => "This is needed now: “Not now” was used up.".to_owned(),
            1 => format!("“Not now” works one last time. You're asked again {when}, and then a passkey is needed."),
            left => format!("“Not now” asks again {when}. You can say it {left} more times."),
        }
    }
}
