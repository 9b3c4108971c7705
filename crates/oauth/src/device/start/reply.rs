//! What a device is told.

use model::Secret;

use crate::answer::JsonObject;

/// Both codes (RFC 8628 §3.2). There is no `verification_uri_complete`: see [`crate::device`].
#[derive(Debug, Clone)]
pub struct DeviceStarted {
    /// The long code, for polling.
    pub device_code: Secret<String>,
    /// The short code, for the screen.
    pub user_code: Secret<String>,
    /// Where the person types it.
    pub verification_uri: String,
    /// Life of both codes, in seconds.
    pub expires_in: i64,
    /// Shortest time between two polls, in seconds.
    pub interval: i64,
}

impl DeviceStarted {
    /// The JSON answer, to be sent with [`crate::token::NO_STORE`]. The text holds the codes.
    #[must_use]
    pub fn render(&self) -> String {
        let mut json = JsonObject::with_capacity(256);
        json.string("device_code", self.device_code.expose());
        json.string("user_code", self.user_code.expose());
        json.string("verification_uri", &self.verification_uri);
        json.number("expires_in", self.expires_in);
        json.number("interval", self.interval);
        json.finish()
    }
}
