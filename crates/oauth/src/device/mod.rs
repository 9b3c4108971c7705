//! Devices without a browser of their own (RFC 8628): a code on a screen, typed by a person somewhere else.
//!
//! Three doors. [`start`]: the device asks and gets two codes. [`approve`]: a signed-in person types the short one and says yes or
//! no. [`redeem`]: the device polls the token endpoint with the long one.
//!
//! The danger is a person who types a code that somebody else sent them (RFC 8628 §5.4). Therefore `verification_uri_complete`
//! is not offered: a code is always typed from the screen that shows it, and never travels in a URL. The page says which client
//! asks, from where and since when, nothing is approved from a remembered consent, and a code that was shown to people too often
//! is dead. Guessing is hopeless as long as the shell counts wrong codes per address and session (§5.1).

pub mod approve;
mod grant;
pub mod redeem;
pub mod start;
mod user_code;

pub use grant::{DeviceAnswer, DeviceApproval, DeviceGrant, DeviceState, device_code_hash};
pub use user_code::{NotAUserCode, UserCode};

/// Life of both codes, in seconds (RFC 8628 §3.2, `expires_in`).
pub const DEVICE_CODE_SECONDS: i64 = 600;
/// Shortest time between two polls at first, in seconds (§3.2, `interval`).
pub const POLL_INTERVAL_SECONDS: i64 = 5;
/// What every poll that comes too early adds to it, in seconds (§3.5, `slow_down`).
pub const SLOW_DOWN_SECONDS: i64 = 5;
/// How often a code may be looked up by people before it is dead. One person needs one or two; a code that was sent to many needs many.
pub const LOOK_UPS_MAX: u32 = 5;
/// The grant's registered name (§3.4).
pub const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// Where people type the code, below the issuer.
pub const VERIFICATION_PATH: &str = "/device";
