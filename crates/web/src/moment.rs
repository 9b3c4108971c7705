//! Times as people read them: relative in the text, exact with its zone on hover.

use std::fmt::Write as _;

use model::Timestamp;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// One time, ready to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// RFC 3339 in UTC, to the second, for `<time datetime>`.
    pub machine: String,
    /// Relative to the reader's now: "3 minutes ago", "in 2 hours", "4 May 2026".
    pub relative: String,
    /// Exact, with its zone: "4 May 2026, 09:14 UTC".
    pub exact: String,
}

impl Moment {
    /// `at`, seen from `now`.
    #[must_use]
    pub fn new(at: Timestamp, now: Timestamp) -> Self {
        let civil = Civil::of(at);
        let Civil { year, month, day, hour, minute, second } = civil;
        let name = MONTHS[usize::from(month) - 1];
        Self {
            machine: format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"),
            relative: relative(at, now, &civil),
            exact: format!("{day} {name} {year}, {hour:02}:{minute:02} UTC"),
        }
    }
}

/// When something was last used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LastUsed {
    /// It was made and never used since.
    Never,
    /// It was used then.
    At(Moment),
}

impl LastUsed {
    /// `at`, seen from `now`, or never.
    #[must_use]
    pub fn new(at: Option<Timestamp>, now: Timestamp) -> Self {
        at.map_or(Self::Never, |at| Self::At(Moment::new(at, now)))
    }
}

fn relative(at: Timestamp, now: Timestamp, civil: &Civil) -> String {
    let seconds = now.millis_since(at) / 1000;
    // What is past has fully passed ("2 hours ago" means at least two); what is to come is rounded, for nobody plans to the second.
    let half = |unit: u64| if seconds < 0 { unit / 2 } else { 0 };
    let (count, unit) = match seconds.unsigned_abs() {
        0..60 => return if seconds < 0 { "in less than a minute".into() } else { "just now".into() },
        s @ 60..3_600 => ((s + half(60)) / 60, "minute"),
        s @ 3_600..86_400 => ((s + half(3_600)) / 3_600, "hour"),
        s @ 86_400..2_592_000 => ((s + half(86_400)) / 86_400, "day"),
        // Past a month nobody counts days: the date says more.
        _ => return format!("{} {} {}", civil.day, MONTHS[usize::from(civil.month) - 1], civil.year),
    };
    let mut text = String::new();
    let plural = if count == 1 { "" } else { "s" };
    // Writing to a String can't fail.
    let _ = match seconds < 0 {
        true => write!(text, "in {count} {unit}{plural}"),
        false => write!(text, "{count} {unit}{plural} ago"),
    };
    text
}

/// Calendar fields in UTC.
struct Civil {
    year: i64,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
}

impl Civil {
    /// The proleptic Gregorian date of a moment, counted in 400-year eras that begin on 1 March, so that the leap day comes last.
    fn of(at: Timestamp) -> Self {
        let seconds = at.seconds();
        let of_day = seconds.rem_euclid(86_400);
        let days = seconds.div_euclid(86_400) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * march_month + 2) / 5 + 1;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        let small = |value: i64| u8::try_from(value).expect("calendar fields are below 60");
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month: small(month),
            day: small(day),
            hour: small(of_day / 3_600),
            minute: small(of_day / 60 % 60),
            second: small(of_day % 60),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_780_000_000); // 2026-05-28T20:26:40Z

    fn check(seconds_ago: i64, relative: &str) {
        assert_eq!(Moment::new(NOW.plus_seconds(-seconds_ago), NOW).relative, relative);
    }

    #[test]
    fn relative_words_follow_the_distance() {
        check(0, "just now");
        check(59, "just now");
        check(60, "1 minute ago");
        check(3_599, "59 minutes ago");
        check(7_200, "2 hours ago");
        check(86_400 * 29, "29 days ago");
        check(86_400 * 31, "27 April 2026");
        check(-30, "in less than a minute");
        check(-7_200, "in 2 hours");
        check(-43_197, "in 12 hours");
    }

    #[test]
    fn exact_times_name_their_zone() {
        let moment = Moment::new(NOW, NOW);
        assert_eq!(moment.machine, "2026-05-28T20:26:40Z");
        assert_eq!(moment.exact, "28 May 2026, 20:26 UTC");
    }

    #[test]
    fn leap_days_and_times_before_the_epoch_are_right() {
        let machine = |seconds| Moment::new(Timestamp::from_seconds(seconds), NOW).machine;
        assert_eq!(machine(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(machine(4_107_542_400), "2100-03-01T00:00:00Z");
        assert_eq!(machine(-1), "1969-12-31T23:59:59Z");
    }
}
