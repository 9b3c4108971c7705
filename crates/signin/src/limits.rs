//! Every bound of this room, in one place.

use model::Timestamp;

/// How long one journey may take from its first page to its end, in seconds.
pub const JOURNEY_SECONDS: i64 = 10 * 60;
/// How long a challenge may be answered, in seconds (WebAuthn L3 §15.1 asks for 5 to 10 minutes when a person must be
/// verified).
pub const CHALLENGE_SECONDS: i64 = 5 * 60;
/// Answers that one journey may have checked before it must be started again.
pub const PROOFS_PER_JOURNEY_MAX: u8 = 10;
/// Cancelled ceremonies that one journey may report. Each leaves a record, so each must be counted.
pub const CANCELLATIONS_PER_JOURNEY_MAX: u8 = 30;
/// How old a proof may be when a passkey is added or removed, in seconds.
pub const FRESH_PROOF_SECONDS: i64 = 5 * 60;
/// Passkeys that one person may hold.
pub const PASSKEYS_PER_PERSON_MAX: usize = 20;
/// Life of an enrolment pass unless its issuer asks for less or more, in seconds.
pub const PASS_SECONDS_DEFAULT: i64 = 24 * 60 * 60;
/// Longest life an issuer may ask for, in seconds.
pub const PASS_SECONDS_MAX: i64 = 7 * 24 * 60 * 60;
/// How long a person has to object to a new passkey before a weak binding may be confirmed, in seconds, from the sending
/// of the notice.
pub const OBJECTION_SECONDS: i64 = 24 * 60 * 60;
/// How long sessions live on a workstation that several people share.
pub const SHARED_WORKSTATION_SESSIONS: SessionLimits =
    SessionLimits { absolute_seconds: 12 * 60 * 60, idle_seconds: 5 * 60 };
/// How long the mark of a shared workstation stays in its browser, in seconds: the longest that browsers keep a cookie.
pub const WORKSTATION_MARK_SECONDS: i64 = 400 * 24 * 60 * 60;
/// How long the link that marks a workstation may be opened, in seconds.
pub const WORKSTATION_LINK_SECONDS: i64 = 60 * 60;
/// Fewest characters of a password that signs in alone (NIST SP 800-63B-4 §3.1.1.2).
pub const PASSWORD_CHARACTERS_MIN_ALONE: usize = 15;
/// Fewest characters of a password that never signs in without a second factor (NIST SP 800-63B-4 §3.1.1.2).
pub const PASSWORD_CHARACTERS_MIN_WITH_SECOND: usize = 8;
/// Fewest characters of a name that a password may not contain: shorter ones are found in too many words.
pub const TELLING_NAME_CHARACTERS_MIN: usize = 4;
/// Length of one step of time-based codes, in seconds (RFC 6238 §4.1: the default, and what applications assume).
pub const TOTP_STEP_SECONDS: u64 = 30;
/// How many steps a code may be early or late.
pub const TOTP_STEPS_OFF_MAX: u64 = 1;
/// Failed tries in a row after which a person's password and codes rest (NIST SP 800-63B-4 §3.2.2: at most 100).
pub const FAILURES_IN_A_ROW_MAX: u32 = 100;
/// How far the clock may step back before a stored time counts as in doubt, in seconds.
const CLOCK_STEP_BACK_SECONDS: i64 = 60;

/// How long sessions live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// From sign-in to the end whatever happens, in seconds.
    pub absolute_seconds: i64,
    /// Longest time without use, in seconds.
    pub idle_seconds: i64,
}

impl SessionLimits {
    /// 12 hours in all and 1 hour without use: inside [`Self::AAL2`].
    pub const DEFAULT: Self = Self { absolute_seconds: 12 * 60 * 60, idle_seconds: 60 * 60 };
    /// The most that NIST SP 800-63B-4 §2.2.3 recommends for AAL2. Weaker sign-ins get no more.
    pub const AAL2: Self = Self { absolute_seconds: 24 * 60 * 60, idle_seconds: 60 * 60 };
    /// The most that NIST SP 800-63B-4 §2.3.3 allows for AAL3.
    pub const AAL3: Self = Self { absolute_seconds: 12 * 60 * 60, idle_seconds: 15 * 60 };

    /// These limits, where they are inside `outer`; `outer` where they are not.
    #[must_use]
    pub fn within(self, outer: Self) -> Self {
        Self {
            absolute_seconds: self.absolute_seconds.clamp(0, outer.absolute_seconds),
            idle_seconds: self.idle_seconds.clamp(0, outer.idle_seconds),
        }
    }
}

/// Whether `since` lies at most `seconds` before `now`. A `since` well in the future means that the clock can't be
/// trusted, and the answer is no.
#[must_use]
pub(crate) fn within_seconds(now: Timestamp, since: Timestamp, seconds: i64) -> bool {
    let age = now.millis_since(since);
    (-CLOCK_STEP_BACK_SECONDS * 1000..=seconds.saturating_mul(1000)).contains(&age)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_counts_from_a_clock_that_may_step_back_a_little() {
        let now = Timestamp::from_seconds(1_000_000);
        for (since, expected) in [(0, true), (-300, true), (60, true), (61, false)] {
            assert_eq!(within_seconds(now, now.plus_seconds(since), 300), expected, "{since}");
        }
        assert!(!within_seconds(now, Timestamp::from_millis(now.millis() - 300_001), 300));
    }
}
