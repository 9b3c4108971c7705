//! The device does not ask too often while there is nothing to fetch.

use super::{Consequence, Passed, Stop};
use crate::device::{DEVICE_CODE_SECONDS, DeviceState, SLOW_DOWN_SECONDS, redeem::DeviceRefusal};

/// Slack for a device whose timer runs a little fast, in milliseconds.
const SLACK_MILLIS: i64 = 500;

pub(super) fn check(passed: &mut Passed<'_, '_>) -> Result<(), Stop> {
    let grant = passed.grant()?;
    // RFC 8628 §3.5: slow_down is a kind of authorization_pending. An answer is not held back.
    match grant.state {
        DeviceState::Pending => {}
        DeviceState::Approved(_) | DeviceState::Denied { .. } | DeviceState::Redeemed { .. } => return Ok(()),
    }
    let Some(polled) = grant.polled else { return Ok(()) };
    if passed.now.millis_since(polled).saturating_add(SLACK_MILLIS) < grant.interval_seconds.saturating_mul(1000) {
        let interval_seconds = (grant.interval_seconds + SLOW_DOWN_SECONDS).min(DEVICE_CODE_SECONDS);
        return Err(Stop {
            refusal: DeviceRefusal::TooFast,
            consequence: Consequence::Polled { id: grant.id, interval_seconds },
        });
    }
    Ok(())
}
