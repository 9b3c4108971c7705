//! A notice as a message (RFC 5322), made of our own words only.

use std::time::{Duration, UNIX_EPOCH};

use lettre::{
    Message,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue, MIME_VERSION_1_0},
    },
};

use super::{
    recipient::Recipient,
    settings::{MailSettings, MailSetupError},
    words,
    worker::Notice,
};

/// Longest organisation name, in characters, and longest address of My account, in bytes.
const ORGANISATION_MAX: usize = 100;
const ACCOUNT_URL_BYTES_MAX: usize = 200;

/// What all messages share, checked.
pub(super) struct Letterhead {
    from: Mailbox,
    organisation: String,
    account_url: String,
}

impl Letterhead {
    pub(super) fn new(settings: &MailSettings) -> Result<Self, MailSetupError> {
        let from = Recipient::parse(&settings.from).map_err(|_| MailSetupError::From)?;
        let organisation = settings.organisation.trim();
        let length = organisation.chars().count();
        if length == 0 || length > ORGANISATION_MAX || organisation.contains(char::is_control) {
            return Err(MailSetupError::Organisation);
        }
        let url = settings.account_url.as_str();
        let known = url.starts_with("https://") || url.starts_with("http://");
        if !known || url.len() > ACCOUNT_URL_BYTES_MAX || !url.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(MailSetupError::AccountUrl);
        }
        Ok(Self {
            from: Mailbox::new(Some(organisation.to_owned()), from.address().clone()),
            organisation: organisation.to_owned(),
            account_url: url.to_owned(),
        })
    }

    /// The domain that we write from, for greeting a relay.
    pub(super) fn domain(&self) -> &str {
        self.from.email.domain()
    }

    /// The message for `notice`, the same each time: sent twice, it has the same Message-ID and is recognised.
    pub(super) fn write(&self, notice: &Notice) -> Result<Message, Unwritable> {
        let said = words::words(notice.kind, notice.at, &self.organisation, &self.account_url);
        let since_epoch = Duration::from_millis(u64::try_from(notice.at.millis()).unwrap_or(0));
        let date = UNIX_EPOCH.checked_add(since_epoch).filter(|_| since_epoch < CALENDAR_END).ok_or(Unwritable)?;
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, notice.to.address().clone()))
            .subject(said.subject)
            .date(date)
            .message_id(Some(format!("<{}@{}>", notice.id, self.domain())))
            // RFC 3834 §5.1: so that no absence assistant answers.
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
            .header(MIME_VERSION_1_0)
            .header(ContentType::TEXT_PLAIN)
            .body(said.text)
            .map_err(|_| Unwritable)
    }
}

/// The first moment of the year 10000, which the date of a mail can't say any more.
const CALENDAR_END: Duration = Duration::from_secs(253_402_300_800);

/// The notice can't be put into a message: its time or its address can't stand in a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unwritable;

#[cfg(test)]
mod tests {
    use model::{NoticeId, NoticeKind, Timestamp};

    use super::{super::settings::MailTransport, *};

    fn settings() -> MailSettings {
        MailSettings {
            from: "help@id.example".to_owned(),
            organisation: "Harbour Works".to_owned(),
            account_url: "https://id.example/account".to_owned(),
            transport: MailTransport::Folder("unused".into()),
            extra_ca: None,
        }
    }

    fn notice(kind: NoticeKind) -> Notice {
        Notice {
            id: NoticeId::from_bytes([7; 16]),
            kind,
            at: Timestamp::from_seconds(1_795_378_740),
            to: Recipient::parse("grace@example.org").unwrap(),
        }
    }

    fn text(settings: &MailSettings, notice: &Notice) -> String {
        String::from_utf8(Letterhead::new(settings).unwrap().write(notice).unwrap().formatted()).unwrap()
    }

    #[test]
    fn a_message_has_the_headers_it_needs_and_no_others() {
        let text = text(&settings(), &notice(NoticeKind::PasskeyAdded));
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let mut names: Vec<_> = head.lines().filter_map(|line| line.split_once(": ").map(|(name, _)| name)).collect();
        names.sort_unstable();
        let expected = ["Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From"];
        assert_eq!(names, [&expected[..], &["MIME-Version", "Message-ID", "Subject", "To"][..]].concat());
        for line in [
            "From: \"Harbour Works\" <help@id.example>",
            "To: grace@example.org",
            "Subject: A passkey was added to your account",
            "Date: Sun, 22 Nov 2026 20:19:00 +0000",
            "Message-ID: <07070707-0707-0707-0707-070707070707@id.example>",
            "Auto-Submitted: auto-generated",
            "Content-Type: text/plain; charset=utf-8",
        ] {
            assert!(head.lines().any(|one| one == line), "no {line:?} in\n{head}");
        }
        assert!(body.contains("Whoever holds it can sign in as you.\r\n"), "{body}");
    }

    #[test]
    fn the_same_notice_is_the_same_message() {
        for kind in NoticeKind::ALL {
            assert_eq!(text(&settings(), &notice(kind)), text(&settings(), &notice(kind)));
        }
    }

    #[test]
    fn names_beyond_ascii_are_encoded() {
        let text = text(
            &MailSettings { organisation: "Hafen „Größe“, Kai 3".to_owned(), ..settings() },
            &notice(NoticeKind::SessionsEnded),
        );
        assert!(text.is_ascii(), "{text}");
        assert!(text.contains("From: =?utf-8?"), "{text}");
    }

    #[test]
    fn settings_that_could_reach_into_a_header_are_refused() {
        let organisations = ["", "  ", "Acme\r\nBcc: all@example.org", "Acme\0", &"a".repeat(101)];
        for organisation in organisations {
            let settings = MailSettings { organisation: organisation.to_owned(), ..settings() };
            assert!(matches!(Letterhead::new(&settings), Err(MailSetupError::Organisation)), "{organisation:?}");
        }
        for url in ["", "id.example", "javascript:x", "https://id.example/a b", "https://id.example/\r\nX: y"] {
            let settings = MailSettings { account_url: url.to_owned(), ..settings() };
            assert!(matches!(Letterhead::new(&settings), Err(MailSetupError::AccountUrl)), "{url:?}");
        }
        let settings = MailSettings { from: "Help <help@id.example>".to_owned(), ..settings() };
        assert!(matches!(Letterhead::new(&settings), Err(MailSetupError::From)));
    }

    #[test]
    fn a_time_that_no_header_can_say_is_no_panic() {
        let late = Notice { at: Timestamp::from_millis(i64::MAX), ..notice(NoticeKind::PasskeyAdded) };
        assert_eq!(Letterhead::new(&settings()).unwrap().write(&late).err(), Some(Unwritable));
    }
}
