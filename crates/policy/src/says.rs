//! What each facet means to the person it is asked of. One sentence, no jargon, nothing that tells an attacker more than the page itself does.

use std::borrow::Cow;

use model::Strength;

use crate::{Facet, Requirement};

/// One plain sentence for what `requirement` asks in that facet.
pub(crate) fn says(requirement: &Requirement, facet: Facet) -> Cow<'static, str> {
    let sentence = match facet {
        Facet::LeastStrength => least(requirement.least),
        Facet::UserVerified => user_verified(requirement.user_verified()),
        Facet::DeviceBoundOnly => device_bound(requirement.device_bound_only),
        Facet::AttestedOnly => attested(requirement.attested_only),
        Facet::SyncedPasskeys => synced(requirement.synced_passkeys),
        Facet::PasswordAndTotp => password_and_totp(requirement.fallbacks.password_and_totp),
        Facet::RecoveryCodes => recovery_codes(requirement.fallbacks.recovery_codes),
        Facet::UnconfirmedBinding => unconfirmed(requirement.unconfirmed_binding),
        Facet::FreshSeconds => {
            return format!("You must have signed in within the last {}.", time(requirement.fresh_seconds)).into();
        }
        Facet::SessionIdleSeconds => {
            return format!("You stay signed in for {} without use.", time(requirement.session.idle_seconds)).into();
        }
        Facet::SessionAbsoluteSeconds => {
            return format!("You stay signed in for {} at most.", time(requirement.session.absolute_seconds)).into();
        }
        Facet::InvitationSnoozeDays => return snooze(requirement.invitation.snooze_days).into(),
        Facet::InvitationSkips => return skips(requirement.invitation.skips).into(),
    };
    sentence.into()
}

const fn least(least: Strength) -> &'static str {
    match least {
        Strength::Password => "A password is enough here.",
        Strength::TwoFactor => "A password alone is not enough here: a second proof is needed.",
        Strength::Passkey => "A passkey is needed here.",
        Strength::DeviceBoundClaimed => "A passkey that stays on one device is needed here.",
        Strength::Attested => "A passkey that stays on one device, of a make that can be proved, is needed here.",
    }
}

const fn user_verified(needed: bool) -> &'static str {
    if needed {
        "Your passkey must check that it is you, by PIN, fingerprint or face."
    } else {
        "Your passkey need not check that it is you."
    }
}

const fn device_bound(only: bool) -> &'static str {
    if only {
        "Only passkeys that stay on one device, such as a security key, serve here."
    } else {
        "Passkeys that stay on one device are not asked for here."
    }
}

const fn attested(only: bool) -> &'static str {
    if only { "Only passkeys of a make that can be proved serve here." } else { "Passkeys of any make serve here." }
}

const fn synced(serve: bool) -> &'static str {
    if serve {
        "Passkeys that are copied between your devices serve here."
    } else {
        "Passkeys that can be copied between devices don't serve here."
    }
}

const fn password_and_totp(serve: bool) -> &'static str {
    if serve { "A password with a one-time code serves here." } else { "A password doesn't serve here." }
}

const fn recovery_codes(serve: bool) -> &'static str {
    if serve { "A recovery code serves here." } else { "A recovery code doesn't serve here." }
}

const fn unconfirmed(serve: bool) -> &'static str {
    if serve {
        "A passkey that was set up by a link serves here at once."
    } else {
        "A passkey that was set up by a link or after a password doesn't serve here until it is confirmed."
    }
}

fn snooze(days: u16) -> String {
    match days {
        0 => "You are invited to set up a passkey at each sign-in.".to_owned(),
        1 => "After \"Not now\" you are not asked about a passkey for 1 day.".to_owned(),
        days => format!("After \"Not now\" you are not asked about a passkey for {days} days."),
    }
}

fn skips(skips: u16) -> String {
    match skips {
        0 => "You must set up a passkey now.".to_owned(),
        1 => "You may say \"Not now\" once before you must set up a passkey.".to_owned(),
        skips => format!("You may say \"Not now\" {skips} times before you must set up a passkey."),
    }
}

/// A length of time in its largest whole unit: "15 minutes", "1 hour", "90 seconds".
fn time(seconds: i64) -> String {
    const UNITS: [(i64, &str); 4] = [(24 * 60 * 60, "day"), (60 * 60, "hour"), (60, "minute"), (1, "second")];
    let (length, unit) =
        UNITS.into_iter().find(|(length, _)| seconds >= *length && seconds % length == 0).unwrap_or((1, "second"));
    let count = seconds / length;
    if count == 1 { format!("{count} {unit}") } else { format!("{count} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_their_largest_whole_unit() {
        for (seconds, expected) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (60, "1 minute"),
            (90, "90 seconds"),
            (900, "15 minutes"),
            (3_600, "1 hour"),
            (5_400, "90 minutes"),
            (43_200, "12 hours"),
            (86_400, "1 day"),
            (30 * 86_400, "30 days"),
        ] {
            assert_eq!(time(seconds), expected);
        }
    }

    #[test]
    fn being_asked_sounds_different_from_not_being_asked() {
        let strict = Requirement {
            least: Strength::Attested,
            device_bound_only: true,
            attested_only: true,
            synced_passkeys: false,
            fallbacks: crate::Fallbacks { password_and_totp: false, recovery_codes: false },
            unconfirmed_binding: false,
            fresh_seconds: 60,
            session: crate::SessionTimes { idle_seconds: 60, absolute_seconds: 60 },
            invitation: crate::Invitation { snooze_days: 0, skips: 0 },
        };
        for facet in Facet::ALL {
            let (asked, free) = (says(&strict, facet), says(&Requirement::LOOSEST, facet));
            assert_ne!(asked, free, "{facet}");
            assert!(asked.ends_with('.') && free.ends_with('.'), "{asked} {free}");
        }
    }
}
