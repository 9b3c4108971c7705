//! Every bound of this room, in one place.

/// Segments that a configuration may name.
pub(crate) const SEGMENTS_MAX: usize = 100;
/// Rules that one policy may hold, those of presets included. Each sign-in looks at all of them.
pub(crate) const RULES_MAX: usize = 200;
/// Groups that one clause of a segment may list.
pub(crate) const GROUPS_MAX: usize = 100;
/// Longest name of a group, in characters.
pub(crate) const GROUP_CHARS_MAX: usize = 200;
/// Longest reason, in characters: it is shown on a page, under the sentence it explains.
pub(crate) const REASON_CHARS_MAX: usize = 200;

/// Shortest time that a limit may set, in seconds. A shorter one would end a session while the person is still reading the first page.
pub(crate) const SECONDS_MIN: i64 = 60;
/// Longest time that a limit may set, in seconds: 30 days, after which NIST SP 800-63B-4 §2.1.3 wants a new sign-in even at AAL1.
pub(crate) const SECONDS_MAX: i64 = 30 * 24 * 60 * 60;
/// Longest pause after "Not now", in days.
pub(crate) const SNOOZE_DAYS_MAX: i64 = 90;
/// Most times that "Not now" may be said.
pub(crate) const SKIPS_MAX: i64 = 1_000;

/// How far a proof may seem to lie in the future before the clock counts as in doubt, in seconds.
pub(crate) const CLOCK_STEP_BACK_SECONDS: i64 = 60;
