//! What people read. Each notice says what happened, when, and what to do if it was somebody else. Its one link opens a page; nothing changes by
//! following it.

use jiff::tz::TimeZone;
use model::{NoticeKind, Timestamp};

/// One mail's subject and text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The subject.
    pub subject: &'static str,
    /// The text, in lines that end in `\n`.
    pub text: String,
}

/// What stands in for one kind of notice.
struct Phrases {
    subject: &'static str,
    /// What it means, after "On (date), this happened to your … account:".
    meaning: &'static str,
    /// What to do if it was somebody else.
    otherwise: &'static str,
}

/// The words of a notice of `kind` about something that happened `at`.
#[must_use]
pub fn words(kind: NoticeKind, at: Timestamp, organisation: &str, account_url: &str) -> Words {
    let Phrases { subject, meaning, otherwise } = phrases(kind);
    let text = format!(
        "{subject}.\n\
         {meaning}\n\
         \n\
         Account: {organisation}\n\
         When: {when}\n\
         \n\
         If you did this, there is nothing more to do.\n\
         \n\
         If you didn't, {otherwise}\n\
         \n\
         My account:\n\
         {account_url}\n\
         \n\
         Nobody at {organisation} asks you for a password or a code, in a mail or\n\
         on the phone.\n",
        when = when(at),
    );
    Words { subject, text }
}

const fn phrases(kind: NoticeKind) -> Phrases {
    match kind {
        NoticeKind::PasskeyAdded => Phrases {
            subject: "A passkey was added to your account",
            meaning: "Whoever holds it can sign in as you.",
            otherwise: "open My account, remove the passkey that you don't know\n\
                        and end all sessions. Then tell your help desk.",
        },
        NoticeKind::PasskeyRemoved => Phrases {
            subject: "A passkey was removed from your account",
            meaning: "It can no longer be used to sign in.",
            otherwise: "open My account, look at which passkeys are left and\n\
                        end all sessions. If you can't sign in, tell your help desk now.",
        },
        NoticeKind::PasswordChanged => Phrases {
            subject: "Your password was changed",
            meaning: "From now on only the new password works.",
            otherwise: "sign in with a passkey, set a new password and end all\n\
                        sessions. If you can't sign in, tell your help desk now.",
        },
        NoticeKind::AuthenticatorAppAdded => Phrases {
            subject: "An authenticator app was added to your account",
            meaning: "Its codes count as the second step after your password.",
            otherwise: "open My account, remove the app, change your password\n\
                        and end all sessions. Then tell your help desk.",
        },
        NoticeKind::AuthenticatorAppRemoved => Phrases {
            subject: "An authenticator app was removed from your account",
            meaning: "Its codes no longer count when you sign in.",
            otherwise: "open My account, change your password and end all\n\
                        sessions. Then tell your help desk.",
        },
        NoticeKind::RecoveryCodesMade => Phrases {
            subject: "New recovery codes were made for your account",
            meaning: "All earlier recovery codes have stopped working.",
            otherwise: "open My account, make a new set of recovery codes and\n\
                        end all sessions. Then tell your help desk.",
        },
        NoticeKind::RecoveryCodeUsed => Phrases {
            subject: "A recovery code was used on your account",
            meaning: "Somebody signed in with it. It can't be used a second time.",
            otherwise: "open My account, end all sessions and make a new set of\n\
                        recovery codes. If you can't sign in, tell your help desk now.",
        },
        NoticeKind::SessionsEnded => Phrases {
            subject: "All sessions of your account were ended",
            meaning: "Every browser that was signed in as you has to sign in again.",
            otherwise: "sign in and look at My account: are all passkeys there\n\
                        yours? If you can't sign in, tell your help desk now.",
        },
        NoticeKind::AccessWithdrawn => Phrases {
            subject: "An application's access to your account was withdrawn",
            meaning: "It can no longer act for you. My account shows which applications\nstill can.",
            otherwise: "open My account and end all sessions. Then tell your\n\
                        help desk.",
        },
    }
}

/// `Sunday 22 November 2026, 20:19 UTC`. A time that no calendar holds is said to be unknown.
fn when(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.millis())
        .map(|moment| moment.to_zoned(TimeZone::UTC).strftime("%A %-d %B %Y, %H:%M UTC").to_string())
        .unwrap_or_else(|_| "at an unknown time".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp::from_seconds(1_795_378_740);

    #[test]
    fn a_notice_reads_like_this() {
        let words = words(NoticeKind::PasskeyAdded, AT, "Harbour Works", "https://id.example/account");
        assert_eq!(words.subject, "A passkey was added to your account");
        let expected = "\
A passkey was added to your account.
Whoever holds it can sign in as you.

Account: Harbour Works
When: Sunday 22 November 2026, 20:19 UTC

If you did this, there is nothing more to do.

If you didn't, open My account, remove the passkey that you don't know
and end all sessions. Then tell your help desk.

My account:
https://id.example/account

Nobody at Harbour Works asks you for a password or a code, in a mail or
on the phone.
";
        assert_eq!(words.text, expected);
    }

    #[test]
    fn each_kind_has_its_own_words_and_keeps_to_its_lines() {
        let all = NoticeKind::ALL.map(|kind| words(kind, AT, "Acme", "https://id.example/account"));
        for (at, one) in all.iter().enumerate() {
            assert!(all[at + 1..].iter().all(|other| other.subject != one.subject && other.text != one.text));
            assert!(one.text.lines().all(|line| line.len() <= 76), "{}", one.text);
            assert!(one.text.contains("If you didn't, ") && one.text.contains("help desk"), "{}", one.text);
            assert_eq!(one.text.matches("://").count(), 1, "one link: {}", one.text);
            assert!(!one.text.contains('!') && !one.subject.contains('\n'), "{}", one.text);
        }
    }

    #[test]
    fn a_time_outside_the_calendar_is_survived() {
        assert_eq!(when(Timestamp::from_millis(i64::MAX)), "at an unknown time");
    }
}
