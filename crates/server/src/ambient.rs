//! The only clock and the only source of randomness. Everything else receives time and [`Entropy`] as arguments.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use model::{Entropy, Timestamp, entropy::ENTROPY_BYTES};

/// The current time.
///
/// A clock before 1970 reads as 1970: everything issued then has long expired, so the fault shows itself as refusals.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
pub fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}

/// A moment of the monotonic clock, for measuring how long something took.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
pub fn instant() -> Instant {
    Instant::now()
}

/// Fresh randomness for one decision, from the operating system through the crypto library.
///
/// # Panics
/// When the operating system has no randomness to give; nothing safe can be done then.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one place that draws randomness")]
pub fn entropy() -> Entropy {
    let mut bytes = [0; ENTROPY_BYTES];
    aws_lc_rs::rand::fill(&mut bytes).expect("the operating system's randomness is available once it has booted");
    Entropy::new(bytes)
}
